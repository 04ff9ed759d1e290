"""What a worker process may take, so that a crafted file costs one worker and no more."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

_STATM: Final = Path("/proc/self/statm")
_FILE_BYTES: Final = 256 * 2**20


def confine(*, memory_bytes: int, file_bytes: int | None = _FILE_BYTES) -> None:
    """Let this process take ``memory_bytes`` more than it has, and dump no core.

    It writes no file larger than ``file_bytes``; of any size if that is None.

    Where the system knows no such limits (Windows), or not how much is taken (macOS), the time
    limit of a job is what remains.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  (there is none on Windows)

    limits = {resource.RLIMIT_CORE: 0}
    if file_bytes is not None:
        limits[resource.RLIMIT_FSIZE] = file_bytes
    if (taken := _taken_bytes()) is not None:
        limits[resource.RLIMIT_AS] = taken + memory_bytes
    for limit, value in limits.items():
        hard = resource.getrlimit(limit)[1]
        lowered = value if hard == resource.RLIM_INFINITY else min(value, hard)
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (lowered, lowered))


def _taken_bytes() -> int | None:
    try:
        pages = int(_STATM.read_text("ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
