"""Clips' sound for a page, made while scenes are still analysed: processors are seldom all busy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
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
        try:
            yield Beside(SAMPLING_RATE, held.take)
        except BaseException:
            self._give_up(held)
            raise
        self._reader.submit(self._read, task, held).add_done_callback(lambda _: self._give_up(held))

    def _give_up(self, held: _Held) -> None:
        held.recording.close()
        self._free.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if error[0] is not None:
            self._stopped.set()
        self._reader.shutdown(wait=True, cancel_futures=True)

    def _read(self, task: SceneTask, held: _Held | None = None) -> None:
        with suppress(VoxemoError, OSError):  # who makes the page says it
            kept_sound(
                task,
                self._rate(task),
                go_on=lambda: not self._stopped.is_set(),
                recording=held.recording if held and held.whole else None,
            )

    def _rate(self, task: SceneTask) -> int | None:
        if self._budget_bytes is None:
            return None
        self._durations[task.id] = _duration_s(task)
        return plan_rates(self._durations, budget_bytes=self._budget_bytes)[task.id]


class _Held:
    """A clip's sound as it comes in; not ``whole`` if there was no room for all of it."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.whole = True

    def take(self, block: NDArray[np.int16]) -> None:
        try:
            if self.whole:
                self.recording.append(block)
        except OSError:
            self.whole = False


def _duration_s(task: SceneTask) -> float:
    """Return about how long the clip's range is: 0 where the file does not say."""
    from voxemo_scan.audio.container import probe  # noqa: PLC0415

    ends = [end for end in (task.end_s, probe(task.path).duration_s) if end is not None]
    return max(0.0, min(ends, default=0.0) - task.start_s)
