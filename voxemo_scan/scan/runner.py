"""A manifest's run: clips are fetched ahead in threads while scenes are analysed.

However many scenes there are, a few are under way: clips are fetched no further ahead than
``ClipsAhead`` lets them, and no more scenes are handed to an executor than it has room for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from voxemo_scan.errors import VoxemoError
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.progress import Progress
from voxemo_scan.scan.border import outcome
from voxemo_scan.scan.executors import Executor, Outcome
from voxemo_scan.scan.result import SceneResult
from voxemo_scan.scan.store import ResultStore, result_key
from voxemo_scan.scan.task import SceneTask, failed_result, scene_task
from voxemo_scan.sources.ahead import ClipsAhead
from voxemo_scan.sources.resolve import fetch_scene

if TYPE_CHECKING:
    from voxemo_scan.manifest.model import Manifest, Scene
    from voxemo_scan.sources.clip import Clip
    from voxemo_scan.sources.library import ClipLibrary

_HEED_S: Final = 0.5
"""A wait without end may sleep through a Ctrl-C that the system tells to another thread."""

Analysed = Future[Outcome]
AnyFuture = TypeVar("AnyFuture", bound=Future[Any])


@dataclass(frozen=True)
class Desk:
    """What a run works with, beside its scenes; ``fresh`` passes over kept results.

    ``on_clip`` is told of each scene's clip once it is here, ``on_scan`` of those that the executor
    is about to be given.
    """

    library: ClipLibrary
    store: ResultStore
    executor: Executor
    model: ModelInfo
    parameters: dict[str, Any]
    progress: Progress
    fresh: bool = False
    on_clip: Callable[[SceneTask], None] = lambda _: None
    on_scan: Callable[[SceneTask], None] = lambda _: None


def run_scenes(manifest: Manifest, scenes: Sequence[Scene], desk: Desk) -> tuple[SceneResult, ...]:
    """Return the results of ``scenes``, in their order; a scene that fails stops no other.

    Every result is kept in the store as soon as it is there, so that a killed run goes on where
    it was.

    Raises:
        MissingError: the model is missing or damaged.
    """
    desk.progress.start(len(scenes))
    results: dict[str, SceneResult] = {}
    with _fetching(manifest, scenes, desk) as clips:
        analysing: dict[Analysed, tuple[Scene, SceneTask]] = {}
        while clips.under_way or analysing:
            room = len(analysing) < desk.executor.capacity
            fetching = clips.under_way if room else ()
            wait({*fetching, *analysing}, timeout=_HEED_S, return_when=FIRST_COMPLETED)
            if analysed := _first_done(analysing):  # what is found is kept before more is begun
                scene, task = analysing.pop(analysed)
                found = _kept(scene, task, outcome(analysed.result), desk)
                results[scene.id] = _told(found, desk)
            elif fetched := _first_done(fetching):
                scene = clips.take(fetched)
                begun = _task(scene, fetched.result(), desk)
                if isinstance(begun, SceneResult):
                    results[scene.id] = _told(begun, desk, kept=begun.status != "failed")
                else:
                    analysing[_submitted(begun, desk)] = (scene, begun)
    return tuple(results[scene.id] for scene in scenes)


def _first_done(futures: Iterable[AnyFuture]) -> AnyFuture | None:
    return next((future for future in futures if future.done()), None)


@contextmanager
def _fetching(manifest: Manifest, scenes: Sequence[Scene], desk: Desk) -> Iterator[ClipsAhead]:
    """Fetch the clips in the background; leaving by an error stops what is under way."""

    def fetch(scene: Scene) -> Clip | VoxemoError:
        stages = _stages(scene.id, desk)
        return outcome(
            lambda: fetch_scene(
                scene,
                manifest,
                desk.library,
                progress=lambda done, total: stages("downloading", done, total),
            )
        )

    clips = ClipsAhead(scenes, fetch)
    try:
        yield clips
    except BaseException:
        desk.library.cancel()
        raise
    finally:
        clips.close()


def _submitted(task: SceneTask, desk: Desk) -> Analysed:
    """Return the analysis to come; a pool whose workers died refuses, and that is the outcome."""
    stages = _stages(task.id, desk)
    desk.on_scan(task)
    submitted = outcome(lambda: desk.executor.submit(task, progress=stages))
    if not isinstance(submitted, VoxemoError):
        return submitted
    refused: Analysed = Future()
    refused.set_result(submitted)
    return refused


def _task(scene: Scene, clip: Clip | VoxemoError, desk: Desk) -> SceneTask | SceneResult:
    """Return what is to be analysed, or the result where there is one already."""
    if isinstance(clip, VoxemoError):
        return _failed(scene, clip)
    task = scene_task(scene, clip)
    desk.on_clip(task)
    if desk.fresh:
        return task
    key = result_key(task, model=desk.model, parameters=desk.parameters)
    return desk.store.find(key, task=task) or task


def _kept(scene: Scene, task: SceneTask, found: Outcome, desk: Desk) -> SceneResult:
    """Return the scene's result, kept in the store unless it failed."""
    if isinstance(found, VoxemoError):
        return _failed(scene, found)
    try:
        desk.store.keep(result_key(task, model=desk.model, parameters=desk.parameters), found)
    except VoxemoError as error:
        desk.progress.note(str(error))
    return found


def _failed(scene: Scene, error: VoxemoError) -> SceneResult:
    return failed_result(
        id=scene.id, title=scene.title, source=scene.source, film=scene.film, error=error
    )


def _told(result: SceneResult, desk: Desk, *, kept: bool = False) -> SceneResult:
    desk.progress.scene_done(result.id, outcome_line(result) + (" (kept result)" if kept else ""))
    return result


def outcome_line(result: SceneResult) -> str:
    """Return a scene's outcome in a few words."""
    match result.status:
        case "failed":
            return f"failed: {result.error}"
        case "no-speech":
            return "no speech found"
        case _:
            strongest = sorted(result.shares.items(), key=lambda item: -item[1])[:3]
            return ", ".join(f"{emotion} {share:.0%}" for emotion, share in strongest)


def _stages(scene_id: str, desk: Desk) -> Callable[[str, float, float | None], None]:
    return lambda name, done, total: desk.progress.stage(scene_id, name, done=done, total=total)
