"""A manifest to a report, through the command line, with whatever films may bring."""

import base64
import csv
import io
import json
import re
import signal
import subprocess
import sys
import time

import av
import numpy as np
import pytest

from tests.support.media import Audio, even_frames, tone, write_media, write_wav
from tests.support.media_server import Reply

FILES = [
    ".files.sha256", ".made-of.sha256", "captions", "report.html", "report.json", "report.md",
    "scenes.csv", "windows.csv",
]  # fmt: skip


def write_manifest(folder, *scenes):
    lines = ["name: Mixed", "scenes:"]
    for scene in scenes:
        lines += [f"  - {json.dumps(scene)}"]
    path = folder / "mixed.yaml"
    path.write_text("\n".join(lines) + "\n")
    return path.name


def report(folder):
    return json.loads((folder / "reports" / "mixed" / "report.json").read_text())


def scenes_of(folder):
    return {scene["id"]: scene for scene in report(folder)["scenes"]}


@pytest.fixture
def good(spoken):
    return {"id": "good", "title": "A good one", "source": str(spoken[0])}


def test_one_scene_ends_in_a_whole_report(run, tmp_path, good):
    code, out, err = run("run", write_manifest(tmp_path, good))
    assert code == 0
    assert "A good one" in out
    assert "report.html" in err
    assert sorted(p.name for p in (tmp_path / "reports" / "mixed").iterdir()) == FILES
    found = report(tmp_path)
    (scene,) = found["scenes"]
    assert found["schema"] == "voxemo-scan/report/1"
    assert scene["status"] == "ok"
    assert sum(scene["shares"].values()) == pytest.approx(1.0, abs=1e-6)
    assert scene["dominant"] == max(scene["shares"], key=lambda name: scene["shares"][name])
    assert found["model"]["name"] == "ensemble"
    assert len(found["model"]["sha256"]) == 4
    with (tmp_path / "reports" / "mixed" / "windows.csv").open() as file:
        assert len(list(csv.DictReader(file))) == len(scene["windows"])


def page(folder):
    return (folder / "reports" / "mixed" / "report.html").read_text()


def test_the_page_plays_the_range_that_was_analysed_unless_told_not_to(run, tmp_path, good):
    manifest = write_manifest(tmp_path, good | {"start": 1, "end": 4})
    run("run", manifest)
    (held,) = re.findall(r'<audio [^>]*src="data:audio/webm;base64,([^"]+)"', page(tmp_path))
    with av.open(io.BytesIO(base64.b64decode(held))) as container:
        assert container.duration / av.time_base == pytest.approx(3.0, abs=0.1)
    assert "mel spectrogram" in page(tmp_path)
    run("run", manifest, "--no-audio")
    assert "<audio" not in page(tmp_path)
    run("run", manifest, "--audio-budget", "0.001")
    assert "<audio" not in page(tmp_path)
    assert "would not fit its budget of 0.001 MB" in page(tmp_path)


def test_a_scenes_sound_is_decoded_once_for_networks_and_page(run, tmp_path, good, monkeypatch):
    monkeypatch.setattr("voxemo_scan.report.media.clip.decode", None)  # for pages alone
    code, _, err = run("run", write_manifest(tmp_path, good))
    assert (code, err.count("cannot")) == (0, 0)
    assert re.search(r'<audio [^>]*src="data:audio/webm;base64,', page(tmp_path))


def test_whatever_fails_is_one_honest_line_and_the_good_are_analysed(run, tmp_path, server, good):
    (tmp_path / "text.mp4").write_text("no film at all, just words\n" * 50)
    (tmp_path / "empty.wav").write_bytes(b"")
    write_media(tmp_path / "mute.mp4", video=even_frames(1.0))
    write_wav(tmp_path / "silent.wav", np.zeros(32_000))
    bad = {
        "lost": "nowhere.mp4",
        "text": "text.mp4",
        "mute": "mute.mp4",
        "empty": "empty.wav",
        "gone": server.add("/gone.mp3", Reply(status=404)),
        "stuck": server.add("/stuck.mp3", Reply(hang_before_headers=True)),
    }
    manifest = write_manifest(
        tmp_path,
        good,
        {"id": "silent", "source": "silent.wav"},
        *({"id": name, "source": source} for name, source in bad.items()),
    )
    code, _, err = run("run", manifest, "--timeout", "10")
    assert code == 3
    scenes = scenes_of(tmp_path)
    assert scenes["good"]["status"] == "ok"
    assert scenes["silent"]["status"] == "no-speech"
    assert "shares" not in scenes["silent"]
    for name, says in {
        "lost": "no such file",
        "text": "text.mp4",
        "mute": "video without audio",
        "empty": "empty",
        "gone": "404",
        "stuck": "/stuck.mp3",
    }.items():
        assert scenes[name]["status"] == "failed"
        assert says in scenes[name]["error"], scenes[name]["error"]
        assert scenes[name]["remedy"]
        assert [line for line in err.splitlines() if line.startswith(f"{name}: not analysed")]
    page = (tmp_path / "reports" / "mixed" / "report.html").read_text()
    assert all(scenes[name]["error"].split("/")[-1][:20] in page for name in ("text", "gone"))


def test_a_second_run_analyses_nothing_and_reports_the_same(run, tmp_path, good):
    manifest = write_manifest(tmp_path, good)
    run("run", manifest)
    first = report(tmp_path)
    code, _, err = run("run", manifest)
    assert code == 0
    assert "kept result" in err
    assert report(tmp_path) | {"created": ""} == first | {"created": ""}
    assert "kept result" not in run("run", manifest, "--fresh")[2]


def test_what_is_unchanged_is_not_written_again(run, tmp_path, good):
    manifest = write_manifest(tmp_path, good)
    run("run", manifest)
    page = tmp_path / "reports" / "mixed" / "report.html"
    first = page.stat().st_mtime_ns
    run("run", manifest)
    assert page.stat().st_mtime_ns == first
    run("run", manifest, "--no-audio")
    assert page.stat().st_mtime_ns > first
    write_manifest(tmp_path, {**good, "expect": {"dominant": ["happy", "neutral"]}})
    second = page.stat().st_mtime_ns
    run("run", manifest, "--no-audio")
    assert page.stat().st_mtime_ns > second
    page.write_text("mine", encoding="utf-8")
    run("run", manifest, "--no-audio")
    assert page.read_text("utf-8") != "mine"


def test_a_dry_run_says_what_would_be_done_and_does_nothing(run, tmp_path, server, good):
    web = {"id": "web", "source": server.add("/a.wav", Reply(status=404))}
    manifest = write_manifest(tmp_path, good, web, {"id": "lost", "source": "lost.wav"})
    run("run", manifest, "--only", "good")
    asked = len(server.requests)
    code, out, _ = run("run", manifest, "--dry-run")
    assert code == 0
    plan = {line.split()[1]: line for line in out.splitlines()}
    assert plan["good"].startswith("skip")
    assert plan["web"].startswith("run")
    assert plan["lost"].startswith("fail")
    assert len(server.requests) == asked
    listed = json.loads(run("run", manifest, "--dry-run", "--fresh", "--json")[1])
    assert listed["scenes"][0]["action"] == "run"


def test_expectations_decide_the_exit_code(run, tmp_path, good):
    impossible = good | {"expect": {"at_least": {"happy": "100%"}}}
    certain = good | {"expect": {"at_most": {"happy": "100%"}}}
    assert run("run", write_manifest(tmp_path, certain))[0] == 0
    assert scenes_of(tmp_path)["good"]["checks"][0]["passed"] is True
    code, out, _ = run("run", write_manifest(tmp_path, impossible), "--junit", "out.xml")
    assert code == 1
    assert "failed" in out
    assert "mixed.yaml" in (tmp_path / "out.xml").read_text()
    assert run("run", "mixed.yaml", "--no-check")[0] == 0
    excused = impossible | {"known_failure": "nobody is that happy"}
    assert run("run", write_manifest(tmp_path, excused))[0] == 0


def test_workers_find_what_one_process_finds(run, tmp_path, good, spoken):
    part = {"id": "part", "source": str(spoken[0]), "start": 2}
    manifest = write_manifest(tmp_path, good, part, {"id": "lost", "source": "lost.wav"})
    assert run("run", manifest, "--quiet")[0] == 3
    alone = report(tmp_path)
    assert run("run", manifest, "--quiet", "--fresh", "--jobs", "2")[0] == 3
    together = report(tmp_path)
    for one, other in zip(alone["scenes"], together["scenes"], strict=True):
        assert one["id"] == other["id"]
        assert one.get("segments") == other.get("segments")
        assert one.get("shares", {}) == pytest.approx(other.get("shares", {}), abs=1e-5)


def test_a_clip_from_the_web_is_fetched_once(run, tmp_path, server, spoken):
    web = {"id": "web", "source": server.add_file("/a.wav", spoken[0]), "start": 1, "end": 4}
    manifest = write_manifest(tmp_path, web)
    assert run("run", manifest)[0] == 0
    assert scenes_of(tmp_path)["web"]["duration_s"] == pytest.approx(3.0, abs=0.01)
    asked = len(server.requests)
    assert run("run", manifest, "--offline", "--fresh")[0] == 0
    assert len(server.requests) == asked


def test_quiet_and_json_keep_stdout_for_data(run, tmp_path, good):
    manifest = write_manifest(tmp_path, good)
    assert run("run", manifest, "--quiet") == (0, "", "")
    code, out, _ = run("run", manifest, "--json")
    assert code == 0
    assert json.loads(out) == report(tmp_path)


def test_a_video_is_as_good_as_a_recording(run, tmp_path, spoken):
    from tests.support.voice import SAMPLING_RATE, say

    said = say("Somebody says this in a film, and the film has a picture.")
    path = tmp_path / "film.mp4"
    sound = Audio(np.concatenate([said, tone(0.1, gain=0.0, rate=SAMPLING_RATE)]), SAMPLING_RATE)
    write_media(path, audio=sound, video=even_frames(len(said) / SAMPLING_RATE))
    assert run("run", write_manifest(tmp_path, {"id": "film", "source": "film.mp4"}))[0] == 0
    assert scenes_of(tmp_path)["film"]["status"] == "ok"
    assert 'class="poster"' in page(tmp_path)


def test_killed_in_a_download_the_next_run_carries_on(run, tmp_path, server, spoken):
    body = spoken[0].read_bytes()
    whole = Reply(body, kind="audio/x-wav")
    half = Reply(body, kind="audio/x-wav", hang_after=len(body) // 2)
    address = server.add("/slow.wav", whole, half, whole)  # the first answer is but looked at
    manifest = write_manifest(tmp_path, {"id": "slow", "source": address})
    command = [sys.executable, "-m", "voxemo_scan", "run", manifest]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 30
        while not any(p.stat().st_size for p in tmp_path.glob("scenes/.partial/*/*.part")):
            assert time.monotonic() < deadline, "the download never began"
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    assert not list(tmp_path.glob("scenes/*.wav"))
    assert run("run", manifest)[0] == 0
    (clip,) = tmp_path.glob("scenes/slow.*.wav")
    assert clip.read_bytes() == body
    assert scenes_of(tmp_path)["slow"]["status"] == "ok"


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(tmp_path, server, spoken, good):
    stuck = server.add("/stuck.wav", Reply(hang_before_headers=True))
    manifest = write_manifest(tmp_path, good, {"id": "stuck", "source": stuck})
    command = [sys.executable, "-m", "voxemo_scan", "run", manifest]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        for line in process.stderr:
            if "good:" in line:
                break
        asked = time.monotonic()
        process.send_signal(signal.SIGINT)
        told = process.stderr.read()
        assert process.wait(10) == 130
    assert time.monotonic() - asked < 5
    assert "goes on from here" in told


def test_a_damaged_weight_file_ends_the_run_with_exit_4(run, tmp_path, good, monkeypatch):
    import shutil

    from voxemo_scan.models import index, registry

    folder = tmp_path / "weights"
    shutil.copytree(index.WEIGHTS_FOLDER, folder)
    victim = next(folder.glob("*.safetensors"))
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 0xFF
    victim.write_bytes(content)
    monkeypatch.setattr(registry.load_shipped, "__kwdefaults__", {"folder": folder})
    code, _, err = run("run", write_manifest(tmp_path, good))
    assert code == 4
    assert "damaged" in err


def test_what_fails_in_a_worker_is_told_as_well(run, tmp_path, good):
    (tmp_path / "text.mp4").write_text("no film at all")
    manifest = write_manifest(tmp_path, good, {"id": "text", "source": "text.mp4"})
    assert run("run", manifest, "--jobs", "2", "--quiet")[0] == 3
    scenes = scenes_of(tmp_path)
    assert scenes["good"]["status"] == "ok"
    assert "text.mp4" in scenes["text"]["error"]
    assert scenes["text"]["remedy"]


def test_a_cache_that_cannot_be_used_ends_with_exit_4(run, tmp_path, good, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("VOXEMO_CACHE", str(tmp_path / "file"))
    code, _, err = run("run", write_manifest(tmp_path, good))
    assert code == 4
    assert "VOXEMO_CACHE" in err


def test_captions_tables_and_figures_are_written_where_asked_and_go_when_not(run, tmp_path, good):
    manifest = write_manifest(tmp_path, good | {"start": 0.5})
    wanted = ("--captions", "srt", "--captions", "eaf,edl", "--tables", "parquet")
    wanted += ("--figures", "svg", "--time-base", "source", "--fps", "24")
    assert run("run", manifest, *wanted)[0] == 0
    folder = tmp_path / "reports" / "mixed"
    captions = {path.name for path in (folder / "captions").iterdir()}
    assert captions == {"good.vtt", "good.srt", "good.eaf", "good.edl"}
    figures = {path.name for path in (folder / "figures").iterdir()}
    assert figures == {"overview.svg", "comparison.svg", "timeline-good.svg"}
    assert {"scenes.csv", "scenes.parquet", "windows.parquet"} <= {p.name for p in folder.iterdir()}
    (mark, *_) = [
        line
        for line in (folder / "captions" / "good.srt").read_text().splitlines()
        if "-->" in line
    ]
    first_s = report(tmp_path)["scenes"][0]["windows"][0]["start_s"]
    milliseconds = int(mark[6:8]) * 1000 + int(mark[9:12])
    assert abs(milliseconds - 1000 * (first_s + 0.5)) <= 1000 / 24
    assert run("run", manifest)[0] == 0
    assert sorted(path.name for path in folder.iterdir()) == FILES
    assert {path.name for path in (folder / "captions").iterdir()} == {"good.vtt"}


def test_a_format_that_there_is_not_is_told_before_anything_is_scanned(run, tmp_path, good):
    code, out, err = run("run", write_manifest(tmp_path, good), "--captions", "srt,ssa")
    assert (code, out) == (2, "")
    assert "--captions: there is no 'ssa'" in err
    assert "choose vtt, srt, textgrid, eaf, rttm, edl, otio, audacity" in err
    assert not (tmp_path / "reports").exists()


def test_one_job_and_four_write_the_same_report(run, tmp_path, spoken):
    starts = {"a": 0.0, "b": 0.5, "c": 1.0, "d": 1.5, "e": 2.0}
    manifest = write_manifest(
        tmp_path, *({"id": n, "source": str(spoken[0]), "start": s} for n, s in starts.items())
    )
    written = []
    for jobs in ("1", "4"):
        code, _, err = run("run", manifest, "--model", "classic", "--fresh", "--jobs", jobs)
        assert code == 0
        assert "kept result" not in err
        path = tmp_path / "reports" / "mixed" / "report.json"
        written.append(re.sub(r'"created": "[^"]*"', "", path.read_text()))
    assert written[0] == written[1]
