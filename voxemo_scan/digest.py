"""The fingerprint of a file's bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

_PIECE: Final = 2**20


def file_sha256(path: Path, *, after_piece: Callable[[], None] = lambda: None) -> str:
    """Return the SHA-256 of the file's bytes as 64 hex digits, reading it in pieces.

    ``after_piece`` is called after each and may end the reading by raising.

    Raises:
        OSError: the file cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            after_piece()
    return digest.hexdigest()
