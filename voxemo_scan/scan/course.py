"""What windows that come one by one amount to so far."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.emotions import Emotion
from voxemo_scan.scan.estimate import estimate_point
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.result import Gender
from voxemo_scan.scan.shares import by_emotion, female_fraction
from voxemo_scan.speech.windows import Window, speech_weights

_MOST: Final = 720
"""Windows that are held, so that an hour takes no more than six minutes do."""


class Course:
    """Windows as they come, the newest ``_MOST`` of them, and the shares they make."""

    def __init__(self, *, window_s: float, options: ScanOptions) -> None:
        self._window_s = window_s
        self._options = options
        self._windows: list[Window] = []
        self._rows: list[NDArray[np.float64]] = []
        self._female: list[float] = []
        self._segments: list[int] = []

    def add(self, window: Window, row: NDArray[np.float64], *, female: float, segment: int) -> None:
        """Add a window: its distribution, [6], and how likely its voice is a woman's."""
        self._windows.append(window)
        self._rows.append(row)
        self._female.append(female)
        self._segments.append(segment)
        for held in (self._windows, self._rows, self._female, self._segments):
            del held[:-_MOST]

    def shares(self) -> dict[Emotion, float]:
        """Return the shares so far, by the estimator of the options; empty before any window."""
        if not self._windows:
            return {}
        return by_emotion(
            estimate_point(
                np.stack(self._rows), self._seconds(),
                segments=self._numbers(), window_s=self._window_s, options=self._options,
            )
        )  # fmt: skip

    def voices(self) -> dict[Gender, float]:
        """Return the fractions of speech time by gender so far; empty before any window."""
        if not self._windows:
            return {}
        female = female_fraction(np.array(self._female), self._seconds(), segments=self._numbers())
        return {"female": female, "male": 1.0 - female}

    def _seconds(self) -> NDArray[np.float64]:
        return speech_weights(self._windows)

    def _numbers(self) -> NDArray[np.int64]:
        _, numbers = np.unique(self._segments, return_inverse=True)
        return numbers.astype(np.int64)
