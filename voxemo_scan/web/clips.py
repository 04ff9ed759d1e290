"""Prepared clips to try: those of the demo, and a folder of the user's own.

The list is made once; a request names a clip by its id there, never by a path.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import voxemo_scan
from voxemo_scan.errors import UsageError, VoxemoError
from voxemo_scan.report.names import unique_names
from voxemo_scan.text import clean

if TYPE_CHECKING:
    from voxemo_scan.emotions import Emotion

Group = Literal["demo", "own"]

MEDIA_TYPES: Final = {
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".webm": "audio/webm",
    ".aac": "audio/aac",
}
"""The endings of files that are taken for clips, and what they are served as."""

_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class PreparedClip:
    """A clip to try; ``expected`` is the one emotion that it is said to carry, if any."""

    id: str
    title: str
    group: Group
    path: Path
    expected: Emotion | None = None

    @property
    def media_type(self) -> str:
        """What the file is served as."""
        return MEDIA_TYPES[self.path.suffix.lower()]


def prepared_clips(own: Path | None) -> tuple[PreparedClip, ...]:
    """Return the demo's clips, where they are here, and those of the folder ``own``.

    Raises:
        UsageError: ``own`` is no folder that can be read.
    """
    found = [*_demo(Path(voxemo_scan.__file__).parents[1]), *(_own(own) if own else ())]
    names = unique_names([clip.id for clip in found])
    return tuple(
        PreparedClip(name, clip.title, clip.group, clip.path, clip.expected)
        for name, clip in zip(names, found, strict=True)
    )


def _demo(root: Path) -> Iterator[PreparedClip]:
    """Yield the demo's clips: they are in a checkout, and not in an installed package."""
    from voxemo_scan.manifest.load import load_manifest  # noqa: PLC0415  (slow, only to serve)

    try:
        manifest = load_manifest(root / "manifests" / "demo.yaml")
    except VoxemoError:
        return
    for scene in manifest.scenes:
        path = manifest.resolve(scene)
        if isinstance(path, Path) and path.is_file() and path.suffix.lower() in MEDIA_TYPES:
            sure = scene.expect.dominant if scene.expect and not scene.known_failure else ()
            expected = sure[0] if len(sure) == 1 else None
            yield PreparedClip(scene.id, clean(scene.title), "demo", path, expected)


def _own(folder: Path) -> Iterator[PreparedClip]:
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise UsageError(
            f"--clips {folder}: {error.strerror}", remedy="name a folder of recordings"
        ) from None
    chosen = [path for path in files if path.suffix.lower() in MEDIA_TYPES]
    for path in chosen[:_MOST]:
        title = clean(path.stem.replace("-", " ").replace("_", " ")) or "clip"
        yield PreparedClip(path.stem, title[:1].upper() + title[1:], "own", path)
