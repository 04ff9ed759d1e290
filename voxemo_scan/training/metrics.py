"""How well distributions match labels.

UA is the mean of the classes' recalls, WA plain accuracy, ECE the expected calibration error
over 15 equal bins (Guo et al. 2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, f1_score

from voxemo_scan.training.labels import SIX, LabelSet
from voxemo_scan.training.reliability import ReliabilityBin, calibration_error, reliability

_RESAMPLES: Final = 1000


@dataclass(frozen=True)
class Metrics:
    """A model's figures on one set of clips; all fractions, 0..1.

    ``confusion``: int, [labels, labels], rows are labels, columns verdicts; ``ua_ci`` and
    ``wa_ci`` are 95 % intervals by resampling speakers.
    """

    clips: int
    ua: float
    wa: float
    macro_f1: float
    ece: float
    recalls: dict[str, float]
    confusion: NDArray[np.int64]
    ua_ci: tuple[float, float]
    wa_ci: tuple[float, float]
    reliability: tuple[ReliabilityBin, ...] = ()


def measure(
    probabilities: NDArray[np.float64],
    labels: NDArray[np.int64],
    *,
    speakers: Sequence[str],
    label_set: LabelSet = SIX,
    resamples: int = _RESAMPLES,
    seed: int = 0,
) -> Metrics:
    """Return the figures of ``probabilities``, [clips, labels], against ``labels``, [clips]."""
    verdicts = probabilities.argmax(axis=1)
    order = list(range(len(label_set)))
    confusion = np.asarray(confusion_matrix(labels, verdicts, labels=order), dtype=np.int64)
    ua_ci, wa_ci = _speaker_intervals(
        verdicts, labels, speakers=np.asarray(speakers), count=len(order),
        resamples=resamples, seed=seed,
    )  # fmt: skip
    present = np.unique(labels).tolist()
    return Metrics(
        clips=len(labels),
        ua=_ua(confusion),
        wa=_wa(confusion),
        macro_f1=float(
            f1_score(labels, verdicts, labels=present, average="macro", zero_division=0)
        ),
        ece=calibration_error(probabilities, labels),
        recalls=dict(zip(label_set.labels, _recalls(confusion).tolist(), strict=True)),
        confusion=confusion,
        ua_ci=ua_ci,
        wa_ci=wa_ci,
        reliability=reliability(probabilities, labels),
    )


def _recalls(confusion: NDArray[np.int64]) -> NDArray[np.float64]:
    totals = confusion.sum(axis=1)
    hits = np.diag(confusion).astype(float)
    recalls = np.full(len(totals), np.nan)
    np.divide(hits, totals, out=recalls, where=totals > 0)
    return recalls


def _ua(confusion: NDArray[np.int64]) -> float:
    return float(np.nanmean(_recalls(confusion)))


def _wa(confusion: NDArray[np.int64]) -> float:
    return float(np.trace(confusion) / max(1, confusion.sum()))


def _speaker_intervals(
    verdicts: NDArray[np.int64],
    labels: NDArray[np.int64],
    *,
    speakers: NDArray[np.str_],
    count: int,
    resamples: int,
    seed: int,
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return 95 % percentile intervals of UA and WA over resampled speakers."""
    names, who = np.unique(speakers, return_inverse=True)
    by_speaker = np.zeros((len(names), count, count), dtype=np.int64)
    np.add.at(by_speaker, (who, labels, verdicts), 1)
    rng = np.random.default_rng(seed)
    draws = rng.integers(0, len(names), size=(resamples, len(names)))
    samples = np.asarray([(_ua(c), _wa(c)) for c in (by_speaker[d].sum(axis=0) for d in draws)])
    low, high = np.nanpercentile(samples, [2.5, 97.5], axis=0)
    return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))
