from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.media import tone, write_wav
from tests.support.media_server import MediaServer, Reply
from voxemo_scan.cli.options import parse_rate

Run = Callable[..., tuple[int, str, str]]


def write_manifest(folder: Path, **sources: str) -> None:
    scenes = "".join(
        f"  - {{id: {key}, title: T, source: '{src}'}}\n" for key, src in sources.items()
    )
    (folder / "m.yaml").write_text(f"name: M\nscenes:\n{scenes}")


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    return write_wav(tmp_path / "tone.wav", tone(0.5, rate=16_000))


def test_the_good_are_fetched_and_the_failed_named_with_exit_code_3(
    server: MediaServer, wav: Path, tmp_path: Path, run: Run
) -> None:
    good = server.add_file("/good.wav", wav)
    gone = server.add("/gone.wav", Reply(status=404))
    write_manifest(tmp_path, good=good, gone=gone, local="tone.wav", lost="lost.mp4")
    code, out, err = run("fetch", "m.yaml")
    assert code == 3
    assert [line.split(",")[0] for line in out.splitlines()] == ["good: fetched", "local: local"]
    assert f"gone: failed: {gone}: the server answers 404 Not Found (check the address" in err
    assert "lost: failed: lost.mp4: no such file" in err
    assert len(list((tmp_path / "scenes").glob("good.*.wav"))) == 1


def test_a_second_time_nothing_is_asked_of_the_server(
    server: MediaServer, wav: Path, tmp_path: Path, run: Run
) -> None:
    write_manifest(tmp_path, good=server.add_file("/good.wav", wav))
    assert run("fetch", "m.yaml")[0] == 0
    asked = len(server.requests)
    code, out, _ = run("fetch", "m.yaml")
    assert code == 0
    assert out.startswith("good: present")
    assert len(server.requests) == asked


def test_json_has_every_scene_and_nothing_else_is_on_stdout(
    server: MediaServer, wav: Path, tmp_path: Path, run: Run
) -> None:
    write_manifest(tmp_path, good=server.add_file("/good.wav", wav), lost="lost.mp4")
    code, out, _ = run("fetch", "m.yaml", "--json")
    good, lost = json.loads(out)["scenes"]
    assert code == 3
    assert good["status"] == "fetched"
    assert good["bytes"] == wav.stat().st_size
    assert Path(good["path"]).read_bytes() == wav.read_bytes()
    assert lost == {
        "id": "lost",
        "status": "failed",
        "error": "lost.mp4: no such file",
        "remedy": "check the path; it counts from the manifest's folder",
    }


def test_offline_lists_what_is_missing_and_asks_nobody(
    server: MediaServer, wav: Path, tmp_path: Path, run: Run
) -> None:
    one = server.add_file("/one.wav", wav)
    write_manifest(tmp_path, one=one, two=f"{server.root}/two.wav")
    assert run("fetch", "m.yaml", "--only", "one")[0] == 0
    asked = len(server.requests)
    code, out, err = run("fetch", "m.yaml", "--offline")
    assert code == 3
    assert out.startswith("one: present")
    assert "two: failed" in err
    assert "--offline was given" in err
    assert len(server.requests) == asked


def test_only_fetches_the_scenes_named(
    server: MediaServer, wav: Path, tmp_path: Path, run: Run
) -> None:
    sources = {name: server.add_file(f"/{name}.wav", wav) for name in ("a", "b", "c")}
    write_manifest(tmp_path, **sources)
    assert run("fetch", "m.yaml", "--only", "c", "--only", "a")[0] == 0
    assert set(server.paths) == {"/a.wav", "/c.wav"}


def test_an_unknown_scene_is_a_usage_error_with_a_suggestion(
    wav: Path, tmp_path: Path, run: Run
) -> None:
    write_manifest(tmp_path, steel="tone.wav")
    code, _, err = run("fetch", "m.yaml", "--only", "stel")
    assert code == 2
    assert 'did you mean "steel"?' in err


def test_quiet_says_nothing_but_failures(wav: Path, tmp_path: Path, run: Run) -> None:
    write_manifest(tmp_path, good="tone.wav", lost="lost.mp4")
    code, out, err = run("fetch", "m.yaml", "--quiet")
    assert (code, out) == (3, "")
    assert err.startswith("lost: failed")
    assert len(err.splitlines()) == 1


def test_plain_lines_count_the_scenes_when_stderr_is_no_terminal(
    wav: Path, tmp_path: Path, run: Run
) -> None:
    write_manifest(tmp_path, one="tone.wav", two="tone.wav")
    _, _, err = run("fetch", "m.yaml", "--jobs", "1")
    assert err.splitlines() == ["[1/2] one: local", "[2/2] two: local"]


def test_clips_go_where_scenes_says(
    server: MediaServer, wav: Path, tmp_path: Path, run: Run
) -> None:
    write_manifest(tmp_path, good=server.add_file("/good.wav", wav))
    assert run("fetch", "m.yaml", "--scenes", "deep/er")[0] == 0
    assert len(list((tmp_path / "deep" / "er").glob("*.wav"))) == 1
    assert not (tmp_path / "scenes").exists()


def test_the_timeout_bounds_a_server_that_hangs(
    server: MediaServer, tmp_path: Path, run: Run
) -> None:
    write_manifest(tmp_path, slow=server.add("/a.wav", Reply(hang_before_headers=True)))
    began = time.monotonic()
    code, _, err = run("fetch", "m.yaml", "--timeout", "1")
    assert time.monotonic() - began < 6.0
    assert code == 3
    assert "not fetched within 1 s" in err


def test_interrupted_it_exits_with_130_and_keeps_what_came(
    server: MediaServer, wav: Path, tmp_path: Path
) -> None:
    body = wav.read_bytes() * 20
    whole, hanging = Reply(body, kind="audio/x-wav"), Reply(body, hang_after=100_000)
    write_manifest(tmp_path, a=server.add("/a.wav", whole, hanging))
    process = subprocess.Popen(
        [sys.executable, "-c", "from voxemo_scan.cli import main; main()", "fetch", "m.yaml"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    _wait_for_part(tmp_path)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert process.returncode == 130, err
    assert out == ""
    assert err.splitlines()[-1] == "interrupted"
    assert "Traceback" not in err
    assert any(part.stat().st_size for part in tmp_path.rglob("*.part"))


def _wait_for_part(folder: Path) -> None:
    for _ in range(400):
        if any(part.stat().st_size for part in folder.rglob("*.part")):
            return
        time.sleep(0.05)
    raise AssertionError("no partial file appeared")


def test_loading_the_command_loads_no_downloader() -> None:
    code = "import sys, voxemo_scan.cli.fetch; sys.exit('yt_dlp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("text", "rate"),
    [("2M", 2_000_000), ("500k", 500_000), ("1.5MB/s", 1_500_000), ("800", 800), (" 1g ", 10**9)],
)
def test_rates(text: str, rate: int) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["", "fast", "-1M", "0", "1x", "infM", "nan", "1e999"])
def test_what_is_no_rate_is_a_usage_error(wav: Path, tmp_path: Path, run: Run, text: str) -> None:
    write_manifest(tmp_path, one="tone.wav")
    code, _, err = run("fetch", "m.yaml", f"--rate-limit={text}")
    assert code == 2
    assert "is no rate" in err


def test_a_redirect_into_the_own_network_is_followed_only_when_asked_for(
    run: Run, tmp_path: Path, server: MediaServer
) -> None:
    with MediaServer() as inside:
        body = write_wav(tmp_path / "a.wav", tone(1.0, rate=16_000)).read_bytes()
        secret = inside.add("/secret.wav", Reply(body, kind="audio/x-wav"))
        address = server.add_redirect("/a.wav", secret)
        (tmp_path / "m.yaml").write_text(f"name: M\nscenes:\n  - {{id: a, source: '{address}'}}\n")
        code, _, err = run("fetch", "m.yaml")
        assert code == 3
        assert "--allow-private" in err
        assert inside.requests == []
        assert run("fetch", "m.yaml", "--allow-private")[0] == 0
        assert set(inside.paths) == {"/secret.wav"}
