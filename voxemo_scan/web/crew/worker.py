"""A worker process: it holds the model once, does one job at a time, and can be replaced."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Final

from voxemo_scan.errors import MissingError, VoxemoError
from voxemo_scan.scan.border import outcome
from voxemo_scan.web.crew.confine import confine
from voxemo_scan.web.crew.jobs import Job, LoadEnsemble, Tools

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_FAREWELL_S: Final = 2.0
_LOADING_S: Final = 120.0


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """``load`` makes a worker ready and returns the model; ``memory_bytes`` is what it may take
    beyond that."""

    load: LoadEnsemble
    memory_bytes: int


class Ended(Exception):  # noqa: N818 - what became of a worker
    """A worker ended in the midst of a job, or was ended; the message says how."""


class OutOfTime(Ended):
    """A worker was ended because its job took too long."""


class Worker:
    """A worker process and the pipe to it; used by one thread at a time."""

    def __init__(self, settings: WorkerSettings) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, settings), daemon=True)
        self._process.start()
        theirs.close()
        self._ready = False

    @property
    def pid(self) -> int | None:
        """The process's number."""
        return self._process.pid

    def wait_until_ready(self) -> None:
        """Wait until the model is loaded.

        Raises:
            Ended: it ended instead.
            VoxemoError: there is no model.
        """
        if not self._ready:
            found = self._answer(_LOADING_S)
            if isinstance(found, VoxemoError):
                raise found
            self._ready = True

    def do(self, job: Job, *, within_s: float) -> Any:
        """Return what ``job`` found, or the ``VoxemoError`` that stopped it.

        Raises:
            Ended: the worker ended; ``OutOfTime`` if it was because it took too long.
        """
        self.wait_until_ready()
        try:
            self._pipe.send(job)
        except OSError:
            raise Ended(self._end()) from None
        return self._answer(within_s)

    def kill(self) -> None:
        """End it, whatever it is at."""
        self._process.kill()

    def close(self) -> None:
        """Let it end, by force if it does not."""
        self._end()

    def _answer(self, within_s: float) -> Any:
        try:
            if self._pipe.poll(within_s):
                return self._pipe.recv()
        except (EOFError, OSError):
            raise Ended(self._end()) from None
        self.kill()
        self._end()
        raise OutOfTime(f"took longer than {within_s:g} s")

    def _end(self) -> str:
        self._pipe.close()
        self._process.join(_FAREWELL_S)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join()
        code = self._process.exitcode or 0
        return f"ended with exit code {code}" if code >= 0 else f"was killed by signal {-code}"


def _serve(pipe: Connection[Any, Any], settings: WorkerSettings) -> None:
    """Do what comes through the pipe until it is closed: the life of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent alone answers Ctrl-C
    tools = Tools(settings.load)
    ready = _caught(lambda: _prepare(tools, settings))
    pipe.send(ready)
    if ready is not None:
        return
    while True:
        try:
            job: Job = pipe.recv()
        except (EOFError, OSError):  # the parent has ended, or has no more to do
            return
        pipe.send(_caught(lambda job=job: job.do(tools)))  # type: ignore[misc]


def _prepare(tools: Tools, settings: WorkerSettings) -> None:
    _ = tools.ensemble
    confine(memory_bytes=settings.memory_bytes)


def _caught(action: Callable[[], Any]) -> Any:
    """Return what ``action`` returns, or the error that stopped it."""

    def within_memory() -> Any:
        try:
            return action()
        except MemoryError:
            raise VoxemoError(
                "the recording takes more memory than it may", remedy="convert it to a plain format"
            ) from None

    try:
        return outcome(within_memory)
    except MissingError as error:
        return error
