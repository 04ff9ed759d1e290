"""The cells in which a picture is explained: bands of pitch times stretches of time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.features.compiled import librosa
from voxemo_scan.features.log_mel import BANDS, HOP_SAMPLES, SAMPLING_RATE

CELL_S: Final = 0.24
"""About how long a cell is: a syllable."""
CELL_BANDS: Final = 10
"""Mel bands in a cell: about an octave, from 1 kHz on."""
FRAME_S: Final = HOP_SAMPLES / SAMPLING_RATE


@dataclass(frozen=True)
class Grid:
    """Edges of cells in a picture's frames and mel bands, ascending."""

    frames: tuple[int, ...]
    bands: tuple[int, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Return how many stretches of time and how many bands of pitch there are."""
        return len(self.frames) - 1, len(self.bands) - 1

    def sums(self, picture: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sum of ``picture``, [80, frames], over each cell: [times, bands]."""
        rows = np.add.reduceat(picture, self.bands[:-1], axis=0)
        held = rows[:, : self.frames[-1]]
        return np.add.reduceat(held, self.frames[:-1], axis=1).T

    def edges_hz(self) -> tuple[float, ...]:
        """Return the bands' edges, whole Hz."""
        return tuple(float(round(mel_edges_hz()[band])) for band in self.bands)


def make_grid(
    first_frame: int, last_frame: int, *, cell_s: float = CELL_S, cell_bands: int = CELL_BANDS
) -> Grid:
    """Return the grid of the frames from ``first_frame`` on and before ``last_frame``."""
    length = max(1, last_frame - first_frame)
    count = max(1, round(length * FRAME_S / cell_s))
    edges = first_frame + np.round(np.linspace(0, length, count + 1)).astype(int)
    return Grid(tuple(edges.tolist()), tuple(range(0, BANDS + 1, cell_bands)))


@cache
def mel_edges_hz() -> NDArray[np.float64]:
    """Return where the encoder's mel bands meet, [81], Hz; the outer ends are 0 and 8000."""
    points = librosa.mel_frequencies(BANDS + 2, fmin=0.0, fmax=SAMPLING_RATE / 2)
    edges = (points[:-1] + points[1:]) / 2
    edges[0], edges[-1] = points[0], points[-1]
    return np.asarray(edges)
