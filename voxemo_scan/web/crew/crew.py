"""Workers and those who wait for them: so many at a time, one replaced when it ends."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from voxemo_scan.errors import VoxemoError
from voxemo_scan.web.answers import Refusal, busy
from voxemo_scan.web.crew.jobs import Job, TooLong
from voxemo_scan.web.crew.worker import Ended, OutOfTime, Worker, WorkerSettings
from voxemo_scan.web.metrics import Metrics

_ATTEMPTS: Final = 2
_USUAL_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class CrewSettings:
    """``workers`` work at a time, each for ``job_s`` on one job at most; ``queue`` requests may be
    there at once, those that have a worker and those that wait. ``name`` is for metrics."""

    name: str
    worker: WorkerSettings
    workers: int
    queue: int
    job_s: float


class Crew:
    """Worker processes, each driven by a thread of its own.

    A worker that ends in the midst of a job is replaced, and the job tried once more; one that
    takes too long is ended, and the job is not tried again.
    """

    def __init__(self, settings: CrewSettings, metrics: Metrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self._threads = ThreadPoolExecutor(settings.workers, thread_name_prefix="crew")
        self._own = threading.local()
        self._lock = threading.Lock()
        self._workers: set[Worker] = set()
        self._stopped = False
        self._inside = 0
        self._usual_s = _USUAL_S

    @property
    def inside(self) -> int:
        """How many requests are there."""
        return self._inside

    @property
    def pids(self) -> list[int]:
        """The workers' process numbers."""
        with self._lock:
            return [worker.pid for worker in self._workers if worker.pid is not None]

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place among those who may have a worker.

        Raises:
            Refusal: 429, all places are taken.
        """
        if self._inside >= self._settings.queue:
            wait_s = self._usual_s * self._inside / (2 * self._settings.workers)
            raise busy("too many recordings wait already", after_s=min(60.0, wait_s))
        self._inside += 1
        self._metrics.queue.labels(self._settings.name).set(self._inside)
        try:
            yield
        finally:
            self._inside -= 1
            self._metrics.queue.labels(self._settings.name).set(self._inside)

    async def do(self, job: Job) -> Any:
        """Return what ``job`` found.

        Raises:
            Refusal: the job cannot be done; why is what it says.
        """
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, self._done, job)
        if isinstance(found, TooLong):
            raise Refusal(413, found.message, found.remedy)
        if isinstance(found, VoxemoError):
            raise found
        return found

    def warm(self) -> None:
        """Have all workers load their model, without waiting for them."""
        barrier = threading.Barrier(self._settings.workers)

        def prepare() -> None:
            try:
                self._worker().wait_until_ready()
            except (Ended, VoxemoError):  # the first job will tell
                self._own.worker = None
            barrier.wait(timeout=300)

        for _ in range(self._settings.workers):
            self._threads.submit(prepare)

    def stop(self) -> None:
        """End all workers at once."""
        with self._lock:
            self._stopped = True
            workers = list(self._workers)
        for worker in workers:
            worker.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for worker in workers:
            worker.close()

    def _done(self, job: Job) -> Any:
        began = time.monotonic()
        found = self._tried(job)
        seconds = time.monotonic() - began
        self._usual_s += 0.1 * (seconds - self._usual_s)
        kind = "failed" if isinstance(found, VoxemoError) else "done"
        self._metrics.jobs.labels(job.kind, kind).inc()
        self._metrics.job_seconds.labels(job.kind).observe(seconds)
        return found

    def _tried(self, job: Job) -> Any:
        ended = ""
        for _ in range(_ATTEMPTS):
            try:
                return self._worker().do(job, within_s=self._settings.job_s)
            except OutOfTime as late:
                self._bury("time")
                return VoxemoError(
                    f"the work on it {late}", remedy="try a shorter or simpler recording"
                )
            except Ended as end:
                ended = str(end)
                self._bury("ended")
            except VoxemoError as error:  # a worker without a model
                self._bury("model")
                return error
        return VoxemoError(
            f"the worker that decoded it {ended}, {_ATTEMPTS} times",
            remedy="the file may be damaged: convert it to another format",
        )

    def _worker(self) -> Worker:
        """Return the worker of this thread, started if there is none."""
        worker: Worker | None = getattr(self._own, "worker", None)
        if worker is not None:
            return worker
        with self._lock:
            if self._stopped:
                raise VoxemoError("the application is stopping", remedy="try again later")
            worker = self._own.worker = Worker(self._settings.worker)
            self._workers.add(worker)
        return worker

    def _bury(self, why: str) -> None:
        worker, self._own.worker = self._own.worker, None
        self._metrics.deaths.labels(why).inc()
        with self._lock:
            self._workers.discard(worker)
