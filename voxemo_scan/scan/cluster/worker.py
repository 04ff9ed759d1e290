"""A worker on some machine: it holds the model once, and analyses one scene after another.

Nothing here knows of Ray; the crew makes an actor of it.
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from voxemo_scan import __version__
from voxemo_scan.digest import file_sha256
from voxemo_scan.errors import VoxemoError
from voxemo_scan.scan.cluster.remote_store import RemoteStore
from voxemo_scan.scan.cluster.wire import Told, told_error, told_result, unpacked
from voxemo_scan.scan.executors import LoadEnsemble, LocalExecutor
from voxemo_scan.scan.result_text import to_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from voxemo_scan.scan.options import ScanOptions
    from voxemo_scan.scan.result import SceneResult
    from voxemo_scan.scan.task import SceneTask

_PREFIX: Final = "voxemo-scan-worker-"
_LEFT_S: Final = 86_400.0
"""How long nothing changes in a folder that was left: containers may share it and not see us."""


class Worker:
    """Analyses scenes whose clips it gets from the driver's own path, the remote store or pieces.

    Args:
        load: loads the model, when the first scene needs it.
        options: how scenes are analysed.
        threads: that may compute.
        remote_store: the address of clips and results, None without.
    """

    def __init__(
        self, load: LoadEnsemble, options: ScanOptions, *, threads: int, remote_store: str | None
    ) -> None:
        self._executor = LocalExecutor(load, options=options, threads=threads)
        self._remote = _lazily(remote_store)
        _sweep()
        self._folder = tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-")
        self._stage: tuple[str, float, float | None] | None = None

    def hello(self) -> dict[str, str]:
        """Return which version this is, and on which machine."""
        return {"version": __version__, "node": platform.node()}

    def has(self, task: Mapping[str, Any], name: str) -> bool:
        """Return whether the clip is here: at the driver's path, or from the scene before."""
        wanted = unpacked(task)
        return self._own(name).is_file() or _same(wanted.path, wanted.sha256)

    def receive(self, name: str, offset: int, piece: bytes) -> None:
        """Take a piece of a clip that the driver sends; the first makes room for it."""
        part = self._own(name).with_suffix(".part")
        if offset == 0:
            self._forget()
        with part.open("r+b" if offset else "wb") as file:
            file.seek(offset)
            file.write(piece)

    def received(self, name: str) -> None:
        """Hear that all of the clip was sent."""
        part = self._own(name).with_suffix(".part")
        part.replace(self._own(name))

    def analyse(self, task: Mapping[str, Any], name: str, key: str | None) -> Told:
        """Return what came of the scene; its result goes to the remote store, if ``key`` is one."""
        wanted = unpacked(task)
        self._stage = None
        read_from = self._own(name)
        try:
            read_from = self._clip(wanted, name)
            found = self._executor.submit(
                replace(wanted, path=read_from), progress=self._note
            ).result()
        except VoxemoError as error:  # the clip cannot be had, or the model
            return told_error(error, task=wanted, read_from=read_from)
        if isinstance(found, VoxemoError):
            return told_error(found, task=wanted, read_from=read_from)
        return self._kept(found, key)

    def stage(self) -> tuple[str, float, float | None] | None:
        """Return how far the scene is: the stage, and how much of how much of it is done."""
        return self._stage

    def _note(self, name: str, done: float, total: float | None) -> None:
        self._stage = (name, done, total)

    def _kept(self, found: SceneResult, key: str | None) -> Told:
        remote = self._remote()
        if key and remote and remote.put_result(key, to_text(found)):
            return Told(stored=True)
        return told_result(found)

    def _clip(self, task: SceneTask, name: str) -> Path:
        """Return where the clip is on this machine, fetched if need be."""
        own, remote = self._own(name), self._remote()
        if own.is_file():
            return own
        if _same(task.path, task.sha256):
            return task.path
        if remote is None:
            raise VoxemoError("the clip did not reach the worker", remedy="run again")
        self._stage = ("fetching the clip", 0.0, None)
        self._forget()
        part = own.with_suffix(".part")
        remote.get_clip(name, to=part)
        return part.replace(own)

    def _own(self, name: str) -> Path:
        return Path(self._folder.name) / name

    def _forget(self) -> None:
        """Remove earlier scenes' clips: one is kept at a time."""
        for path in Path(self._folder.name).iterdir():
            path.unlink()


def _lazily(url: str | None) -> Any:
    """Return a function that opens the remote store once, when it is wanted."""

    @cache
    def opened() -> RemoteStore | None:
        return None if url is None else RemoteStore(url)

    return opened


def _same(path: Path, sha256: str) -> bool:
    """Return whether the file is there, and is the one that is meant."""
    with suppress(OSError):
        if not path.is_file():
            return False
        found = path.stat()
        return _digest(path, found.st_size, found.st_mtime_ns) == sha256
    return False


@cache
def _digest(path: Path, _size: int, _changed_ns: int) -> str:
    return file_sha256(path)


def _leftovers() -> Iterator[Path]:
    """Yield the folders of workers of this machine that were killed."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        pid = path.name.removeprefix(_PREFIX).partition("-")[0]
        with suppress(OSError):
            old = time.time() - path.stat().st_mtime > _LEFT_S
            if old and pid.isdigit() and not Path(f"/proc/{pid}").exists():
                yield path


def _sweep() -> None:
    for path in _leftovers():
        shutil.rmtree(path, ignore_errors=True)
