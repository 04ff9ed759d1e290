"""What an explanation says, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.emotions import Emotion


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle of the picture: seconds of the clip's time, and Hz."""

    start_s: float
    end_s: float
    low_hz: float
    high_hz: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Which parts of a window speak for its verdict, and which against it.

    ``start_s`` and ``end_s`` are the window's, seconds in the clip's time; ``emotion`` is the
    verdict that is explained, ``probability`` what the ensemble gives it there. ``times_s`` and
    ``bands_hz`` are the edges of cells, ascending; they cover all sound that the verdict was pooled
    from, a little more than the window. ``weights``, [times][bands], -1..1: what speaks for the
    verdict is above 0, what speaks against it below; the strongest cell has 1 or -1. ``marked`` is
    the rectangle that speaks for it most, ``says`` a sentence on it.
    """

    start_s: float
    end_s: float
    emotion: Emotion
    probability: float
    times_s: tuple[float, ...]
    bands_hz: tuple[float, ...]
    weights: tuple[tuple[float, ...], ...]
    marked: Part
    says: str

    def as_json(self) -> dict[str, Any]:
        """Return the explanation as JSON values."""
        marked = self.marked
        return {
            "start_s": self.start_s,
            "end_s": self.end_s,
            "emotion": self.emotion,
            "probability": self.probability,
            "bands_hz": list(self.bands_hz),
            "times_s": list(self.times_s),
            "weights": [list(row) for row in self.weights],
            "marked": {
                "start_s": marked.start_s,
                "end_s": marked.end_s,
                "low_hz": marked.low_hz,
                "high_hz": marked.high_hz,
            },
            "says": self.says,
        }


@dataclass(frozen=True)
class Explained:
    """An explanation, and the sound it is about as the encoder is given it.

    ``picture``: uint8, [80, frames], the log-mel spectrogram over ``explanation.times_s``, lowest
    band first, 255 the loudest.
    """

    explanation: Explanation
    picture: NDArray[np.uint8]
