"""The driver's side of the workers: a thread for each, which replaces it when it is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import ray
from ray.exceptions import GetTimeoutError, RayError

from voxemo_scan import __version__
from voxemo_scan.errors import MissingError, VoxemoError
from voxemo_scan.scan.cluster.wire import Told, named, outcome_of, packed, pieces

if TYPE_CHECKING:
    from voxemo_scan.scan.cluster.jobs import Job, Jobs
    from voxemo_scan.scan.cluster.remote_store import RemoteStore

_ATTEMPTS: Final = 4
_HIRES: Final = 3
_LOOK_S: Final = 0.5
_REMEDY: Final = "if memory is short on the nodes, give each worker more --worker-cpus"

Hire = Callable[[], Any]
"""Asks the cluster for a new actor."""


class Crew:
    """Workers that take jobs as they come.

    Args:
        jobs: where they are taken from; closed with an error where no worker can be had.
        hire: asks the cluster for one more worker.
        remote: where results are read from, None where workers send them.
        note: told what a user should know.
        patience_s: for how long no worker at all may be there.
    """

    def __init__(
        self, jobs: Jobs, hire: Hire, *,
        remote: RemoteStore | None, note: Callable[[str], None], patience_s: float,
    ) -> None:  # fmt: skip
        self.jobs, self.hire, self.remote, self.note = jobs, hire, remote, note
        self._patience_s = patience_s
        self._members: list[_Member] = []
        self._lock = threading.Lock()
        self._here: set[_Member] = set()
        self._alone_since = time.monotonic()
        self._refusals = 0

    def __len__(self) -> int:
        return len(self._members)

    @property
    def look_s(self) -> float:
        """How often to ask each worker how far it is: more seldom where there are many."""
        return max(_LOOK_S, len(self._members) / 50)

    def grow(self, count: int) -> None:
        """Have ``count`` members at least."""
        while len(self._members) < count:
            member = _Member(self)
            self._members.append(member)
            member.start()

    def end(self, *, within_s: float) -> bool:
        """Let all workers go, at once; the jobs are closed. Return whether all threads ended."""
        for member in self._members:
            member.dismiss()
        deadline = time.monotonic() + within_s
        for member in self._members:
            member.join(max(0.0, deadline - time.monotonic()))
        return not any(member.is_alive() for member in self._members)

    def came(self, member: _Member) -> None:
        """Hear that a member has its worker."""
        with self._lock:
            self._here.add(member)
            self._refusals = 0

    def went(self, member: _Member) -> None:
        """Hear that a member lost its worker."""
        with self._lock:
            self._here.discard(member)
            self._alone_since = time.monotonic()

    def refused(self, why: str) -> None:
        """Hear that a worker could not begin; where that happens over and over, give up."""
        with self._lock:
            self._refusals += 1
            hopeless = not self._here and self._refusals >= _HIRES * len(self._members)
        if hopeless:
            self._give_up(f"no worker could begin: {why}")

    def check_patience(self) -> None:
        """Give up where no worker was there for too long."""
        with self._lock:
            waited_s = 0.0 if self._here else time.monotonic() - self._alone_since
        if waited_s > self._patience_s:
            self._give_up(f"the Ray cluster had no room for a worker in {waited_s:.0f} s")

    def _give_up(self, why: str) -> None:
        self.jobs.close(
            MissingError(
                why,
                remedy="see `ray status`: nodes need the processors that --worker-cpus asks for, "
                "and voxemo-scan installed; what was done is kept",
            )
        )


class _Member(threading.Thread):
    """Serves one worker after another, as they are lost, and each one job after another."""

    def __init__(self, crew: Crew) -> None:
        super().__init__(name="ray worker", daemon=True)
        self._crew = crew
        self._jobs = crew.jobs
        self._worker: Any = None
        self._node = ""

    def run(self) -> None:
        """Work until the jobs are closed."""
        while not self._jobs.closed.is_set():
            if self._found_worker():
                self._crew.came(self)
                self._serve()
                self._crew.went(self)
            self.dismiss()

    def dismiss(self) -> None:
        """End the worker, whatever it is at."""
        worker, self._worker = self._worker, None
        if worker is not None:
            try:
                ray.kill(worker)
            except (RayError, ValueError, RuntimeError, ConnectionError):
                return  # it has ended, or the cluster has

    def _found_worker(self) -> bool:
        """Wait for a worker, and return whether one came."""
        try:
            self._worker = self._crew.hire()
            hello = self._worker.hello.remote()
            while not ray.wait([hello], timeout=_LOOK_S)[0]:
                if self._jobs.closed.is_set():
                    return False
                self._crew.check_patience()
            told = ray.get(hello)
        except (RayError, RuntimeError, AttributeError) as error:  # AttributeError: dismissed
            if not self._jobs.closed.wait(_LOOK_S):
                self._crew.refused(_last_line(error))
            return False
        self._node = told["node"]
        if told["version"] != __version__:
            self._jobs.close(_other_version(told))
            return False
        return True

    def _serve(self) -> None:
        """Do jobs until there are no more, or the worker is lost."""
        while (job := self._jobs.take()) is not None:
            try:
                self._settle(job, self._done(job))
            except MissingError as error:
                job.refuse(error)
            except VoxemoError as error:  # the clip is no longer here
                job.end(error)
            except Exception as error:  # noqa: BLE001  (a lost worker, or one with a full disk)
                self._lost(job, error)
                return

    def _settle(self, job: Job, told: Told) -> None:
        """End a job as its worker told; one whose result cannot be read is done once more."""
        if not told.get("stored"):
            job.end(outcome_of(told, task=job.task))
        elif self._crew.remote and (found := self._crew.remote.result(job.key)):
            job.end(named(found, job.task))
        else:
            job.by_hand = True
            self._jobs.put(job)

    def _done(self, job: Job) -> Told:
        """Have the worker analyse a scene, and return what it tells.

        Raises:
            RayError: the worker is lost.
        """
        worker, values = self._worker, packed(job.task)
        job.attempts += 1
        if not job.there and not ray.get(worker.has.remote(values, job.name)):
            self._send(worker, job)
        key = None if job.by_hand else job.key
        analysis = worker.analyse.remote(values, job.name, key)
        while not ray.wait([analysis], timeout=self._crew.look_s)[0]:
            self._tell(worker, job)
        told: Told = ray.get(analysis)
        return told

    def _tell(self, worker: Any, job: Job) -> None:
        try:
            stage = ray.get(worker.stage.remote(), timeout=self._crew.look_s)
        except GetTimeoutError:
            return
        if stage is not None:
            job.progress(*stage)

    def _send(self, worker: Any, job: Job) -> None:
        """Send the clip in pieces, so that no more than one of them is in memory."""
        sent = 0
        for piece in pieces(job.task.path):
            ray.get(worker.receive.remote(job.name, sent, piece))
            sent += len(piece)
            job.progress("sending the clip", sent, None)
        ray.get(worker.received.remote(job.name))

    def _lost(self, job: Job, error: Exception) -> None:
        """Give the job to another worker, unless it has cost too many."""
        if self._jobs.closed.is_set():
            job.refuse(VoxemoError("stopped"))
        elif job.attempts >= _ATTEMPTS:
            why = f"{_ATTEMPTS} workers that analysed it were lost: {_last_line(error)}"
            job.end(VoxemoError(why, remedy=_REMEDY))
        else:
            self._crew.note(
                f"the worker on {self._node} was lost: {job.task.id} goes to another "
                f"({_last_line(error)})"
            )
            self._jobs.put(job)


def _other_version(told: dict[str, str]) -> MissingError:
    return MissingError(
        f"{told['node']} has voxemo-scan {told['version']}, this machine {__version__}",
        remedy="install the same version on every node",
    )


def _last_line(error: BaseException) -> str:
    """Return what an error says in the end: Ray puts the workers' tracebacks before it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:300] if lines else type(error).__name__
