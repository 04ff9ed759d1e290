"""Clips' sound for a page, made while scenes are still analysed: processors are seldom all busy."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Self

from voxemo_scan.errors import VoxemoError
from voxemo_scan.report.media.budget import plan_rates
from voxemo_scan.report.media.kept import kept_sound

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from voxemo_scan.audio.decode import Beside
    from voxemo_scan.audio.recording import Recording
    from voxemo_scan.scan.task import SceneTask


class EarlyMedia:
    """Reads clips ahead of the page, one at a time; what it makes is kept where pages look for it.

    The bit rate is what the clips so far leave; where others make it lower, a clip is read again.
    Leaving the context ends what is under way after an error, and drops what is not begun.

    Args:
        budget_bytes: what all sound may take in the page; None for a page without sound.
    """

    def __init__(self, budget_bytes: int | None) -> None:
        self._budget_bytes = budget_bytes
        self._durations: dict[str, float] = {}
        self._stopped = threading.Event()
        self._free = threading.Lock()
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="early")

    def begin(self, task: SceneTask) -> None:
        """Have the clip of ``task`` read, by and by, if what is made of it can be kept."""
        if task.sha256:
            self._reader.submit(self._read, task)

    @contextmanager
    def overhear(self, task: SceneTask) -> Iterator[Beside | None]:
        """Take the clip's sound from who reads it, so that it is decoded once.

        The sound of one clip is held at a time; while one is, others are read anew.
        """
        if not task.sha256 or not self._free.acquire(blocking=False):
            self.begin(task)
            yield None
            return
        from voxemo_scan.audio.decode import Beside  # noqa: PLC0415  (nothing to read: not needed)
        from voxemo_scan.audio.recording import Recording  # noqa: PLC0415
        from voxemo_scan.report.media.sound import SAMPLING_RATE  # noqa: PLC0415

        held = _Held(Recording(sampling_rate=SAMPLING_RATE))
        reading = self._reader.submit(self._read, task, held)
        reading.add_done_callback(lambda _: self._let_go(held))
        try:
            yield Beside(SAMPLING_RATE, held.take)
        except BaseException:
            held.end(lost=True)
            raise
        held.end()

    def _let_go(self, held: _Held) -> None:
        held.close()
        self._free.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if error[0] is not None:
            self._stopped.set()
        self._reader.shutdown(wait=True, cancel_futures=True)

    def _read(self, task: SceneTask, held: _Held | None = None) -> None:
        with suppress(VoxemoError, OSError):  # who makes the page says it
            kbps = self._rate(task)
            if held is not None:
                with suppress(_NoRoomError):
                    kept_sound(task, kbps, go_on=self._goes_on, blocks=held.blocks())
                    return
            kept_sound(task, kbps, go_on=self._goes_on)

    def _goes_on(self) -> bool:
        return not self._stopped.is_set()

    def _rate(self, task: SceneTask) -> int | None:
        if self._budget_bytes is None:
            return None
        self._durations[task.id] = _duration_s(task)
        return plan_rates(self._durations, budget_bytes=self._budget_bytes)[task.id]


class _NoRoomError(Exception):
    """A clip's sound could not be held."""


class _Held:
    """A clip's sound, followed by one thread while it comes in from another."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._changed = threading.Condition()
        self._size = 0
        self._ended = self._lost = self._full = self._closed = False

    def take(self, block: NDArray[np.int16]) -> None:
        """Hold what comes next, unless there was no room or nobody wants it any more."""
        with self._changed:
            if self._full or self._closed:
                return
            try:
                self._recording.append(block)
            except OSError:
                self._full = True
            self._size += block.size
            self._changed.notify_all()

    def end(self, *, lost: bool = False) -> None:
        """Say that no more comes; ``lost`` if that is not all there is."""
        with self._changed:
            self._ended, self._lost = True, lost
            self._changed.notify_all()

    def close(self) -> None:
        """Give up what is held."""
        with self._changed:
            self._closed = True
            self._recording.close()

    def blocks(self) -> Generator[NDArray[np.int16]]:
        """Yield the sound in blocks of a second as soon as each is there; the last may be shorter.

        Raises:
            VoxemoError: not all of it came.
            _NoRoomError: not all of it could be held.
        """
        start = 0
        while True:
            with self._changed:
                self._changed.wait_for(partial(self._ready, start))
                if self._lost:
                    raise VoxemoError("stopped")
                if self._full:
                    raise _NoRoomError
                block = self._recording.block(start)
            if not block.size:
                return
            start += block.size
            yield block

    def _ready(self, start: int) -> bool:
        whole = self._size - start >= self._recording.sampling_rate
        return whole or self._ended or self._full


def _duration_s(task: SceneTask) -> float:
    """Return about how long the clip's range is: 0 where the file does not say."""
    from voxemo_scan.audio.container import probe  # noqa: PLC0415

    ends = [end for end in (task.end_s, probe(task.path).duration_s) if end is not None]
    return max(0.0, min(ends, default=0.0) - task.start_s)
