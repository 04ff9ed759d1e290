"""Sizes of files and folders, and their removal."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def size_of(paths: Iterable[Path]) -> int:
    """Return the bytes of those files that are there."""
    total = 0
    for path in paths:
        with suppress(OSError):
            total += path.stat().st_size
    return total


def remove(paths: Iterable[Path]) -> int:
    """Remove files and return how many bytes that freed; what is not there is passed over.

    Raises:
        OSError: one cannot be removed.
    """
    freed = 0
    for path in paths:
        with suppress(FileNotFoundError):
            size = path.lstat().st_size
            path.unlink()
            freed += size
    return freed
