"""Who analyses: this process, or worker processes that each hold the model once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, Self

from voxemo_scan.errors import VoxemoError
from voxemo_scan.scan.analyse import Overhear, StageProgress, analyse, nobody
from voxemo_scan.scan.border import outcome
from voxemo_scan.scan.cores import keep_to, usable_cores
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.result import SceneResult
from voxemo_scan.scan.task import SceneTask

if TYPE_CHECKING:
    from voxemo_scan.models.ensemble import Ensemble

LoadEnsemble = Callable[[], "Ensemble"]
"""Loads the ensemble; a module's function, since worker processes find it by its name."""

Outcome = SceneResult | VoxemoError


class Executor(Protocol):
    """Analyses scenes; a context manager that frees its workers."""

    @property
    def capacity(self) -> int:
        """How many scenes to hand over before the first is finished."""

    def submit(self, task: SceneTask, *, progress: StageProgress) -> Future[Outcome]:
        """Return the scene's result or the error that stopped it, now or later."""

    def __enter__(self) -> Self:
        """Make ready."""

    def __exit__(self, *error: object) -> None:
        """Free the workers; after an error at once, whatever they are at."""


class LocalExecutor:
    """Analyses at once in this process; the model is loaded while the first scene is read.

    Args:
        load: loads the model.
        options: how scenes are analysed.
        threads: that may compute; as many as there are processors, if none are named.
        overhear: says who else takes the clips' sound.
    """

    capacity = 1

    def __init__(
        self,
        load: LoadEnsemble,
        *,
        options: ScanOptions,
        threads: int | None = None,
        overhear: Overhear = nobody,
    ) -> None:
        self._load = load
        self._options = options
        self._threads = threads
        self._overhear = overhear

    def submit(self, task: SceneTask, *, progress: StageProgress) -> Future[Outcome]:
        """Return the finished result."""
        loading = self._loading
        found = outcome(
            lambda: analyse(
                task, ensemble=lambda: self._ensemble, options=self._options, progress=progress,
                overhear=self._overhear,
            )
        )  # fmt: skip
        if isinstance(found, VoxemoError):
            loading.result()  # no scene is to blame for a model that cannot be loaded
        future: Future[Outcome] = Future()
        future.set_result(found)
        return future

    @cached_property
    def _loading(self) -> Future[Ensemble]:
        """Return the ensemble to come, begun to be loaded when first asked for."""
        ensemble: Future[Ensemble] = Future()

        def load() -> None:
            try:
                ensemble.set_result(self._load())
            except BaseException as error:  # noqa: BLE001  (raised where the ensemble is wanted)
                ensemble.set_exception(error)

        threading.Thread(target=load, name="load", daemon=True).start()
        return ensemble

    @cached_property
    def _ensemble(self) -> Ensemble:
        """Return the ensemble, this thread kept to its share of the processors."""
        ensemble = self._loading.result()
        keep_to(self._threads or usable_cores())
        return ensemble

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Hold nothing that must be freed."""
