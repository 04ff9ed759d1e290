"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path


def write_atomic(path: Path, data: bytes | str) -> Path:
    """Write ``data`` (text as UTF-8) to ``path``, making its folder, and return ``path``.

    Goes through a temporary file in the same folder, fsync and rename, so that a reader sees the
    old file or the new one and never a part; a killed writer leaves at most a hidden ``.tmp`` file.
    """
    content = data.encode() if isinstance(data, str) else data
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(6)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    return path


def write_changed(path: Path, data: bytes | str) -> Path:
    """As ``write_atomic``, unless the file holds just this already: then it is left as it is."""
    content = data.encode() if isinstance(data, str) else data
    with suppress(OSError):
        if path.stat().st_size == len(content) and path.read_bytes() == content:
            return path
    return write_atomic(path, content)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system lets a folder be synced."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
