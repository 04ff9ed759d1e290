"""Memory that is free given back to the system, so that a long film takes no more than a short."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache


def give_back() -> None:
    """Give the system back what the process has freed, where its allocator can (glibc).

    Passages differ in length, and so do the arrays made for them; what one leaves free seldom
    fits the next, and the process would grow with every scene.
    """
    if (trim := _trim()) is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    try:
        found = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # another C library, another system
        return None
    trim: Callable[[int], int] = found
    return trim
