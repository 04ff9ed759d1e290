"""What a run would do, without doing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from voxemo_scan.errors import VoxemoError
from voxemo_scan.scan.border import outcome
from voxemo_scan.scan.runner import Desk
from voxemo_scan.scan.store import result_key
from voxemo_scan.scan.task import scene_task
from voxemo_scan.sources.resolve import fetch_scene

if TYPE_CHECKING:
    from voxemo_scan.manifest.model import Manifest, Scene
    from voxemo_scan.sources.clip import Clip

Action = Literal["run", "skip", "fail"]


@dataclass(frozen=True, slots=True)
class PlannedScene:
    """What a run would do with a scene, and why."""

    id: str
    action: Action
    why: str


def plan_scenes(
    manifest: Manifest, scenes: Sequence[Scene], desk: Desk
) -> tuple[PlannedScene, ...]:
    """Return what a run of ``scenes`` would do; nothing is downloaded or analysed."""
    return tuple(PlannedScene(scene.id, *_plan(manifest, scene, desk)) for scene in scenes)


def _plan(manifest: Manifest, scene: Scene, desk: Desk) -> tuple[Action, str]:
    clip = outcome(lambda: _clip_here(manifest, scene, desk))
    if isinstance(clip, VoxemoError):
        return "fail", str(clip)
    if clip is None:
        return "run", "its clip is downloaded first"
    task = scene_task(scene, clip)
    if desk.fresh:
        return "run", "asked for anew"
    if desk.store.find(result_key(task, model=desk.model, parameters=desk.parameters), task=task):
        return "skip", "its result is kept"
    return "run", "no result of this clip, model and options is kept"


def _clip_here(manifest: Manifest, scene: Scene, desk: Desk) -> Clip | None:
    if not scene.is_web:
        return fetch_scene(scene, manifest, desk.library)
    clip = desk.library.find(scene.source, verify=True)
    if clip is None and desk.library.offline:
        raise desk.library.not_here(scene.source)
    return clip
