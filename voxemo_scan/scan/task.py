"""A scene to analyse, as plain values that travel to any worker."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from voxemo_scan.errors import VoxemoError
from voxemo_scan.scan.result import SceneResult

if TYPE_CHECKING:
    from voxemo_scan.manifest.model import Scene
    from voxemo_scan.sources.clip import Clip


@dataclass(frozen=True, slots=True)
class SceneTask:
    """A scene whose clip is on disk; ``sha256`` is of the clip's bytes."""

    id: str
    title: str
    source: str
    path: Path
    sha256: str
    film: str | None = None
    start_s: float = 0.0
    end_s: float | None = None


def scene_task(scene: Scene, clip: Clip) -> SceneTask:
    """Return what is to be analysed of ``scene``, whose clip is there."""
    return SceneTask(
        id=scene.id,
        title=scene.title,
        source=scene.source,
        path=clip.path,
        sha256=clip.sha256,
        film=scene.film,
        start_s=scene.start_s or 0.0,
        end_s=scene.end_s,
    )


def failed_result(
    *, id: str, title: str, source: str, error: VoxemoError, film: str | None = None
) -> SceneResult:
    """Return the result of a scene that could not be analysed, with the reason."""
    return SceneResult(
        id=id,
        title=title,
        source=source,
        film=film,
        status="failed",
        error=error.message,
        remedy=error.remedy or None,
    )
