"""Memory that networks work in: kept for the next passage, given back after some of them."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Final

_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_LARGEST: Final = 32 * 2**20
"""What the allocator takes at most as ``_MMAP_THRESHOLD``, bytes."""
_MOST_FREE: Final = 256 * 2**20


@cache
def reuse() -> None:
    """Have the allocator (glibc's) use freed memory again instead of giving it back at once.

    Getting an array's memory from the system, page by page, takes a tenth of the time that
    networks take.
    """
    if (option := _function("mallopt")) is not None:
        option(_MMAP_THRESHOLD, _LARGEST)
        option(_TRIM_THRESHOLD, _MOST_FREE)


def give_back() -> None:
    """Give the system back what the process has freed, where its allocator can (glibc).

    Passages differ in length, and so do the arrays made for them; what one leaves free seldom
    fits the next, and the process would grow with every scene.
    """
    if (trim := _function("malloc_trim")) is not None:
        trim(0)


@cache
def _function(name: str) -> Callable[..., int] | None:
    try:
        found: Callable[..., int] = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):  # another C library, another system
        return None
    return found
