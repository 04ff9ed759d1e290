"""A passage: a stretch of sound and the windows in it that are to be judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.features.log_mel import SAMPLING_RATE

REACH_S: Final = 0.56
"""Sound on either side of a window by which it is judged too: half of windows' hop."""


@dataclass(frozen=True)
class Passage:
    """Speech with a little of what surrounds it, and the windows that tile the speech.

    ``signal``: float32, [samples], mono, -1..1, 16 kHz, at most 30 s; ``windows``: the first
    sample of each window and the one after its last, in order. What lies before the first window
    and after the last is context: silence if the passage starts or ends the speech, else speech.
    """

    signal: NDArray[np.float32]
    windows: tuple[tuple[int, int], ...]
    starts_speech: bool = True
    ends_speech: bool = True

    def cut(self) -> list[NDArray[np.float32]]:
        """Return the windows' samples."""
        return [self.signal[first:last] for first, last in self.windows]

    def stretches(self) -> list[tuple[int, int]]:
        """Return what to hear each window by: it and ``REACH_S`` on either side, in the passage.

        The windows at the speech's ends reach over all the silence around it: how speech begins
        and ends in silence tells of its emotion too.
        """
        reach = round(REACH_S * SAMPLING_RATE)
        grown = [
            (max(0, first - reach), min(len(self.signal), last + reach))
            for first, last in self.windows
        ]
        if self.starts_speech:
            grown[0] = (0, grown[0][1])
        if self.ends_speech:
            grown[-1] = (grown[-1][0], len(self.signal))
        return grown
