"""A passage: a stretch of sound and the windows in it that are to be judged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


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
        """Return the windows, those at the speech's ends grown by the silence around it.

        How speech begins and ends in silence tells of its emotion too.
        """
        grown = list(self.windows)
        if self.starts_speech:
            grown[0] = (0, grown[0][1])
        if self.ends_speech:
            grown[-1] = (grown[-1][0], len(self.signal))
        return grown
