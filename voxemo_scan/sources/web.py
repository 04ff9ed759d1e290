"""Downloads over the web: attempts, waits between them, and a look at what came.

Imports yt-dlp, which takes a second; import this module only when something is to be fetched.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from voxemo_scan.errors import SourceError
from voxemo_scan.sources.address import shown
from voxemo_scan.sources.budget import Budget, Cancelled, OutOfTime
from voxemo_scan.sources.failure import Failure, explain
from voxemo_scan.sources.options import FetchOptions
from voxemo_scan.sources.transport import Transport
from voxemo_scan.sources.ytdlp import ProgressCallback, Recording, download_once

_PAGE_STARTS: Final = (b"<!doctype html", b"<html", b"<head", b"<?xml")


def download(
    address: str,
    *,
    folder: Path,
    options: FetchOptions,
    budget: Budget,
    progress: ProgressCallback | None = None,
) -> Recording:
    """Download the sound at ``address`` into ``folder`` and return it, complete.

    What an earlier call left in ``folder`` is gone on from. Server errors (5xx, 429), timeouts
    and dropped connections are tried again; a Retry-After is honoured.

    Raises:
        SourceError: the recording cannot be had; the message says why.
    """
    try:
        _drop_stale_fragments(folder)
        return budget.run(
            lambda: _attempts(address, folder, options, budget, progress or _say_nothing)
        )
    except OutOfTime:
        raise SourceError(
            f"{shown(address)}: not fetched within {options.deadline_s:g} s",
            remedy="run again to go on where this stopped, or raise --timeout",
        ) from None
    except Cancelled:
        raise SourceError(f"{shown(address)}: stopped") from None
    except Failure as failure:
        raise SourceError(
            f"{shown(address)}: {failure.message}", remedy=failure.remedy
        ) from failure
    except OSError as error:
        raise SourceError(
            f"{folder}: cannot be written: {error.strerror or error}",
            remedy="check the folder's permissions and the free disk space",
        ) from error


def _attempts(
    address: str,
    folder: Path,
    options: FetchOptions,
    budget: Budget,
    progress: ProgressCallback,
) -> Recording:
    failed = 0
    while True:
        before = _bytes_in(folder)
        try:
            return _attempt(address, folder, options, budget, progress)
        except Failure as failure:
            gained = _bytes_in(folder) - before
            failed = 1 if gained >= options.progress_bytes else failed + 1
            if failure.restart:
                _empty(folder)
            if not failure.retry or failed >= options.attempts:
                raise
            budget.sleep(_wait_s(failure, failed=failed, options=options, budget=budget))


def _attempt(
    address: str,
    folder: Path,
    options: FetchOptions,
    budget: Budget,
    progress: ProgressCallback,
) -> Recording:
    folder.mkdir(parents=True, exist_ok=True)
    transport = Transport(budget=budget, max_bytes=options.max_bytes, folder=folder)
    try:
        recording = download_once(
            address, folder=folder, options=options, transport=transport, progress=progress
        )
    except Exception as error:
        raise explain(error, last_error=transport.last_error) from error
    _look_at(recording)
    return recording


def _wait_s(failure: Failure, *, failed: int, options: FetchOptions, budget: Budget) -> float:
    """Return how long to wait before the next attempt, or raise when that is too long."""
    wait_s: float = max(options.backoff_s * 2 ** (failed - 1), failure.wait_s)
    if wait_s >= budget.left_s:
        raise Failure(
            f"{failure.message}, and asks to wait {failure.wait_s:.0f} s"
            if failure.wait_s
            else failure.message,
            remedy=failure.remedy,
        )
    return wait_s


def _look_at(recording: Recording) -> None:
    """Raise unless the file is whole and is no web page."""
    size = recording.path.stat().st_size
    if size == 0:
        raise Failure("the server sends an empty file", remedy="check the address", restart=True)
    if recording.size is not None and size != recording.size:
        raise Failure(
            f"{size} bytes came where the server announced {recording.size}",
            remedy="try again later",
            retry=True,
            restart=True,
        )
    with recording.path.open("rb") as file:
        start = file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_PAGE_STARTS):
        _empty(recording.path.parent)
        raise Failure(
            "the server sends a web page where a recording should be",
            remedy="open the address in a browser; it may want a login (--cookies)",
        )


def _drop_stale_fragments(folder: Path) -> None:
    """Start a list of fragments anew when another process left it.

    Killed between adding a fragment and noting it, that process would have the fragment twice.
    """
    if any(folder.glob("*.ytdl")):
        _empty(folder)


def _bytes_in(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("*.part*"))


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)


def _say_nothing(done: int, total: int | None) -> None:
    pass
