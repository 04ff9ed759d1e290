"""Worker processes: each holds the model once, and one that dies costs no scene."""

from __future__ import annotations

import signal
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Final, Self

from voxemo_scan.errors import MissingError, VoxemoError
from voxemo_scan.scan.cores import usable_cores
from voxemo_scan.scan.executors import LoadEnsemble, LocalExecutor, Outcome
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.task import SceneTask

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from voxemo_scan.scan.analyse import StageProgress

_ATTEMPTS: Final = 2
_FAREWELL_S: Final = 5.0


class PoolExecutor:
    """Analyses in ``jobs`` worker processes, which share the processors among them.

    A worker that ends in the midst of a scene (out of memory, say) is replaced, and the scene is
    tried once more.

    Args:
        load: loads the model, once in each worker.
        options: how scenes are analysed.
        jobs: how many workers there are; one is started when there is work for it.
    """

    def __init__(self, load: LoadEnsemble, *, options: ScanOptions, jobs: int) -> None:
        self.capacity = 2 * jobs  # one in hand and one waiting each
        threads = max(1, usable_cores() // jobs)
        self._start = partial(_Worker, load, options, threads)
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="worker")
        self._own = threading.local()
        self._lock = threading.Lock()
        self._workers: set[_Worker] = set()
        self._stopped = False

    def submit(self, task: SceneTask, *, progress: StageProgress) -> Future[Outcome]:
        """Return the result to come."""
        return self._threads.submit(self._analyse, task, progress)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Stop the workers, at once after an error; what they have not begun is dropped."""
        with self._lock:
            self._stopped = True
            workers = list(self._workers)
        hurry = error[0] is not None
        if hurry:
            for worker in workers:
                worker.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for worker in workers:
            worker.end()

    def _analyse(self, task: SceneTask, progress: StageProgress) -> Outcome:
        ended = ""
        for _ in range(_ATTEMPTS):
            worker = self._worker()
            try:
                return worker.analyse(task, progress=progress)
            except (EOFError, OSError):
                ended = self._bury(worker)
        return VoxemoError(
            f"the worker process that analysed it {ended}, {_ATTEMPTS} times",
            remedy="if memory is short, run with fewer --jobs",
        )

    def _worker(self) -> _Worker:
        """Return the worker of this thread, started if there is none."""
        worker: _Worker | None = getattr(self._own, "worker", None)
        if worker is not None:
            return worker
        with self._lock:
            if self._stopped:
                raise VoxemoError("stopped")
            worker = self._own.worker = self._start()
            self._workers.add(worker)
        return worker

    def _bury(self, worker: _Worker) -> str:
        """Forget a worker that ended, and return how it did."""
        self._own.worker = None
        with self._lock:
            self._workers.discard(worker)
        return worker.end()


class _Worker:
    """A worker process and the pipe to it."""

    def __init__(self, load: LoadEnsemble, options: ScanOptions, threads: int) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, load, options, threads), daemon=True
        )
        if hasattr(signal, "pthread_sigmask"):  # Ctrl-C is not for it, from its first moment on
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        self._process.start()
        theirs.close()

    def analyse(self, task: SceneTask, *, progress: StageProgress) -> Outcome:
        """Return the scene's result, telling ``progress`` of its stages.

        Raises:
            EOFError, OSError: the worker ended.
            MissingError: it has no model.
        """
        self._pipe.send(task)
        while isinstance(told := self._pipe.recv(), tuple):
            progress(*told)
        if isinstance(told, MissingError):
            raise told
        found: Outcome = told
        return found

    def kill(self) -> None:
        """End it whatever it is at."""
        self._process.kill()

    def end(self) -> str:
        """Let it end, by force if it does not, and return how it did."""
        self._pipe.close()
        self._process.join(_FAREWELL_S)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join()
        code = self._process.exitcode or 0
        return f"ended with exit code {code}" if code >= 0 else f"was killed by signal {-code}"


def _serve(
    pipe: Connection[Any, Any], load: LoadEnsemble, options: ScanOptions, threads: int
) -> None:
    """Analyse what comes through the pipe until it is closed: the life of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent alone answers Ctrl-C
    executor = LocalExecutor(load, options=options, threads=threads)

    def tell(name: str, done: float, total: float | None) -> None:
        pipe.send((name, done, total))

    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):  # the parent has ended, or has no more to do
            return
        try:
            found: Outcome = executor.submit(task, progress=tell).result()
        except MissingError as error:
            found = error
        pipe.send(found)
