"""A manifest's run in a process of its own, which tells its progress and can be ended."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from voxemo_scan.errors import VoxemoError
from voxemo_scan.scan.border import outcome

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from voxemo_scan.scan.task import SceneTask

_FAREWELL_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be run: the manifest's ``text`` in ``folder``, its report into ``report``.

    Web clips go to ``clips``, results to the cache folder ``cache``. ``memory_bytes`` is what the
    process may take beyond its model.
    """

    text: str
    folder: Path
    report: Path
    clips: Path
    cache: Path
    model: str | None
    device: str
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class Told:
    """A step: a scene's stage, how much of it is done (0..1), or its outcome."""

    scene: str
    stage: str
    done: float | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a run: its exit code and, where it failed as a whole, why."""

    exit_code: int
    error: str | None = None


class Run:
    """A run under way."""

    def __init__(self, order: Order) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe(duplex=False)
        self._process: BaseProcess = context.Process(target=_work, args=(theirs, order))
        self._process.start()
        theirs.close()

    def tell(self, within_s: float) -> Told | Ended | None:
        """Return the next step, or how it ended; None if nothing came in time."""
        try:
            if not self._pipe.poll(within_s):
                return None
            told: Told | Ended = self._pipe.recv()
        except (EOFError, OSError):
            self._process.join(_FAREWELL_S)
            code = self._process.exitcode or 0
            why = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
            return Ended(4, f"the process that ran it {why}")
        return told

    def end(self) -> None:
        """End it, whatever it is at, with all that it started."""
        if self._process.is_alive() and self._process.pid and hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                if os.getpgid(self._process.pid) == self._process.pid:
                    os.killpg(self._process.pid, signal.SIGKILL)
        if self._process.is_alive():
            self._process.kill()
        self._process.join()
        self._pipe.close()


class _Progress:
    """Sends what a run says of its progress through the pipe."""

    def __init__(self, pipe: Connection[Any, Any]) -> None:
        self._send = pipe.send

    def start(self, total_scenes: int) -> None:
        pass

    def stage(
        self, scene_id: str, name: str, *, done: float | None = None, total: float | None = None
    ) -> None:
        part = min(1.0, done / total) if done is not None and total else None
        self._send(Told(scene_id, name, part))

    def scene_done(self, scene_id: str, line: str) -> None:
        self._send(Told(scene_id, "done", 1.0, line))

    def note(self, message: str) -> None:
        pass


def _work(pipe: Connection[Any, Any], order: Order) -> None:
    """Run the manifest: the life of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent alone answers Ctrl-C
    if hasattr(os, "setpgid"):
        os.setpgid(0, 0)  # what yt-dlp starts ends with this process
    os.environ["VOXEMO_CACHE"] = str(order.cache)
    os.chdir(order.folder)
    found = outcome(partial(_run, order, _Progress(pipe)))
    if isinstance(found, VoxemoError):
        pipe.send(Ended(int(found.exit_code), str(found)))
    else:
        pipe.send(Ended(found))


def _run(order: Order, progress: _Progress) -> int:
    from voxemo_scan.manifest.load import parse_manifest  # noqa: PLC0415  (this process only)
    from voxemo_scan.report.media.gather import MediaOptions, gather_media  # noqa: PLC0415
    from voxemo_scan.report.write import write_report  # noqa: PLC0415
    from voxemo_scan.web.crew.confine import confine  # noqa: PLC0415
    from voxemo_scan.web.scans.manifest import NAME  # noqa: PLC0415
    from voxemo_scan.workflow import RunOptions, run_manifest  # noqa: PLC0415

    confine(memory_bytes=order.memory_bytes, file_bytes=None)
    manifest = parse_manifest(order.text, path=Path(NAME))
    options = RunOptions(clips=order.clips, model=order.model, device=order.device)
    heard: list[SceneTask] = []
    report = run_manifest(
        manifest, manifest.scenes, options, progress=progress, on_clip=heard.append
    )
    media = gather_media(report, heard, MediaOptions())
    write_report(report, order.report, media=media)
    return int(report.exit_code)
