"""Clips that are files already."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

from voxemo_scan.digest import file_sha256
from voxemo_scan.errors import SourceError
from voxemo_scan.sources.clip import Clip
from voxemo_scan.text import clean


def open_local(path: Path, *, digest: Callable[[Path], str] = file_sha256) -> Clip:
    """Return the file at ``path`` as a clip, with the SHA-256 of its bytes, which ``digest`` tells.

    Raises:
        SourceError: no such file, a folder, empty, not a regular file (a pipe, a device) or
            unreadable.
    """
    shown = clean(str(path))
    try:
        _require_media_file(path, shown=shown)
        return Clip(path=path, sha256=digest(path), address=str(path))
    except (FileNotFoundError, NotADirectoryError):
        raise SourceError(
            f"{shown}: no such file",
            remedy="check the path; it counts from the manifest's folder",
        ) from None
    except PermissionError:
        raise SourceError(f"{shown}: permission denied", remedy="make it readable") from None
    except (OSError, ValueError) as error:
        raise SourceError(
            f"{shown}: cannot be read: {_reason(error)}", remedy="check the path and the disk"
        ) from error


def _require_media_file(path: Path, *, shown: str) -> None:
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise SourceError(f"{shown}: is a folder", remedy="name one audio or video file in it")
    if not stat.S_ISREG(found.st_mode):
        raise SourceError(
            f"{shown}: is not a regular file",
            remedy="save the recording to a file and name that",
        )
    if found.st_size == 0:
        raise SourceError(f"{shown}: is empty (0 bytes)", remedy="copy the recording again")


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
