"""A store that was damaged: a clear line, a new store, and the old file kept."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tests.scan.test_store import RESULT, TASK, key
from voxemo_scan.errors import MissingError
from voxemo_scan.scan.aside import open_store
from voxemo_scan.scan.store import ResultStore


def garbage(path):
    path.write_bytes(b"this is no database at all" * 100)


def garbage_in_the_middle(path):
    content = bytearray(path.read_bytes())
    content[4096:-4096] = np.random.default_rng(1).bytes(len(content) - 8192)
    path.write_bytes(content)


def cut_in_half(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 + 7])


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "results.sqlite"
    with ResultStore(path) as store:
        for number in range(50):
            store.keep(f"{key()}{number}", RESULT)
        store.keep(key(), RESULT)
    return path


@pytest.mark.parametrize("damage", [garbage, garbage_in_the_middle, cut_in_half])
def test_a_damaged_store_is_put_aside_and_begun_anew(path, damage):
    damage(path)
    spoilt, notes = path.read_bytes(), []
    with open_store(path, note=notes.append) as store:
        assert store.find(key(), task=TASK) is None
        store.keep(key(), RESULT)
        assert store.find(key(), task=TASK) == RESULT
    aside = path.with_name("results.damaged-1.sqlite")
    assert aside.read_bytes()[100:] == spoilt[100:]  # SQLite notes its visit in the header
    assert len(notes) == 1
    assert str(aside) in notes[0]
    with open_store(path, note=notes.append) as store:
        assert store.find(key(), task=TASK) == RESULT
    assert len(notes) == 1


def test_a_second_damaged_store_does_not_replace_the_first(path):
    for number in (1, 2):
        garbage(path)
        open_store(path, note=lambda _: None).__exit__(None, None, None)
        assert path.with_name(f"results.damaged-{number}.sqlite").exists()


def test_a_log_cut_short_loses_at_most_what_was_in_it(path, tmp_path):
    """As after a power cut: SQLite passes over what is not whole, and nothing is put aside."""
    open_db = sqlite3.connect(path, isolation_level=None)
    open_db.execute("PRAGMA wal_autocheckpoint = 0")
    open_db.execute("UPDATE results SET created = 'later'")
    copy = tmp_path / "copy" / "results.sqlite"
    copy.parent.mkdir()
    copy.write_bytes(path.read_bytes())
    log = path.with_name("results.sqlite-wal").read_bytes()
    copy.with_name("results.sqlite-wal").write_bytes(log[: len(log) // 2])
    open_db.close()
    notes = []
    with open_store(copy, note=notes.append) as store:
        assert store.find(key(), task=TASK) == RESULT
    assert notes == []


def test_a_store_of_a_newer_version_is_never_put_aside(path):
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(MissingError, match="newer"):
        open_store(path, note=pytest.fail)
    assert not list(path.parent.glob("*damaged*"))


def test_of_several_runs_that_find_it_damaged_one_puts_it_aside(path):
    garbage(path)

    def keep(number):
        with open_store(path, note=lambda _: None) as store:
            store.keep(f"own-{number}", RESULT)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(keep, range(8)))
    assert len(list(path.parent.glob("*damaged*.sqlite"))) == 1
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM results").fetchone() == (8,)
