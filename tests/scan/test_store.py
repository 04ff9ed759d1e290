"""Results kept between runs."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from voxemo_scan.errors import VoxemoError
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.scan.database import MIGRATIONS
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.result import SceneResult, WindowResult
from voxemo_scan.scan.result_text import to_text
from voxemo_scan.scan.store import ResultStore, result_key
from voxemo_scan.scan.task import SceneTask
from voxemo_scan.speech.segments import SpeechOptions

TASK = SceneTask(id="a", title="A", source="a.wav", path=Path("a.wav"), sha256="00", film="f")
MODEL = ModelInfo("m", "1", {"m.safetensors": "ff"})
RESULT = SceneResult(
    id="a",
    title="A",
    source="a.wav",
    film="f",
    status="ok",
    duration_s=3.0,
    speech_s=1 / 3,
    shares={"neutral": 0.1 + 0.2, "happy": 0, "sad": 0, "angry": 0.7, "fear": 0, "disgust": 0},
    share_ci={"neutral": (0.0, 1.0)},
    dominant="angry",
    voices={"female": 1.0, "male": 0.0},
    segments=((0.1, 0.433333),),
    windows=(WindowResult(0.1, 0.433333, (0.3, 0.0, 0.0, 0.7, 0.0, 0.0), 0.9),),
)


def key(task=TASK, model=MODEL, options=None):
    return result_key(task, model=model, parameters=(options or ScanOptions()).as_parameters())


def test_a_result_comes_back_whole(tmp_path):
    with ResultStore(tmp_path / "r.sqlite") as store:
        assert store.find(key(), task=TASK) is None
        store.keep(key(), RESULT)
        assert store.find(key(), task=TASK) == RESULT


def test_it_outlives_the_process_and_takes_the_scenes_names(tmp_path):
    with ResultStore(tmp_path / "r.sqlite") as store:
        store.keep(key(), RESULT)
    other = replace(TASK, id="b", title="B", source="b.wav", film=None)
    with ResultStore(tmp_path / "r.sqlite") as store:
        found = store.find(key(other), task=other)
    assert found == replace(RESULT, id="b", title="B", source="b.wav", film=None)


@pytest.mark.parametrize(
    "changed",
    [
        key(replace(TASK, sha256="01")),
        key(replace(TASK, start_s=1.0)),
        key(replace(TASK, end_s=2.0)),
        key(model=ModelInfo("m", "1", {"m.safetensors": "fe"})),
        key(model=ModelInfo("m", "2", {"m.safetensors": "ff"})),
        key(options=ScanOptions(window_overlap=0.25)),
        key(options=ScanOptions(speech=SpeechOptions(onset_threshold=0.6))),
    ],
)
def test_whatever_changes_a_result_changes_its_key(changed):
    assert changed != key()


def test_names_do_not_change_the_key():
    assert key(replace(TASK, id="z", title="Z", path=Path("elsewhere"))) == key()


def test_a_file_that_is_no_store_is_an_error_that_names_it(tmp_path):
    path = tmp_path / "r.sqlite"
    path.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(VoxemoError, match=r"r\.sqlite"):
        ResultStore(path)


def test_a_store_of_a_newer_version_is_left_alone(tmp_path):
    path = tmp_path / "r.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(VoxemoError, match="newer"):
        ResultStore(path)


def test_two_processes_share_a_store(tmp_path):
    with ResultStore(tmp_path / "r.sqlite") as one, ResultStore(tmp_path / "r.sqlite") as two:
        one.keep(key(), RESULT)
        assert two.find(key(), task=TASK) == RESULT


def schema(path):
    """Return all tables and their columns."""
    with sqlite3.connect(path) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE sql > ''")]
        return {
            name: [tuple(row) for row in db.execute(f"PRAGMA table_info({name})")]
            for name in sorted(tables)
        }


FIRST = """CREATE TABLE results (
    key TEXT PRIMARY KEY, created TEXT NOT NULL, result TEXT NOT NULL
) STRICT"""
"""Schema 1 as it was released, written down here so that nobody changes it unawares."""


def write_first(path, *rows):
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(FIRST)
        db.executemany("INSERT INTO results VALUES (?, '2026-01-01T00:00:00+00:00', ?)", rows)
        db.execute("PRAGMA user_version = 1")


def test_a_blank_store_and_every_older_one_come_to_the_same_tables(tmp_path):
    blank, first = tmp_path / "blank.sqlite", tmp_path / "first.sqlite"
    write_first(first)
    for path in (blank, first):
        ResultStore(path).__exit__(None, None, None)
        with sqlite3.connect(path) as db:
            assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),) == (2,)
            assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert schema(blank) == schema(first)
    assert set(schema(blank)) == {"results", "digests"}


def test_results_of_the_first_schema_are_found_in_todays(tmp_path):
    path = tmp_path / "r.sqlite"
    write_first(path, (key(), to_text(RESULT)))
    with ResultStore(path) as store:
        assert store.find(key(), task=TASK) == RESULT
        assert [each.whole for each in store.results()] == [True]


def test_a_step_that_fails_leaves_the_older_store_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "r.sqlite"
    write_first(path, (key(), to_text(RESULT)))
    before = schema(path)
    broken = (*MIGRATIONS, ("CREATE TABLE more (a)", "this is no SQL"))
    with monkeypatch.context() as changed:
        changed.setattr("voxemo_scan.scan.database.MIGRATIONS", broken)
        with pytest.raises(VoxemoError, match="cannot be used"):
            ResultStore(path)
    assert schema(path) == before
    with ResultStore(path) as store:
        assert store.find(key(), task=TASK) == RESULT


def test_a_result_that_is_not_what_was_written_counts_as_none(tmp_path):
    path = tmp_path / "r.sqlite"
    with ResultStore(path) as store:
        store.keep(key(), RESULT)
        with sqlite3.connect(path) as db:
            db.execute("UPDATE results SET result = replace(result, 'angry', 'happy')")
        assert store.find(key(), task=TASK) is None
        assert [each.whole for each in store.results()] == [False]


def test_a_store_that_breaks_while_it_is_open_is_an_error_that_names_it_and_the_remedy(tmp_path):
    path = tmp_path / "r.sqlite"
    with ResultStore(path) as store:
        for n in range(200):
            store.keep(f"{n:064}", RESULT)
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    with ResultStore(path) as store, pytest.raises(VoxemoError, match=r"r\.sqlite") as caught:
        store.find(key(), task=TASK)
    assert caught.value.exit_code == 4
    assert "cache clear results" in caught.value.remedy
