"""One person who is listened to: sound in, what is heard out, a verdict on all of it at the end.

Whoever sends faster than time goes by, pauses too long or goes on too long is stopped. Where the
server falls behind, windows are skipped; none is ever queued behind another of the same person.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.speech.windows import Window
from voxemo_scan.web.live.ear import WINDOW_S, Ear
from voxemo_scan.web.live.tally import Tally

if TYPE_CHECKING:
    from voxemo_scan.models.judgement import Judgement
    from voxemo_scan.web.live.chorus import Chorus
    from voxemo_scan.web.metrics import Metrics
    from voxemo_scan.web.settings import Limits

STEP_S: Final = 0.5
AHEAD_S: Final = 5.0
"""How much more sound than time may have come: what a browser sends after a hitch."""

_NEW_S: Final = 0.1
"""Speech that must have come since the last window for another to be judged."""

POLICY: Final = 1008
TOO_BIG: Final = 1009
BAD_DATA: Final = 1003
GONE: Final = 1001


@dataclass
class Stopped(Exception):  # noqa: N818 - the end of a session
    """A session that is ended by us: the WebSocket's closing code, and why."""

    code: int
    message: str
    remedy: str = ""


@dataclass(frozen=True)
class Tools:
    """What sessions share: ``ears`` are threads in which sound is taken in."""

    chorus: Chorus
    ears: Executor
    limits: Limits
    metrics: Metrics
    clock: Callable[[], float] = time.monotonic


class Session:
    """A recording under way at ``path``."""

    def __init__(self, path: Path, *, sampling_rate: int, tools: Tools) -> None:
        self._tools = tools
        self._rate = sampling_rate
        self._ear = Ear(path, sampling_rate=sampling_rate)
        self._tally = Tally(window_s=WINDOW_S)
        self._came: list[NDArray[np.float32]] = []
        self._samples = 0
        self._began = self._last = tools.clock()
        self._judging: asyncio.Task[tuple[Window, Judgement | None]] | None = None
        self._judged_s = self._asked_s = 0.0

    @property
    def is_full(self) -> bool:
        """Whether as much was said as may be."""
        return self._samples >= self._tools.limits.live_s * self._rate

    def take(self, data: bytes) -> None:
        """Take a message of sound: float32, little-endian, mono.

        Raises:
            Stopped: it is no such sound, or more than time allows.
        """
        if len(data) % 4:
            raise Stopped(BAD_DATA, "a message of sound is cut off", "send float32 samples, mono")
        signal = np.frombuffer(data, dtype="<f4")
        self._last = self._tools.clock()
        ahead_s = self._samples / self._rate + len(signal) / self._rate - (self._last - self._began)
        if ahead_s > AHEAD_S:
            raise Stopped(
                POLICY, "sound came faster than time goes by", "upload a recording as a file"
            )
        left = round(self._tools.limits.live_s * self._rate) - self._samples
        signal = signal[: max(0, left)]
        self._samples += len(signal)
        self._came.append(signal)

    def check_awake(self) -> None:
        """Raise ``Stopped`` where nothing has come for too long."""
        if self._tools.clock() - self._last > self._tools.limits.silent_s:
            raise Stopped(GONE, f"no sound for {self._tools.limits.silent_s:g} s", "start anew")

    async def step(self) -> dict[str, Any]:
        """Take in what came, and return what is heard now."""
        await self._listen()
        now = self._ear.now()
        window = self._judged()
        if self._judging is None:
            self._begin()
        else:
            self._tools.metrics.live_windows.labels("skipped").inc()
        behind_s = max(0.0, now.at_s - self._judged_s) if self._judging is not None else 0.0
        return {
            "type": "heard", "at_s": now.at_s, "level_db": now.level_db, "speech": now.speech,
            "window": window, **self._tally.told(), "behind_s": round(behind_s, 2),
        }  # fmt: skip

    async def finish(self) -> float:
        """Finish the recording and return its length, seconds."""
        await self._listen()
        return self._samples / self._rate

    async def close(self) -> None:
        """Hold nothing any more."""
        if self._judging is not None:
            self._judging.cancel()
            with suppress(asyncio.CancelledError):
                await self._judging
        await asyncio.get_running_loop().run_in_executor(self._tools.ears, self._ear.close)

    async def _listen(self) -> None:
        came, self._came = self._came, []
        if came:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._tools.ears, self._ear.take, np.concatenate(came))

    def _judged(self) -> dict[str, Any] | None:
        """Return the window that has been judged since, if one has."""
        if self._judging is None or not self._judging.done():
            return None
        window, heard = self._judging.result()
        self._judging, self._judged_s = None, window.end_s
        self._tools.metrics.live_windows.labels("judged" if heard else "failed").inc()
        return None if heard is None else self._tally.add(window, heard)

    def _begin(self) -> None:
        """Have the latest window judged."""
        found = self._ear.next_window()
        if found is None:
            self._judged_s = self._ear.at_s
            return
        window, excerpt = found
        if window.end_s - self._asked_s < _NEW_S:
            return
        self._asked_s = window.end_s

        async def judge() -> tuple[Window, Judgement | None]:
            return window, await self._tools.chorus.judge(excerpt)

        self._judging = asyncio.create_task(judge())
