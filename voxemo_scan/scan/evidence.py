"""A scene's windows as evidence: how much each counts, and which count as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_LEAST: Final = 1e-6
"""What a distribution gives to each emotion at least: no window alone may rule one out."""


@dataclass(frozen=True)
class Evidence:
    """A scene's windows, in order.

    ``rows``: [windows, 6], distributions, none of them zero anywhere; ``seconds``: [windows], the
    speech that each stands for; ``segments``: int, [windows], from 0 without gaps; ``blocks``: the
    same for windows of a segment that overlap so much that they are one piece of evidence;
    ``voices``: the same for windows of one voice; None where nobody told voices apart.
    """

    rows: NDArray[np.float64]
    seconds: NDArray[np.float64]
    segments: NDArray[np.int64]
    blocks: NDArray[np.int64]
    voices: NDArray[np.int64] | None = None

    @property
    def weights(self) -> NDArray[np.float64]:
        """Return how many pieces of evidence each window counts as, [windows]."""
        return np.asarray(self.seconds * ((self.blocks.max() + 1) / self.seconds.sum()))


def evidence(
    probabilities: NDArray[np.float64],
    seconds: NDArray[np.float64],
    *,
    segments: NDArray[np.int64],
    window_s: float,
    voices: NDArray[np.int64] | None = None,
) -> Evidence:
    """Return a scene's windows as evidence.

    Overlapping windows hear the same speech twice, which makes it no more certain. A segment
    counts as as many pieces of evidence as windows fit into it side by side, at least one.

    Args:
        probabilities: [windows, 6], each row summing to 1.
        seconds: [windows], the speech that each stands for, overlaps counted once.
        segments: [windows], ascending, the number of the segment that each is of.
        window_s: a window's length.
        voices: [windows], the number of the voice that speaks in each; None if nobody told.
    """
    rows = np.maximum(probabilities, _LEAST)
    _, own = np.unique(segments, return_inverse=True)
    return Evidence(
        rows=rows / rows.sum(axis=1, keepdims=True),
        seconds=np.asarray(seconds, dtype=np.float64),
        segments=own,
        blocks=_blocks(seconds, own, window_s=window_s),
        voices=None if voices is None else np.unique(voices, return_inverse=True)[1],
    )


def _blocks(
    seconds: NDArray[np.float64], segments: NDArray[np.int64], *, window_s: float
) -> NDArray[np.int64]:
    """Return the number, from 0 without gaps, of the stretch that each window's middle is in."""
    lengths = np.bincount(segments, weights=seconds)
    counts = np.maximum(1, np.round(lengths / window_s))
    begins = np.cumsum(lengths) - lengths
    middles = np.cumsum(seconds) - seconds / 2 - begins[segments]
    places = np.floor(middles / lengths[segments] * counts[segments])
    inside = np.clip(places, 0, counts[segments] - 1)
    _, blocks = np.unique((np.cumsum(counts) - counts)[segments] + inside, return_inverse=True)
    return blocks
