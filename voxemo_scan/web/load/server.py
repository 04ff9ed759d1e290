"""The application under load: started as a user starts it, and its memory watched."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from voxemo_scan.errors import MissingError

_ADDRESS: Final = re.compile(r"http://[^:]+:(\d+)/")
_LOOK_EVERY_S: Final = 0.25
_PROC: Final = Path("/proc")


class Watch:
    """Looks at the memory of a process and all that it started, until stopped."""

    def __init__(self, pid: int | None) -> None:
        self._pid = pid
        self._most = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Return the most memory that was taken at a time, bytes; 0 where that is not told."""
        self._ended.set()
        self._thread.join()
        return self._most

    def _look(self) -> None:
        while self._pid is not None and not self._ended.wait(_LOOK_EVERY_S):
            self._most = max(self._most, sum(_own_bytes(pid) for pid in _family(self._pid)))


@dataclass(frozen=True)
class Server:
    """Where the application is; ``pid`` is None where it was not started here."""

    port: int
    pid: int | None = None

    def watched(self) -> Watch:
        """Begin to watch its memory."""
        return Watch(self.pid)


@contextmanager
def running_server(jobs: int, *, at: int | None) -> Iterator[Server]:
    """Start the application, or take the one on port ``at``."""
    if at is not None:
        yield Server(at)
        return
    command = [sys.executable, "-m", "voxemo_scan", "serve", "--port", "0", "--jobs", str(jobs)]
    command += ["--rate", "1000000"]  # all come from one address, which stands for many
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            told = process.stderr.readline()
            found = _ADDRESS.search(told)
            if found is None:
                raise MissingError(f"the application did not start: {told.strip()}")
            port = int(found[1])
            _await_model(port)
            yield Server(port, process.pid)
        finally:
            process.terminate()


def _await_model(port: int) -> None:
    """Have a worker answer once: loading a model is no part of the load."""
    urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/clips", timeout=300).read()


def _family(pid: int) -> list[int]:
    """Return a process and those that it started."""
    found = [pid]
    for each in found:
        for children in (_PROC / str(each) / "task").glob("*/children"):  # each thread has its own
            try:
                found.extend(int(child) for child in children.read_text("ascii").split())
            except OSError:
                continue
    return found


def _own_bytes(pid: int) -> int:
    """Return a process's resident memory, with what it shares counted in part (PSS), bytes."""
    try:
        text = (_PROC / str(pid) / "smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0
