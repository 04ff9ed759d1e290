"""What is kept between runs: listed, verified, mended, cleared."""

from __future__ import annotations

import io
import json
import sqlite3

import pytest

from tests.scan.test_store import RESULT
from tests.support.media_server import Reply
from voxemo_scan.report.media.kept import kept
from voxemo_scan.report.media.model import SceneMedia
from voxemo_scan.scan.store import ResultStore
from voxemo_scan.scan.task import SceneTask
from voxemo_scan.sources.library import ClipLibrary


@pytest.fixture
def filled(run, tmp_path, server, spoken):
    """A cache folder of two results, one page's media and a clip."""
    with ResultStore(tmp_path / "cache" / "results.sqlite") as store:
        for key in ("a" * 64, "b" * 64):
            store.keep(key, RESULT)
    task = SceneTask(id="a", title="A", source="a", path=spoken[0], sha256="00")
    kept(task, "sound", lambda: SceneMedia(peaks=b"123"))
    address = server.add("/a.wav", Reply(spoken[0].read_bytes(), kind="audio/x-wav"))
    ClipLibrary(tmp_path / "scenes").fetch(address, name="one")
    return tmp_path


def listed(run):
    rooms = json.loads(run("cache", "list", "--json")[1])["rooms"]
    return {kind: sum(len(r["items"]) for r in rooms if r["kind"] == kind)
            for kind in ("results", "media", "clips")}  # fmt: skip


def damage(run):
    code, out, _ = run("cache", "verify", "--json")
    found = json.loads(out)
    assert code == (0 if found["ok"] else 4)
    return [(each["kind"], each["name"]) for each in found["damaged"]]


def flip(path, *, at=-20):
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_an_empty_cache_is_no_error(run):
    assert listed(run) == {"results": 0, "media": 0, "clips": 0}
    assert damage(run) == []
    assert run("cache", "clear", "--yes")[0] == 0


def test_everything_kept_is_counted_and_weighed(run, filled):
    assert listed(run) == {"results": 2, "media": 1, "clips": 1}
    rooms = json.loads(run("cache", "list", "--json")[1])["rooms"]
    weighed = {room["kind"]: room["bytes"] for room in reversed(rooms)}
    (clip,) = (filled / "scenes").glob("*.wav")
    sidecar = clip.with_suffix(".json")
    assert weighed["clips"] >= clip.stat().st_size + sidecar.stat().st_size
    (media,) = (filled / "cache" / "media").iterdir()
    assert weighed["media"] == media.stat().st_size
    table = run("cache", "list")[1]
    assert all(kind in table for kind in ("results", "media", "clips"))
    assert "a.wav" in run("cache", "list", "clips")[1]


def test_it_is_asked_before_anything_is_removed(run, filled, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())  # nobody answers
    code, _, err = run("cache", "clear")
    assert code == 2
    assert "--yes" in err
    monkeypatch.setattr("typer.confirm", lambda *_, **__: False)
    assert run("cache", "clear")[0] == 0
    assert listed(run) == {"results": 2, "media": 1, "clips": 1}


def test_clips_stay_unless_they_are_named(run, filled):
    own = filled / "scenes" / "mine.wav"
    own.write_bytes(b"not downloaded")
    assert "freed" in run("cache", "clear", "--yes")[2]
    assert listed(run) == {"results": 0, "media": 0, "clips": 1}
    assert run("cache", "clear", "clips", "--yes", "--quiet") == (0, "", "")
    assert listed(run)["clips"] == 0
    assert [path.name for path in (filled / "scenes").iterdir()] == ["mine.wav"]


def test_whole_things_are_not_called_damaged(run, filled):
    assert damage(run) == []


def test_a_flipped_bit_is_found_in_each_kind_and_mended(run, filled):
    with sqlite3.connect(filled / "cache" / "results.sqlite") as db:
        db.execute("UPDATE results SET result = replace(result, '0.7', '0.8') WHERE key LIKE 'a%'")
    (media,) = (filled / "cache" / "media").iterdir()
    flip(media)
    (clip,) = (filled / "scenes").glob("*.wav")
    flip(clip)
    assert damage(run) == [("results", "a" * 64), ("media", str(media)), ("clips", str(clip))]
    code, _, err = run("cache", "verify")
    assert code == 4
    assert "fetch" in err
    assert "3 damaged" in err
    assert run("cache", "verify", "--mend")[0] == 0
    assert damage(run) == []
    assert listed(run) == {"results": 1, "media": 0, "clips": 0}


@pytest.mark.parametrize("at", [0, 40, 100])
def test_a_store_that_is_no_database_any_more_is_told_and_begun_anew(run, filled, at):
    path = filled / "cache" / "results.sqlite"
    content = bytearray(path.read_bytes())
    content[at : at + 60 or None] = b"\xff" * len(content[at : at + 60 or None])
    path.write_bytes(content)
    assert {kind for kind, _ in damage(run)} == {"results"}
    assert run("cache", "verify", "--mend")[0] == 0
    assert damage(run) == []


def test_a_clip_whose_bytes_changed_is_not_taken_for_what_was_downloaded(run, filled):
    (clip,) = (filled / "scenes").glob("*.wav")
    whole = clip.read_bytes()
    flip(clip)
    manifest = {"id": "one", "source": json.loads(clip.with_suffix(".json").read_text())["address"]}
    (filled / "m.yaml").write_text(f"scenes:\n  - {json.dumps(manifest)}\n")
    _, out, _ = run("run", "m.yaml", "--dry-run", "--offline", "--json")
    (planned,) = json.loads(out)["scenes"]
    assert planned["action"] == "fail"
    assert "damaged" in planned["why"]
    assert run("fetch", "m.yaml")[0] == 0
    assert clip.read_bytes() == whole


def test_what_is_not_kept_is_a_usage_error_that_names_what_is(run):
    code, _, err = run("cache", "list", "reports")
    assert code == 2
    assert "results, media, clips" in err
