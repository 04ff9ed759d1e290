"""Fingerprints kept between runs: never older than the file."""

import hashlib
import os
import threading

import pytest

from voxemo_scan.scan import digests
from voxemo_scan.scan.digests import Digests


@pytest.fixture
def reads(monkeypatch):
    """The files that are read, and how often."""
    read = []
    plain = digests.file_sha256
    monkeypatch.setattr(
        digests, "file_sha256", lambda path, **more: read.append(path) or plain(path, **more)
    )
    monkeypatch.setattr(digests, "_SETTLED_NS", -1)  # else a test would wait two seconds
    return read


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def test_a_file_is_read_once_in_all_runs(tmp_path, reads):
    clip = tmp_path / "clip"
    clip.write_bytes(b"one")
    for _ in range(2):
        with Digests(tmp_path / "r.sqlite") as digest:
            assert [digest(clip), digest(clip)] == [sha256(b"one")] * 2
    assert reads == [clip]


@pytest.mark.parametrize("change", ["bytes", "replaced", "longer"])
def test_a_file_that_changed_is_read_again(tmp_path, reads, change):
    clip = tmp_path / "clip"
    clip.write_bytes(b"one")
    with Digests(tmp_path / "r.sqlite") as digest:
        digest(clip)
        times = (clip.stat().st_atime_ns, clip.stat().st_mtime_ns)
        content = b"longer" if change == "longer" else b"two"
        if change == "replaced":
            clip.unlink()
        clip.write_bytes(content)
        os.utime(clip, ns=times)  # who copies with its times, or sets the clock back
        assert digest(clip) == sha256(content)


def test_what_changed_just_now_is_not_kept(tmp_path, reads, monkeypatch):
    monkeypatch.setattr(digests, "_SETTLED_NS", 10**12)
    clip = tmp_path / "clip"
    clip.write_bytes(b"one")
    with Digests(tmp_path / "r.sqlite") as digest:
        assert digest(clip) == digest(clip) == sha256(b"one")
    assert len(reads) == 2


def test_fresh_reads_each_file_once_more(tmp_path, reads):
    clip = tmp_path / "clip"
    clip.write_bytes(b"one")
    for fresh in (False, True, True):
        with Digests(tmp_path / "r.sqlite", fresh=fresh) as digest:
            assert digest(clip) == digest(clip) == sha256(b"one")
    assert len(reads) == 3


def test_many_threads_read_one_file_once(tmp_path, reads):
    clip = tmp_path / "clip"
    clip.write_bytes(b"x" * 3_000_000)
    found = []
    with Digests(tmp_path / "r.sqlite") as digest:
        threads = [threading.Thread(target=lambda: found.append(digest(clip))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [sha256(b"x" * 3_000_000)] * 8
    assert reads == [clip]


def test_reading_ends_when_it_is_told_to(tmp_path):
    stop = threading.Event()
    stop.set()
    clip = tmp_path / "clip"
    clip.write_bytes(b"x" * 3_000_000)
    with Digests(tmp_path / "r.sqlite", stop=stop) as digest, pytest.raises(InterruptedError):
        digest(clip)
