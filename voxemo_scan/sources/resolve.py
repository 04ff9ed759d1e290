"""From a scene to its clip, wherever the clip is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from voxemo_scan.sources.clip import Clip
from voxemo_scan.sources.local import open_local

if TYPE_CHECKING:
    from voxemo_scan.manifest.model import Manifest, Scene
    from voxemo_scan.sources.library import ClipLibrary


def fetch_scene(
    scene: Scene,
    manifest: Manifest,
    library: ClipLibrary,
    *,
    progress: Callable[[int, int | None], None] | None = None,
) -> Clip:
    """Return the scene's clip: the file it names, or the recording at its address.

    A path counts from the manifest's folder; ``~`` is the user's home. ``progress`` is told the
    bytes fetched and, where known, their total.

    Raises:
        SourceError: the clip cannot be had.
    """
    source = manifest.resolve(scene)
    if isinstance(source, Path):
        return open_local(source, digest=library.digest)
    return library.fetch(source, name=scene.id, progress=progress)
