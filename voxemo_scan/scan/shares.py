"""From windows' distributions to a scene's shares, and how far they can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.emotions import EMOTIONS, Emotion


@dataclass(frozen=True, slots=True)
class BootstrapOptions:
    """How the intervals are drawn: how often, with which seed, and how much they cover (0..1)."""

    resamples: int = 1000
    seed: int = 0
    coverage: float = 0.95


def mean_shares(
    probabilities: NDArray[np.float64], seconds: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the shares, [6], that sum to 1: distributions weighted by the speech they stand for.

    Args:
        probabilities: [windows, 6], each row summing to 1.
        seconds: [windows], each window's speech time, overlaps counted once.
    """
    return np.asarray(seconds @ probabilities / seconds.sum())


def share_intervals(
    probabilities: NDArray[np.float64],
    seconds: NDArray[np.float64],
    *,
    segments: NDArray[np.int64],
    options: BootstrapOptions,
) -> NDArray[np.float64]:
    """Return the low and high end of each share's interval, [6, 2].

    Block bootstrap (Efron and Tibshirani 1993, ch. 8): whole segments are drawn with replacement,
    since the windows of one segment are not independent. Whenever a window is drawn it counts as
    one emotion, drawn from its distribution, so that a scene of few windows gets the wide
    interval that it deserves. The interval always holds the share itself.

    Args:
        probabilities: [windows, 6], each row summing to 1.
        seconds: [windows], each window's speech time.
        segments: [windows], the number of the segment that each window is of, from 0.
        options: how often to draw, the seed and the coverage.
    """
    rng = np.random.default_rng(options.seed)
    count = int(segments.max()) + 1
    rows = probabilities / probabilities.sum(axis=1, keepdims=True)
    drawn = np.empty((options.resamples, len(EMOTIONS)))
    for shares in drawn:
        times = np.bincount(rng.integers(count, size=count), minlength=count)[segments]
        heard = rng.multinomial(times, rows)
        shares[:] = seconds @ heard / (seconds @ times)
    tail = (1.0 - options.coverage) / 2.0
    low, high = np.quantile(drawn, [tail, 1.0 - tail], axis=0)
    found = mean_shares(probabilities, seconds)
    return np.stack([np.minimum(low, found), np.maximum(high, found)], axis=1)


def female_fraction(
    female: NDArray[np.float64], seconds: NDArray[np.float64], *, segments: NDArray[np.int64]
) -> float:
    """Return the fraction of speech time, 0..1, whose voice is a woman's.

    Each segment is taken for one voice: the weighted mean of its windows' log odds decides.

    Args:
        female: [windows], the probability that the voice is a woman's.
        seconds: [windows], each window's speech time.
        segments: [windows], the number of the segment that each window is of.
    """
    clipped = np.clip(female, 1e-6, 1 - 1e-6)
    odds = np.bincount(segments, weights=seconds * np.log(clipped / (1 - clipped)))
    lengths = np.bincount(segments, weights=seconds)
    return float(lengths[odds > 0].sum() / lengths.sum())


def by_emotion(values: Sequence[float] | NDArray[np.float64]) -> dict[Emotion, float]:
    """Return six values keyed by emotion, in order."""
    return dict(zip(EMOTIONS, (float(value) for value in values), strict=True))
