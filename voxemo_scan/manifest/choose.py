"""Some of a manifest's scenes."""

from __future__ import annotations

from collections.abc import Sequence

from voxemo_scan.errors import UsageError
from voxemo_scan.manifest.mistake import closest, quoted
from voxemo_scan.manifest.model import Manifest, Scene


def choose_scenes(manifest: Manifest, *, only: Sequence[str] = ()) -> tuple[Scene, ...]:
    """Return the scenes with the ids ``only`` in the manifest's order; all when none is named.

    Raises:
        UsageError: no scene has such an id; the remedy names one that is near, or all.
    """
    ids = [scene.id for scene in manifest.scenes]
    for asked in only:
        if asked not in ids:
            near = closest(asked, ids)
            raise UsageError(
                f"{manifest.path} has no scene {quoted(asked)}",
                remedy=f"did you mean {quoted(near)}?" if near else f"there are: {', '.join(ids)}",
            )
    return tuple(scene for scene in manifest.scenes if not only or scene.id in only)
