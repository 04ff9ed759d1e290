"""What the windows of somebody who is listened to come to, so far."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.scan.evidence import evidence
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.prevalence import prevalence
from voxemo_scan.scan.shares import by_emotion, female_fraction
from voxemo_scan.speech.windows import Window, speech_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voxemo_scan.models.judgement import Judgement

_MOST: Final = 400
_GAP_S: Final = 0.3


class Tally:
    """Remembers the latest windows that were clear speech."""

    def __init__(self, *, window_s: float, options: ScanOptions | None = None) -> None:
        self._window_s = window_s
        self._options = options or ScanOptions()
        self._kept: deque[tuple[Window, NDArray[np.float64], float]] = deque(maxlen=_MOST)

    def add(self, window: Window, heard: Judgement) -> dict[str, Any] | None:
        """Return the window as it is told, None where it is no clear speech of one voice."""
        if heard.clear is not None and heard.clear[0] < self._options.least_clear:
            return None
        female = 0.5 if heard.female is None else float(heard.female[0])
        row = np.asarray(heard.probabilities[0], dtype=np.float64)
        self._kept.append((window, row / row.sum(), female))
        shown = {name: round(share, 4) for name, share in by_emotion(row).items()}
        return {"start_s": window.start_s, "end_s": window.end_s, "probabilities": shown}

    def told(self) -> dict[str, Any]:
        """Return ``shares`` and ``voices`` of all that was heard, None for both where nothing was.

        The shares are estimated as a whole recording's are, from windows that came one by one.
        """
        if not self._kept:
            return {"shares": None, "voices": None}
        windows = [window for window, _, _ in self._kept]
        rows = np.array([row for _, row, _ in self._kept])
        seconds, segments = speech_weights(windows), _segments(windows)
        held = evidence(rows, seconds, segments=segments, window_s=self._window_s)
        found = prevalence(held, options=self._options.prevalence)
        female = female_fraction(
            np.array([f for _, _, f in self._kept]), seconds, segments=segments
        )
        return {
            "shares": {name: round(float(s), 4) for name, s in zip(EMOTIONS, found, strict=True)},
            "voices": {"female": round(female, 4), "male": round(1.0 - female, 4)},
        }


def _segments(windows: list[Window]) -> NDArray[np.int64]:
    """Return the number of the stretch of speech that each window is of: they overlap in one."""
    starts = [w.start_s for w in windows[1:]]
    ends = [w.end_s for w in windows[:-1]]
    breaks = [start - end > _GAP_S for start, end in zip(starts, ends, strict=True)]
    return np.cumsum([False, *breaks]).astype(np.int64)
