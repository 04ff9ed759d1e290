"""What the commands do: from a manifest or recordings to a report."""

from __future__ import annotations

import platform
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from voxemo_scan import __version__
from voxemo_scan.errors import MissingError
from voxemo_scan.folders import cache_folder
from voxemo_scan.manifest.model import Manifest, Scene
from voxemo_scan.models.index import read_index
from voxemo_scan.moment import now_utc
from voxemo_scan.progress import NoProgress, Progress
from voxemo_scan.report.document import Report, ReportScene, judge
from voxemo_scan.scan.analyse import nobody
from voxemo_scan.scan.aside import open_store
from voxemo_scan.scan.cluster.options import RayOptions
from voxemo_scan.scan.digests import Digests
from voxemo_scan.scan.executors import Executor, LocalExecutor
from voxemo_scan.scan.film import match_voices
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.plan import PlannedScene, plan_scenes
from voxemo_scan.scan.pool import PoolExecutor
from voxemo_scan.scan.runner import Desk, run_scenes
from voxemo_scan.scan.store import FILE_NAME, result_key
from voxemo_scan.sources.library import ClipLibrary, FetchOptions

if TYPE_CHECKING:
    from voxemo_scan.models.ensemble import Ensemble
    from voxemo_scan.models.identity import ModelInfo
    from voxemo_scan.report.media.early import EarlyMedia
    from voxemo_scan.scan.result import SceneResult
    from voxemo_scan.scan.task import SceneTask

_NO_PROGRESS: Final = NoProgress()


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a manifest is run.

    ``clips`` is the folder of downloaded clips; ``jobs`` how many scenes are analysed at a time;
    ``ray`` has them analysed on a Ray cluster instead of here; ``model`` names the shipped model
    that listens, None the default; ``device`` is where it computes: auto, cpu, cuda or mps;
    ``fresh`` analyses anew what has a kept result; ``check`` holds results against expectations.
    """

    clips: Path = Path("scenes")
    offline: bool = False
    jobs: int = 1
    ray: RayOptions | None = None
    fresh: bool = False
    check: bool = True
    model: str | None = None
    device: str = "auto"
    fetch: FetchOptions = field(default_factory=FetchOptions)
    scan: ScanOptions = field(default_factory=ScanOptions)


def run_manifest(
    manifest: Manifest,
    scenes: Sequence[Scene],
    options: RunOptions,
    *,
    progress: Progress = _NO_PROGRESS,
    on_clip: Callable[[SceneTask], None] = lambda _: None,
    early: EarlyMedia | None = None,
) -> Report:
    """Scan ``scenes`` of ``manifest`` and return the report; scenes that fail are part of it.

    ``on_clip`` is told of each scene's clip once it is here; ``early`` makes what pages show of
    those that are analysed.

    Raises:
        MissingError: the model is missing or damaged.
    """
    with _desk(options, progress=progress, on_clip=on_clip, early=early) as desk:
        results = match_voices(run_scenes(manifest, scenes, desk))
    return Report(
        manifest_name=manifest.name,
        manifest_path=str(manifest.path),
        created=now_utc(),
        version=__version__,
        model=desk.model,
        parameters=desk.parameters,
        scenes=tuple(
            judge(result, scene=scene, check=options.check)
            for result, scene in zip(results, scenes, strict=True)
        ),
    )


def recording_report(result: SceneResult, *, model: str | None, scan: ScanOptions) -> Report:
    """Return the report of one recording that was heard while it was made: nothing is expected.

    ``model`` and ``scan`` are who listened and how.
    """
    index = read_index()
    (result,) = match_voices([result])
    return Report(
        manifest_name="Recordings",
        manifest_path="",
        created=now_utc(),
        version=__version__,
        model=index.info(model),
        parameters=scan.as_parameters() | {"calibration": index.calibration(model)},
        scenes=(ReportScene(result),),
    )


def plan_manifest(
    manifest: Manifest, scenes: Sequence[Scene], options: RunOptions
) -> tuple[PlannedScene, ...]:
    """Return what a run of ``scenes`` would do, doing none of it."""
    with _desk(options, progress=_NO_PROGRESS) as desk:
        return plan_scenes(manifest, scenes, desk)


def recordings_manifest(sources: Sequence[str], *, folder: Path) -> Manifest:
    """Return a manifest of recordings that have no more than an address or a path.

    Paths count from ``folder``.
    """
    scenes = tuple(Scene(id=s, title=s, source=s) for s in dict.fromkeys(sources))
    return Manifest(name="Recordings", path=folder / "recordings.yaml", scenes=scenes)


@contextmanager
def _desk(
    options: RunOptions,
    *,
    progress: Progress,
    on_clip: Callable[[SceneTask], None] = lambda _: None,
    early: EarlyMedia | None = None,
) -> Iterator[Desk]:
    index = read_index()
    parameters = options.scan.as_parameters() | {"calibration": index.calibration(options.model)}
    path, stop = cache_folder() / FILE_NAME, threading.Event()
    with (
        open_store(path, note=progress.note) as store,
        Digests(path, fresh=options.fresh, stop=stop) as digests,
        _executor(options, parameters, note=progress.note, early=early) as executor,
    ):
        library = ClipLibrary(
            options.clips, options=options.fetch, offline=options.offline, digest=digests, stop=stop
        )
        yield Desk(
            library,
            store,
            executor,
            index.info(options.model),
            parameters,
            progress,
            options.fresh,
            on_clip,
            early.begin if early and not isinstance(executor, LocalExecutor) else lambda _: None,
        )


def _executor(
    options: RunOptions,
    parameters: dict[str, Any],
    *,
    note: Callable[[str], None],
    early: EarlyMedia | None,
) -> Executor:
    load = partial(load_ensemble, options.model, options.device)
    if options.ray is not None:
        return _ray_executor(options, options.ray, parameters, note=note)
    if options.jobs == 1:
        overhear = early.overhear if early else nobody
        return LocalExecutor(load, options=options.scan, overhear=overhear)
    return PoolExecutor(load, options=options.scan, jobs=options.jobs)


def _ray_executor(
    options: RunOptions, ray: RayOptions, parameters: dict[str, Any], *, note: Callable[[str], None]
) -> Executor:
    from voxemo_scan.scan.cluster.executor import RayExecutor  # noqa: PLC0415  (hardly ever)

    model = read_index().info(options.model)
    return RayExecutor(
        partial(load_same_ensemble, options.model, options.device, wanted=model),
        options=options.scan,
        ray=ray,
        key=partial(result_key, model=model, parameters=parameters),
        fresh=options.fresh,
        gpus=1 if options.device == "cuda" else 0,
        note=note,
    )


def load_ensemble(model: str | None = None, device: str = "auto") -> Ensemble:
    """Return a shipped ensemble, the default without a name, on ``device``."""
    from voxemo_scan.models.device import choose_device  # noqa: PLC0415  (loads torch)
    from voxemo_scan.models.registry import load_shipped  # noqa: PLC0415

    return load_shipped(model).to(choose_device(device))


def load_same_ensemble(model: str | None, device: str, *, wanted: ModelInfo) -> Ensemble:
    """Return the ensemble on a machine that is to have the same as the run's own.

    Raises:
        MissingError: it has another, whose results would be kept under a wrong name.
    """
    ensemble = load_ensemble(model, device)
    if ensemble.info != wanted:
        raise MissingError(
            f"the model on {platform.node()} is not the one of this run",
            remedy="install the same voxemo-scan on every node",
        )
    return ensemble
