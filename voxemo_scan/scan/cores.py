"""How many processors there are to use, and keeping to a part of them."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Final

_QUOTA: Final = Path("/sys/fs/cgroup/cpu.max")


def usable_cores(*, quota: Path = _QUOTA) -> int:
    """Return how many processors this process may keep busy: those it is bound to, or its share.

    A container's share is read from ``quota`` ("microseconds each-period", or "max").
    """
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        time, period = quota.read_text().split()
        share = math.ceil(int(time) / int(period))
    except (OSError, ValueError, ZeroDivisionError):
        return bound or 1
    return max(1, min(bound or 1, share))


def keep_to(threads: int) -> None:
    """Have networks compute with ``threads`` threads, and arrays with one.

    Arrays' products are small here, and the threads that share them wait for the next one busily.
    """
    import torch  # noqa: PLC0415  (slow to import, and only who analyses needs it)
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    threadpool_limits(1)
    torch.set_num_threads(threads)
