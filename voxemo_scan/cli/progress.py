"""Progress on stderr: bars on a terminal, plain lines elsewhere, nothing when asked to be quiet."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from voxemo_scan.cli.console import err
from voxemo_scan.progress import NoProgress, Progress

if TYPE_CHECKING:
    from rich.progress import TaskID

_LINE_EVERY_S: Final = 30.0


@contextmanager
def open_progress(quiet: bool) -> Iterator[Progress]:
    """Yield where a task may say how far it is; drawn until the block ends."""
    if quiet:
        yield NoProgress()
    elif err.is_terminal:
        with _Bars() as bars:
            yield bars
    else:
        yield _Lines()


class _Bars:
    """A bar for all scenes, and one for the stage of each scene under way."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Drawing

        self._all = Drawing(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=err,
            transient=True,
        )
        self._lock = threading.Lock()
        self._scenes: TaskID | None = None
        self._stages: dict[str, TaskID] = {}

    def __enter__(self) -> _Bars:
        self._all.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._all.stop()

    def start(self, total_scenes: int) -> None:
        """Draw the bar for all scenes."""
        self._scenes = self._all.add_task("scenes", total=total_scenes)

    def stage(
        self, scene_id: str, name: str, *, done: float | None = None, total: float | None = None
    ) -> None:
        """Draw how far the scene is in its stage: in per cent, or on and off when unknown."""
        percent = round(100 * done / total) if done is not None and total else None
        with self._lock:
            task = self._stages.get(scene_id)
            if task is None:
                task = self._stages[scene_id] = self._all.add_task("", total=None)
            self._all.update(
                task,
                description=f"  {_plain(scene_id)}: {_plain(name)}",
                completed=percent or 0,
                total=None if percent is None else 100,
            )

    def scene_done(self, scene_id: str, line: str) -> None:
        """Take the scene's bar away and print its outcome above the bars."""
        with self._lock:
            task = self._stages.pop(scene_id, None)
        if task is not None:
            self._all.remove_task(task)
        if self._scenes is not None:
            self._all.advance(self._scenes)
        self.note(f"{scene_id}: {line}")

    def note(self, message: str) -> None:
        """Print a line above the bars."""
        self._all.console.print(message, markup=False)


class _Lines:
    """One line a scene, and one now and then for a stage that takes long."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._total = 0
        self._done = 0
        self._told = time.monotonic()

    def start(self, total_scenes: int) -> None:
        """Remember how many scenes there are."""
        self._total = total_scenes

    def stage(
        self, scene_id: str, name: str, *, done: float | None = None, total: float | None = None
    ) -> None:
        """Print a line when nothing was printed for a while."""
        with self._lock:
            if time.monotonic() - self._told < _LINE_EVERY_S:
                return
            self._told = time.monotonic()
        share = f" {100 * done / total:.0f} %" if done is not None and total else ""
        self.note(f"{scene_id}: {name}{share}")

    def scene_done(self, scene_id: str, line: str) -> None:
        """Print which scene of how many ended, and how."""
        with self._lock:
            self._done += 1
            done, self._told = self._done, time.monotonic()
        self.note(f"[{done}/{self._total}] {scene_id}: {line}")

    def note(self, message: str) -> None:
        """Print a line."""
        err.print(message, markup=False)


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)
