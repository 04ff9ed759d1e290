"""Scenes analysed by Ray actors, on this machine or on many."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final, Self

from voxemo_scan.errors import ExitCode, MissingError, SourceError
from voxemo_scan.scan.cluster.connection import join, leave
from voxemo_scan.scan.cluster.jobs import Job, Jobs
from voxemo_scan.scan.cluster.remote_store import RemoteStore, clip_name
from voxemo_scan.scan.cluster.wire import named

if TYPE_CHECKING:
    from concurrent.futures import Future

    from voxemo_scan.scan.analyse import StageProgress
    from voxemo_scan.scan.cluster.crew import Crew
    from voxemo_scan.scan.cluster.options import RayOptions
    from voxemo_scan.scan.executors import LoadEnsemble, Outcome
    from voxemo_scan.scan.options import ScanOptions
    from voxemo_scan.scan.task import SceneTask

_UPLOADS: Final = 4
_COUNT_EVERY_S: Final = 10.0
_FAREWELL_S: Final = 10.0
_HURRY_S: Final = 0.5
_AT_FIRST: Final = 64
"""Scenes to take in before it is known how many workers there are."""


class RayExecutor:
    """Analyses in Ray actors that each hold the model once; a lost one costs no scene.

    The cluster is joined when there is a scene to analyse. Clips go to the remote store while
    earlier scenes are analysed; a result that is there already is taken from it.

    Args:
        load: loads the model, once in each worker; workers import it by its name.
        options: how scenes are analysed.
        ray: which cluster, and how it is used.
        key: returns the name of a task's result.
        fresh: pass over results that the remote store has.
        gpus: how many GPUs a worker has.
        note: told what a user should know.

    Raises:
        UsageError: the remote store's address cannot be used.
        MissingError: the package that reads it is not installed.
    """

    def __init__(
        self, load: LoadEnsemble, *, options: ScanOptions, ray: RayOptions,
        key: Callable[[SceneTask], str], fresh: bool = False, gpus: int = 0,
        note: Callable[[str], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self._remote = None if ray.remote_store is None else RemoteStore(ray.remote_store)
        self._load, self._options, self._ray = load, options, ray
        self._key, self._fresh, self._gpus, self._note = key, fresh, gpus, note
        self._jobs = Jobs()
        self._to_prepare: SimpleQueue[Job | None] = SimpleQueue()
        self._crew: Crew | None = None
        self._joined = False
        self._hurry = False
        self._leader: threading.Thread | None = None

    @property
    def capacity(self) -> int:
        """One scene in hand and one waiting for each worker; a cluster may grow."""
        return _AT_FIRST if self._crew is None else 2 * len(self._crew)

    def submit(self, task: SceneTask, *, progress: StageProgress) -> Future[Outcome]:
        """Return the result to come."""
        if self._leader is None:
            self._leader = _begun(self._lead)
            for _ in range(_UPLOADS):
                _begun(self._prepare_all)
        name = clip_name(task.path, sha256=task.sha256)
        job = Job(task, progress, name=name, key=self._key(task))
        self._to_prepare.put(job)
        return job.future

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Let the workers go; what they have not done is dropped."""
        self._jobs.close()
        for _ in range(_UPLOADS):
            self._to_prepare.put(None)
        if self._leader is None:
            return
        if error[0] is KeyboardInterrupt:
            self._hurry = True
            self._leader.join(_HURRY_S)
            atexit.register(_end_at_once)
        else:
            self._leader.join()

    def _lead(self) -> None:
        """Join the cluster, look after the workers until the jobs are closed, and leave.

        A thread of its own does so since Ctrl-C goes unheard while Ray is waited for.
        """
        try:
            self._joined = join(self._ray)
            self._crew = crew = self._gathered()
            while not self._jobs.closed.wait(_COUNT_EVERY_S):
                crew.grow(self._wanted())
        except Exception as error:  # noqa: BLE001  (no worker could come: each scene is to say so)
            self._jobs.close(_as_missing(error))
            return
        if crew.end(within_s=_FAREWELL_S) and self._joined and not self._hurry:
            leave()

    def _gathered(self) -> Crew:
        """Ask the cluster for workers."""
        from voxemo_scan.scan.cluster.crew import Crew  # noqa: PLC0415  (imports ray)

        crew = Crew(
            self._jobs,
            self._hire,
            remote=self._remote,
            note=self._note,
            patience_s=self._ray.patience_s,
        )
        crew.grow(self._wanted())
        return crew

    def _wanted(self) -> int:
        """Return how many workers to have: as asked, or as the cluster now has processors for."""
        import ray  # noqa: PLC0415

        if self._ray.workers is not None:
            return self._ray.workers
        resources: Any = ray.cluster_resources  # untyped
        return max(1, int(resources().get("CPU", 0) // self._ray.threads))

    def _hire(self) -> Any:
        """Ask the cluster for an actor; one that is lost is not made anew by Ray, but by us."""
        import ray  # noqa: PLC0415

        from voxemo_scan.scan.cluster.worker import Worker  # noqa: PLC0415

        kind: Any = ray.remote(Worker)
        actor = kind.options(
            num_cpus=self._ray.threads,
            num_gpus=self._gpus,
            max_restarts=0,
            max_concurrency=2,  # it tells of its stage while it analyses
        )
        return actor.remote(
            self._load,
            self._options,
            threads=self._ray.threads,
            remote_store=self._remote.url if self._remote else None,
        )

    def _prepare_all(self) -> None:
        for job in iter(self._to_prepare.get, None):
            try:
                self._prepare(job)
            except Exception as error:  # noqa: BLE001  (or nobody would hear of the job again)
                job.refuse(error)

    def _prepare(self, job: Job) -> None:
        """Have the clip where workers find it, unless the result is there already."""
        if self._remote is not None:
            if not self._fresh and (found := self._remote.result(job.key)):
                job.end(named(found, job.task))
                return
            job.progress("uploading the clip", 0, None)
            job.there = self._uploaded(self._remote, job)
        self._jobs.put(job)

    def _uploaded(self, remote: RemoteStore, job: Job) -> bool:
        try:
            return remote.put_clip(job.task.path, name=job.name)
        except SourceError as error:
            self._note(f"{job.task.id}: {error}; it is sent through Ray")
            return False


def _begun(what: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=what, daemon=True)
    thread.start()
    return thread


def _as_missing(error: Exception) -> MissingError:
    if isinstance(error, MissingError):
        return error
    return MissingError(
        f"the Ray cluster failed: {type(error).__name__}: {error}",
        remedy="see `ray status` and Ray's logs; what was done is kept",
    )


def _end_at_once() -> None:
    """End an interrupted process whose threads may still be in Ray's hands.

    Python would take the interpreter down around them, and they crash then; to leave in good order
    takes Ray longer than one who pressed Ctrl-C waits. Ray sees that the process has ended: it
    lets its workers go, and ends a cluster that was begun for it alone.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(ExitCode.INTERRUPTED)
