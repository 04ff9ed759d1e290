"""Whether a model is right as often as it says: reliability by confidence (Guo et al. 2017)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

ECE_BINS: Final = 15


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Clips whose verdicts were given with a confidence between ``low`` and ``high``.

    ``confidence`` is their mean confidence, ``accuracy`` the fraction that was right.
    """

    low: float
    high: float
    clips: int
    confidence: float
    accuracy: float


def reliability(
    probabilities: NDArray[np.float64], labels: NDArray[np.int64]
) -> tuple[ReliabilityBin, ...]:
    """Return the bins that hold any clip, by rising confidence."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    bins = np.minimum((confidence * ECE_BINS).astype(int), ECE_BINS - 1)
    return tuple(
        ReliabilityBin(
            low=int(b) / ECE_BINS,
            high=(int(b) + 1) / ECE_BINS,
            clips=int((bins == b).sum()),
            confidence=float(confidence[bins == b].mean()),
            accuracy=float(right[bins == b].mean()),
        )
        for b in np.unique(bins)
    )


def calibration_error(probabilities: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Return the ECE: how far confidence lies from accuracy, averaged over clips."""
    bins = reliability(probabilities, labels)
    return sum(abs(b.confidence - b.accuracy) * b.clips for b in bins) / max(1, len(labels))
