"""Turning points: moments where what the voices express changes for good.

Optimal partitioning (Jackson et al. 2005): the scene is parted so that a mix of emotions for each
part explains its windows best (the likelihood of multinomials), where each turning point must gain
more than an evenly mixed scene gives by chance: three times the log of how many independent windows
there are, as Schwarz's criterion has it for five shares and a place. Windows scatter less than
single verdicts would, being distributions; by how much is told from neighbours, and the likelihood
is scaled by it (quasi-likelihood, McCullagh and Nelder 1989).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.report.track import Span, thin

LEAST_S: Final = 4.0
"""Speech on either side without which nothing can be said to have turned."""
_FREE: Final = len(EMOTIONS)
_LEAST_SCATTER: Final = 0.3
"""Beside a verdict's scatter, 1: neighbours that are all too alike make nothing sure."""
_MOST: Final = 12
_FINEST: Final = 1500
_FEW: Final = 20
"""Windows under which a scene counts as one of so many: of few, chance makes more."""


@dataclass(frozen=True, slots=True)
class Turning:
    """A turning point at ``at_s``, seconds in the clip's time.

    ``rising`` gains most of the share, ``falling`` loses most; ``before`` and ``after`` are the
    distributions of the stretches that meet here; ``gain`` is the scaled likelihood ratio, in nats.
    """

    at_s: float
    rising: Emotion
    falling: Emotion
    before: tuple[float, ...]
    after: tuple[float, ...]
    gain: float

    def change(self, emotion: Emotion) -> tuple[float, float]:
        """Return an emotion's share before and after."""
        index = EMOTIONS.index(emotion)
        return self.before[index], self.after[index]


def turning_points(
    spans: Sequence[Span], *, window_s: float, most: int = _MOST
) -> tuple[Turning, ...]:
    """Return the ``most`` clearest turning points of ``spans`` (laid flat), in order of time.

    ``window_s`` is the speech, in seconds, that one independent verdict takes.
    """
    if not spans:
        return ()
    length_s = spans[-1].end_s - spans[0].start_s
    if len(spans) > _FINEST:
        spans = thin(tuple(spans), step_s=length_s / _FINEST)
    seconds = np.array([span.length_s for span in spans])
    heard = np.array([span.probabilities for span in spans])
    scatter = _scatter(spans, heard, window_s=window_s)
    verdicts = _summed(heard * (seconds / window_s / scatter)[:, None])
    spoken = np.concatenate([[0.0], np.cumsum(seconds)])
    penalty = _FREE / 2 * np.log(max(spoken[-1] / window_s, _FEW))
    found = _partition(verdicts, spoken, penalty=penalty)
    edges = [0, *found, len(spans)]
    gains = {
        at: _gain(verdicts, low, at, high)
        for low, at, high in zip(edges, edges[1:], edges[2:], strict=False)
    }
    clearest = sorted(gains, key=lambda at: -gains[at])[:most]
    edges = [0, *sorted(clearest), len(spans)]
    return tuple(
        _turning(spans[at].start_s, verdicts[[low, at, high]], gain=gains[at])
        for low, at, high in zip(edges, edges[1:], edges[2:], strict=False)
    )


def _scatter(spans: Sequence[Span], heard: NDArray[np.float64], *, window_s: float) -> float:
    """Return how much windows scatter, beside 1 for single verdicts drawn from one mix.

    From the differences of windows that lie next to one another without sharing sound (von
    Neumann 1941), so that a change in the scene's course hardly counts.
    """
    starts = np.array([span.start_s for span in spans])
    following = np.searchsorted(starts, starts + window_s - 1e-6)
    there = following < len(spans)
    if not there.any():
        return 1.0
    mean = np.maximum(heard.mean(axis=0), 1e-3)
    differences = heard[following[there]] - heard[there]
    return float(
        np.clip((differences**2 / mean).sum(axis=1).mean() / 2 / (_FREE - 1), _LEAST_SCATTER, 1.0)
    )


def _partition(
    verdicts: NDArray[np.float64], spoken: NDArray[np.float64], *, penalty: float
) -> list[int]:
    """Return where parts begin, but for the first: the parting that is best of all."""
    count = len(spoken) - 1
    worth = np.full(count + 1, -np.inf)  # of the best parting of the first spans
    worth[0] = penalty
    begins = np.zeros(count + 1, dtype=np.intp)
    for end in range(1, count + 1):
        starts = np.flatnonzero(spoken[:end] <= spoken[end] - LEAST_S)
        if not starts.size:
            starts = np.zeros(1, dtype=np.intp)
        values = worth[starts] - penalty + _likelihood(verdicts[end] - verdicts[starts])
        best = int(values.argmax())
        worth[end], begins[end] = values[best], starts[best]
    found: list[int] = []
    at = int(begins[count])
    while at > 0:
        found.append(at)
        at = int(begins[at])
    return found[::-1]


def _gain(verdicts: NDArray[np.float64], low: int, at: int, high: int) -> float:
    """Return by how much two mixes, parted at ``at``, are likelier than one (in nats)."""
    left, right = verdicts[at] - verdicts[low], verdicts[high] - verdicts[at]
    return float(_likelihood(left) + _likelihood(right) - _likelihood(left + right))


def _likelihood(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the log likelihood of counts, [..., 6], under the mix that fits them best."""
    total = counts.sum(axis=-1, keepdims=True)
    logs = np.log(np.clip(counts / np.maximum(total, 1e-12), 1e-12, None))
    return np.asarray((counts * logs).sum(axis=-1))


def _turning(at_s: float, verdicts: NDArray[np.float64], *, gain: float) -> Turning:
    counts = np.diff(verdicts, axis=0)
    before, after = counts / counts.sum(axis=1, keepdims=True)
    change = after - before
    return Turning(
        at_s=at_s,
        rising=EMOTIONS[int(change.argmax())],
        falling=EMOTIONS[int(change.argmin())],
        before=tuple(before.tolist()),
        after=tuple(after.tolist()),
        gain=gain,
    )


def _summed(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sums of the first 0, 1, 2, ... rows."""
    return np.concatenate([np.zeros((1, counts.shape[1])), np.cumsum(counts, axis=0)])
