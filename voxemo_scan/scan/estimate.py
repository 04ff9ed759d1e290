"""A scene's shares and their intervals by the estimator that the options name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.scan.evidence import evidence
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.prevalence import prevalence, prevalence_intervals
from voxemo_scan.scan.shares import mean_shares, share_intervals


@dataclass(frozen=True)
class Estimate:
    """``shares``, [6], sum to 1; ``intervals``, [6, 2], are the low and high end of each."""

    shares: NDArray[np.float64]
    intervals: NDArray[np.float64]


def estimate_shares(
    probabilities: NDArray[np.float64],
    seconds: NDArray[np.float64],
    *,
    segments: NDArray[np.int64],
    window_s: float,
    options: ScanOptions,
    voices: NDArray[np.int64] | None = None,
) -> Estimate:
    """Return the shares of speech time with their intervals, which hold them.

    Args:
        probabilities: [windows, 6], each row summing to 1.
        seconds: [windows], the speech that each stands for, overlaps counted once.
        segments: [windows], ascending, the number of the segment that each is of, from 0.
        window_s: a window's length.
        options: name the estimator and say how it works.
        voices: [windows], the number of the voice that speaks in each; None if nobody told. Shares
            do not depend on it, intervals do.
    """
    if options.estimator == "mean":
        return Estimate(
            mean_shares(probabilities, seconds),
            share_intervals(probabilities, seconds, segments=segments, options=options.bootstrap),
        )
    scene = evidence(probabilities, seconds, segments=segments, window_s=window_s, voices=voices)
    return Estimate(
        prevalence(scene, options=options.prevalence),
        prevalence_intervals(scene, options=options.prevalence, bootstrap=options.bootstrap),
    )


def estimate_point(
    probabilities: NDArray[np.float64],
    seconds: NDArray[np.float64],
    *,
    segments: NDArray[np.int64],
    window_s: float,
    options: ScanOptions,
) -> NDArray[np.float64]:
    """Return the shares, [6], as ``estimate_shares`` does, without their intervals."""
    if options.estimator == "mean":
        return mean_shares(probabilities, seconds)
    scene = evidence(probabilities, seconds, segments=segments, window_s=window_s)
    return prevalence(scene, options=options.prevalence)
