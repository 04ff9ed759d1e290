"""Who analyses: this process, or worker processes that each hold the model once."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cached_property
from multiprocessing import get_context
from typing import TYPE_CHECKING, Protocol, Self

from voxemo_scan.errors import VoxemoError
from voxemo_scan.scan.analyse import StageProgress, analyse
from voxemo_scan.scan.border import outcome
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

    def submit(self, task: SceneTask, *, progress: StageProgress) -> Future[Outcome]:
        """Return the scene's result or the error that stopped it, now or later."""

    def __enter__(self) -> Self:
        """Make ready."""

    def __exit__(self, *error: object) -> None:
        """Free the workers."""


class LocalExecutor:
    """Analyses at once in this process; the model is loaded when the first scene needs it."""

    def __init__(self, load: LoadEnsemble, *, options: ScanOptions) -> None:
        self._load = load
        self._options = options

    @cached_property
    def _ensemble(self) -> Ensemble:
        return self._load()

    def submit(self, task: SceneTask, *, progress: StageProgress) -> Future[Outcome]:
        """Return the finished result."""
        future: Future[Outcome] = Future()
        ensemble = self._ensemble
        future.set_result(
            outcome(
                lambda: analyse(task, ensemble=ensemble, options=self._options, progress=progress)
            )
        )
        return future

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Hold nothing that must be freed."""


class PoolExecutor:
    """Analyses in ``jobs`` worker processes, which share the cores among them."""

    def __init__(self, load: LoadEnsemble, *, options: ScanOptions, jobs: int) -> None:
        threads = max(1, (os.cpu_count() or 1) // jobs)
        self._pool = ProcessPoolExecutor(
            max_workers=jobs,
            mp_context=get_context("spawn"),
            initializer=_prepare_worker,
            initargs=(load, options, threads),
        )

    def submit(self, task: SceneTask, *, progress: StageProgress) -> Future[Outcome]:  # noqa: ARG002
        """Return the result to come; a worker tells nothing of its stages."""
        return self._pool.submit(_work, task)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Stop the workers; what they have not begun is dropped."""
        self._pool.shutdown(wait=True, cancel_futures=True)


class _Worker:
    """What a worker process holds: an executor of its own, which loads the model once."""

    executor: LocalExecutor


def _prepare_worker(load: LoadEnsemble, options: ScanOptions, threads: int) -> None:
    import torch  # noqa: PLC0415  (in the worker only)

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent alone answers Ctrl-C
    torch.set_num_threads(threads)
    _Worker.executor = LocalExecutor(load, options=options)


def _work(task: SceneTask) -> Outcome:
    return _Worker.executor.submit(task, progress=_tell_nobody).result()


def _tell_nobody(_name: str, _done: float, _total: float | None) -> None:
    """Take a stage's progress, for which a worker has nobody to tell."""
