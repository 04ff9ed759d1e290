"""The clips of many scenes, a few at a time; one that fails stops no other."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from voxemo_scan.errors import VoxemoError
from voxemo_scan.progress import Progress
from voxemo_scan.sources.clip import Clip
from voxemo_scan.sources.resolve import fetch_scene

if TYPE_CHECKING:
    from voxemo_scan.manifest.model import Manifest, Scene
    from voxemo_scan.sources.library import ClipLibrary

Outcome = Literal["fetched", "present", "local", "failed"]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one scene: its clip, or why there is none."""

    scene: Scene
    clip: Clip | None = None
    error: VoxemoError | None = None

    @property
    def outcome(self) -> Outcome:
        """``fetched`` now, ``present`` from before, a ``local`` file, or ``failed``."""
        if self.clip is None:
            return "failed"
        if not self.scene.is_web:
            return "local"
        return "fetched" if self.clip.fetched else "present"


def fetch_scenes(
    scenes: Sequence[Scene],
    manifest: Manifest,
    library: ClipLibrary,
    *,
    jobs: int,
    progress: Progress,
) -> tuple[Fetched, ...]:
    """Return what came of each scene, in their order, fetching ``jobs`` at a time.

    Interrupted, it stops the downloads, keeps their parts and raises.
    """
    progress.start(len(scenes))
    with ThreadPoolExecutor(jobs, thread_name_prefix="scene") as pool:
        try:
            return tuple(
                pool.map(lambda scene: _fetch_one(scene, manifest, library, progress), scenes)
            )
        except BaseException:
            library.cancel()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _fetch_one(
    scene: Scene, manifest: Manifest, library: ClipLibrary, progress: Progress
) -> Fetched:
    def report(done: int, total: int | None) -> None:
        progress.stage(scene.id, "fetching", done=done, total=total)

    try:
        found = Fetched(scene, clip=fetch_scene(scene, manifest, library, progress=report))
    except VoxemoError as error:
        found = Fetched(scene, error=error)
    progress.scene_done(scene.id, found.outcome)
    return found
