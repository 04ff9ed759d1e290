"""A command as a whole process: how long it took, and the most memory it held."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

_LOOK_S: Final = 0.02
_PEAK: Final = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a process took: seconds on the wall and of processors, and its peak in million bytes.

    The peak is 0 where the system does not tell (it does on Linux).
    """

    wall_s: float
    cpu_s: float
    peak_mb: float


def run_process(
    command: Sequence[str], *, env: Mapping[str, str], cores: Collection[int] | None = None
) -> Ran:
    """Run ``command`` to its end, on ``cores`` alone where some are given.

    Raises:
        RuntimeError: it failed; what it said last is in the message.
    """
    with TemporaryFile() as said:
        started = time.perf_counter()
        process = subprocess.Popen(
            [*_bound_to(cores), *command],
            env={**os.environ, **env},
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        peak_kib = 0
        while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
            peak_kib = max(peak_kib, _peak_kib(process.pid))
            time.sleep(_LOOK_S)
        wall_s = time.perf_counter() - started
        _, status, usage = ended
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            last = said.read()[-500:].decode(errors="replace")
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {last}")
    return Ran(wall_s, usage.ru_utime + usage.ru_stime, peak_kib * 1024 / 1e6)


def _peak_kib(pid: int) -> int:
    """Return the most memory that a process has held since it began its program, KiB."""
    try:
        found = _PEAK.search(Path(f"/proc/{pid}/status").read_text("ascii"))
    except OSError:
        return 0
    return int(found[1]) if found else 0


def _bound_to(cores: Collection[int] | None) -> list[str]:
    """Return the beginning of a command line that keeps what follows to ``cores``."""
    if cores is None:
        return []
    return ["taskset", "--cpu-list", ",".join(str(core) for core in cores)]


def tool(*arguments: str) -> list[str]:
    """Return the command line of the tool itself."""
    return [sys.executable, "-m", "voxemo_scan", *arguments]
