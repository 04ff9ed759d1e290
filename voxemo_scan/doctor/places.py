"""The folders that the tool writes to, the room in them, and the processors."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from voxemo_scan.doctor.finding import Finding

_TIGHT_BYTES: Final = 2_000_000_000
_FULL_BYTES: Final = 100_000_000


def folder_finding(name: str, folder: Path, *, remedy: str) -> Finding:
    """Say whether ``folder`` can be written, or made where it is not there yet."""
    there = _nearest(folder)
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        return Finding(name, "bad", f"{there}: {error.strerror}", remedy)
    what = "can be written" if folder.is_dir() else "can be made"
    return Finding(name, "ok", f"{folder}: {what}")


def disk_finding(folder: Path) -> Finding:
    """Say how much room is left where ``folder`` is or will be."""
    free = shutil.disk_usage(_nearest(folder)).free
    found = f"{free / 1e9:.1f} GB free at {folder}"
    if free < _FULL_BYTES:
        return Finding("disk", "bad", found, "free some space")
    if free < _TIGHT_BYTES:
        return Finding("disk", "warn", found, "an hour of sound takes about 60 MB; free some space")
    return Finding("disk", "ok", found)


def processor_finding() -> Finding:
    """Say how many processors the tool may use."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return Finding("processors", "ok", str(count or "unknown"))


def _nearest(folder: Path) -> Path:
    """Return ``folder``, or the nearest one above it that is there."""
    path = folder.absolute()
    return next(place for place in (path, *path.parents) if place.exists())
