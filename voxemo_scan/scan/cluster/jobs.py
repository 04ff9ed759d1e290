"""Scenes that wait for a worker."""

from __future__ import annotations

import queue
import threading
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voxemo_scan.errors import VoxemoError

if TYPE_CHECKING:
    from voxemo_scan.errors import MissingError
    from voxemo_scan.scan.analyse import StageProgress
    from voxemo_scan.scan.executors import Outcome
    from voxemo_scan.scan.task import SceneTask


@dataclass(eq=False)
class Job:
    """A scene under way: ``name`` and ``key`` are its clip's and its result's in the remote store.

    ``there`` says that the clip is in the remote store, ``attempts`` how many workers began on it,
    ``by_hand`` that its result is to come from the worker itself.
    """

    task: SceneTask
    progress: StageProgress
    name: str
    key: str
    there: bool = False
    attempts: int = 0
    by_hand: bool = False
    future: Future[Outcome] = field(default_factory=Future)

    def end(self, found: Outcome) -> None:
        """Tell who waits for it; only the first end counts."""
        with suppress(InvalidStateError):
            self.future.set_result(found)

    def refuse(self, error: BaseException) -> None:
        """Have who waits for it see ``error`` raised."""
        with suppress(InvalidStateError):
            self.future.set_exception(error)


class Jobs:
    """A queue of jobs for many threads, which is closed once and for all.

    ``error`` is why, where that is for each job to raise.
    """

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self.closed = threading.Event()
        self.error: MissingError | None = None

    def put(self, job: Job) -> None:
        """Add a job; in a closed queue it ends at once."""
        self._queue.put(job)
        if self.closed.is_set():
            self._drain()

    def take(self) -> Job | None:
        """Return the next job once there is one; None in a closed queue."""
        while not self.closed.is_set():
            job = self._queue.get()
            if job is not None:
                return job
        self._queue.put(None)  # for the next who waits
        return None

    def close(self, error: MissingError | None = None) -> None:
        """Have nobody take another job."""
        self.error = self.error or error
        self.closed.set()
        self._drain()

    def _drain(self) -> None:
        with suppress(queue.Empty):
            while True:
                if job := self._queue.get_nowait():
                    job.refuse(self.error or VoxemoError("stopped"))
        self._queue.put(None)
