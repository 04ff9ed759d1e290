"""The rectangle of cells that speaks for a verdict most."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

MOST: Final = 0.15
"""How much of the picture a rectangle takes at most: what takes all of it tells nothing."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of cells: the first time and band, and those after the last."""

    first_time: int
    last_time: int
    first_band: int
    last_band: int

    @property
    def size(self) -> tuple[int, int]:
        """Return how many times and bands it holds."""
        return self.last_time - self.first_time, self.last_band - self.first_band

    def meets(self, other: Box) -> bool:
        """Say whether both hold a cell."""
        return (
            self.first_time < other.last_time
            and other.first_time < self.last_time
            and self.first_band < other.last_band
            and other.first_band < self.last_band
        )


def best_box(weights: NDArray[np.float64], *, most: float = MOST) -> Box:
    """Return the rectangle of the largest sum of weights, [times, bands].

    Of the weights, what an even spread would give each cell is taken off, so that a rectangle does
    not grow over cells that say nothing.
    """
    times, bands = weights.shape
    spread = float(np.maximum(weights, 0).mean())
    sums = np.zeros((times + 1, bands + 1))
    sums[1:, 1:] = (weights - spread).cumsum(axis=0).cumsum(axis=1)
    limit = max(1, int(most * times * bands))
    boxes = (
        Box(first, last, low, high)
        for first, last in combinations(range(times + 1), 2)
        for low, high in combinations(range(bands + 1), 2)
        if (last - first) * (high - low) <= limit
    )
    return max(boxes, key=lambda box: _sum(sums, box))


def elsewhere(box: Box, *, shape: tuple[int, int]) -> list[Box]:
    """Return all rectangles of the same size that do not meet ``box``."""
    (times, bands), (long, wide) = shape, box.size
    found = (
        Box(time, time + long, band, band + wide)
        for time in range(times - long + 1)
        for band in range(bands - wide + 1)
    )
    return [other for other in found if not other.meets(box)]


def _sum(sums: NDArray[np.float64], box: Box) -> float:
    return float(
        sums[box.last_time, box.last_band]
        - sums[box.first_time, box.last_band]
        - sums[box.last_time, box.first_band]
        + sums[box.first_time, box.first_band]
    )
