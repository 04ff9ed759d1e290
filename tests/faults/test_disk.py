"""A disk that is full or can only be read, as the kernel makes it: a small tmpfs.

Mounting needs root; elsewhere these are skipped, and a limit on file sizes stands in for a full
disk (``RLIMIT_FSIZE``).
"""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.report.example import example_report
from tests.scan.test_store import RESULT, TASK, key
from tests.support.media import tone, write_wav
from tests.support.media_server import MediaServer, Reply
from voxemo_scan.cli.exits import run_to_exit_code
from voxemo_scan.errors import MissingError, SourceError, VoxemoError
from voxemo_scan.report.write import write_report
from voxemo_scan.scan.store import ResultStore
from voxemo_scan.sources.library import ClipLibrary, FetchOptions

SIZE = 400_000
"""Bytes that the small disk holds, about."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "disk"
    path.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(path)]
    if not shutil.which("mount") or subprocess.run(command, check=False).returncode:
        pytest.skip("a file system can be mounted by root only")
    yield path
    subprocess.run(["umount", "--lazy", str(path)], check=True)


def remount(path: Path, option: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{option}", str(path)], check=True)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def told_of(action: object, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = run_to_exit_code(action)  # type: ignore[arg-type]
    return code, capsys.readouterr().err


def test_full_while_downloading_the_part_is_kept_and_completed_when_there_is_room(
    small_disk: Path, tmp_path: Path, server: MediaServer
) -> None:
    body = write_wav(tmp_path / "long.wav", tone(30.0, rate=16_000)).read_bytes()
    assert len(body) > 2 * SIZE
    address = server.add("/a.wav", Reply(body, kind="audio/x-wav", headers={"ETag": '"1"'}))
    library = ClipLibrary(small_disk / "scenes", options=FetchOptions(deadline_s=120.0))
    with pytest.raises(SourceError, match="No space left on device") as caught:
        library.fetch(address, name="a")
    assert "disk space" in caught.value.remedy
    assert library.find(address) is None
    remount(small_disk, f"size={4 * len(body)}")
    assert library.fetch(address, name="a").path.read_bytes() == body
    assert library.find(address, verify=True) is not None


def test_full_while_the_report_is_written_the_earlier_one_is_whole(
    small_disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    remount(small_disk, "size=40m")
    write_report(example_report(), folder=small_disk / "report")
    before = contents(small_disk / "report")
    used = sum(f.stat().st_size for f in small_disk.rglob("*") if f.is_file())
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space left"), filler.open("wb") as file:
        while True:
            file.write(bytes(1 << 16))
            file.flush()
    assert used < filler.stat().st_size
    other = replace(example_report(), manifest_name="Other scenes")
    code, told = told_of(lambda: write_report(other, small_disk / "report"), capsys)
    assert code == 4
    assert "No space left on device" in told
    assert "free some disk space" in told
    assert contents(small_disk / "report") == before
    filler.unlink()
    write_report(other, folder=small_disk / "report")
    assert contents(small_disk / "report") != before


def test_full_while_a_result_is_kept_the_report_is_not_affected(small_disk: Path) -> None:
    with ResultStore(small_disk / "r.sqlite") as store:
        store.keep(key(), RESULT)
        with pytest.raises(VoxemoError, match="could not be kept") as caught:
            for number in range(10_000):
                store.keep(f"{key()}{number}", RESULT)
        assert "free disk space" in caught.value.remedy
        assert store.find(key(), task=TASK) == RESULT
    with ResultStore(small_disk / "r.sqlite") as store:
        assert store.find(key(), task=TASK) == RESULT


def test_a_cache_that_can_only_be_read_is_named_with_what_to_do(small_disk: Path) -> None:
    with ResultStore(small_disk / "r.sqlite") as store:
        store.keep(key(), RESULT)
    before = contents(small_disk)
    remount(small_disk, "ro")
    for path in (small_disk / "r.sqlite", small_disk / "new" / "r.sqlite"):
        with pytest.raises(MissingError) as caught:
            ResultStore(path)
        assert str(path) in caught.value.message
        assert "VOXEMO_CACHE" in caught.value.remedy
    assert contents(small_disk) == before


def test_clips_in_a_folder_that_can_only_be_read_are_used(
    small_disk: Path, tmp_path: Path, server: MediaServer
) -> None:
    remount(small_disk, "size=4m")
    body = write_wav(tmp_path / "a.wav", tone(1.0, rate=16_000)).read_bytes()
    here = server.add("/a.wav", Reply(body, kind="audio/x-wav"))
    missing = server.add("/b.wav", Reply(body, kind="audio/x-wav"))
    library = ClipLibrary(small_disk / "scenes", options=FetchOptions(deadline_s=120.0))
    library.fetch(here, name="a")
    remount(small_disk, "ro")
    assert library.fetch(here, name="a").path.read_bytes() == body
    with pytest.raises(SourceError, match="cannot be written") as caught:
        library.fetch(missing, name="b")
    assert "--scenes" in caught.value.remedy


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)


@pytest.mark.skipif(sys.platform == "win32", reason="limits are POSIX's")
def test_a_limit_on_files_leaves_the_earlier_report_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_report(example_report(), folder=tmp_path / "report")
    before = contents(tmp_path / "report")
    other = replace(example_report(), manifest_name="Other scenes")
    with files_of_at_most(10_000):
        code = run_to_exit_code(lambda: write_report(other, tmp_path / "report"))
    told = capsys.readouterr().err
    assert code == 4
    assert os.strerror(errno.EFBIG) in told
    assert "ulimit -f" in told
    after = contents(tmp_path / "report")
    assert set(after) == set(before)
    assert after["report.json"] == before["report.json"]
    assert after["report.html"] == before["report.html"]
