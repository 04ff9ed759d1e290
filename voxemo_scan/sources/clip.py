"""A clip: a scene's audio or video on disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Clip:
    """A file that holds a scene's sound, and what is known of it.

    ``sha256`` is of the file's bytes; ``title``, ``uploader`` and ``duration_s`` come from the
    source where it tells them; ``fetched`` says that this call downloaded it.
    """

    path: Path
    sha256: str
    address: str
    title: str | None = None
    uploader: str | None = None
    duration_s: float | None = None
    fetched: bool = False
