"""Files' fingerprints kept between runs, so that unchanged clips are not read to be known again."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import defaultdict
from contextlib import suppress
from os import stat_result
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from voxemo_scan.digest import file_sha256
from voxemo_scan.scan.database import opened

_SETTLED_NS: Final = 2_000_000_000
"""A file that changed less than this ago might change again without its times telling."""


class Digests:
    """Fingerprints in the store of results; a context manager, called with a path from any thread.

    A kept one holds while the file's size, place on disk and times of change are what they were.

    Args:
        path: the store's.
        fresh: read every file anew.
        stop: set from another thread to end the reading of files.

    Raises:
        MissingError: the store cannot be used.
    """

    def __init__(
        self, path: Path, *, fresh: bool = False, stop: threading.Event | None = None
    ) -> None:
        self._db = opened(path, any_thread=True)
        self._lock = threading.Lock()
        self._reading: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._fresh = fresh
        self._read: set[str] = set()
        self._stop = stop or threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._lock:
            self._db.close()

    def __call__(self, path: Path) -> str:
        """Return the SHA-256 of the file's bytes as 64 hex digits.

        Raises:
            OSError: the file cannot be read, or not to its end.
        """
        place = str(path.absolute())
        with self._lock:
            reading = self._reading[place]
        with reading:  # of several scenes of one file, one reads it
            return self._told(path, place)

    def _told(self, path: Path, place: str) -> str:
        before = path.stat()
        if (known := self._known(place, _state(before))) is not None:
            return known
        sha256 = file_sha256(path, after_piece=self._check)
        settled = abs(time.time_ns() - max(before.st_mtime_ns, before.st_ctime_ns)) > _SETTLED_NS
        if settled and _state(path.stat()) == _state(before):
            self._keep(place, _state(before), sha256)
        return sha256

    def _check(self) -> None:
        if self._stop.is_set():
            raise InterruptedError("stopped")

    def _known(self, place: str, state: str) -> str | None:
        if self._fresh and place not in self._read:
            return None
        with self._lock, suppress(sqlite3.Error):
            row = self._db.execute(
                "SELECT sha256 FROM digests WHERE path = ? AND state = ?", (place, state)
            ).fetchone()
            return row[0] if row else None
        return None

    def _keep(self, place: str, state: str, sha256: str) -> None:
        self._read.add(place)
        with self._lock, suppress(sqlite3.Error):  # it is but read again
            self._db.execute(
                "INSERT OR REPLACE INTO digests (path, state, sha256) VALUES (?, ?, ?)",
                (place, state, sha256),
            )


def _state(found: stat_result) -> str:
    times = f"{found.st_mtime_ns} {found.st_ctime_ns}"
    return f"{found.st_size} {times} {found.st_dev} {found.st_ino}"
