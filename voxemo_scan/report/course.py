"""A scene's course: each emotion's share around each moment, how sure it is, and the range.

Around a moment the windows count by how near they are (a Gaussian over seconds). Their mean is the
line; the band is where the share lies with 95 % if each window's verdict were drawn from its own
distribution: as calibrated, that is how unsure the networks are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.report.track import Span

Floats = NDArray[np.float64]

AROUND_S: Final = 1.5
"""How far around a moment is heard: the Gaussian's standard deviation."""
COVERAGE: Final = 0.95
_TOUCHING_S: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Course:
    """A stretch of speech without a gap, moment by moment.

    ``times_s``: [moments], in the clip's time; ``shares``, ``low`` and ``high``: [moments, 6],
    fractions in the order of ``EMOTIONS``; ``range``: [moments], as how many equally strong
    emotions it sounds, 1..6.
    """

    times_s: Floats
    shares: Floats
    low: Floats
    high: Floats
    range: Floats


def follow(
    spans: Sequence[Span], *, window_s: float, step_s: float, around_s: float = AROUND_S
) -> tuple[Course, ...]:
    """Return the course of each stretch of ``spans``, a moment every ``step_s`` or nearer.

    Args:
        spans: what was heard, laid flat, in order.
        window_s: seconds of speech that one independent verdict takes.
        step_s: seconds between moments; gaps under half of it are passed over.
        around_s: standard deviation of the Gaussian around a moment, seconds.
    """
    if not spans:
        return ()
    centres = np.array([(span.start_s + span.end_s) / 2 for span in spans])
    seconds = np.array([span.length_s for span in spans])
    heard = np.array([span.probabilities for span in spans])
    courses = []
    for start_s, end_s in _stretches(spans, gap_s=step_s / 2):
        times = np.linspace(start_s, end_s, max(2, int(np.ceil((end_s - start_s) / step_s)) + 1))
        near = (np.abs(centres - (start_s + end_s) / 2) - (end_s - start_s) / 2) < 5 * around_s
        shares, variance = _around(
            times, centres[near], seconds[near], heard[near], window_s=window_s, around_s=around_s
        )
        low, high = intervals(shares, variance)
        courses.append(Course(times, shares, low, high, effective_number(shares)))
    return tuple(courses)


def effective_number(shares: Floats) -> Floats:
    """Return as how many equally strong emotions ``shares`` ([..., 6], summing to 1) sound.

    The exponential of Shannon's entropy, 1..6 (Hill 1973, the number of order 1).
    """
    logs = np.log(np.clip(shares, 1e-12, 1.0))
    return np.asarray(np.exp(-(shares * logs).sum(axis=-1)))


def intervals(shares: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Return the 95 % interval, within 0..1, of shares with these variances, by moments of a beta.

    Where the variance is as large as a single verdict's, nothing is known: 0..1.
    """
    from scipy.special import betaincinv  # noqa: PLC0415  (half a second, and only pages need it)

    mean = np.clip(shares, 1e-6, 1 - 1e-6)
    worth = np.maximum(mean * (1 - mean) / np.maximum(variance, 1e-9) - 1, 0.0)
    known = worth > 0.02
    a, b = np.where(known, mean * worth, 1.0), np.where(known, (1 - mean) * worth, 1.0)
    tail = (1 - COVERAGE) / 2
    low = np.where(known, betaincinv(a, b, tail), 0.0)
    high = np.where(known, betaincinv(a, b, 1 - tail), 1.0)
    return np.minimum(low, shares), np.maximum(high, shares)


def _around(
    times: Floats,
    centres: Floats,
    seconds: Floats,
    heard: Floats,
    *,
    window_s: float,
    around_s: float,
) -> tuple[Floats, Floats]:
    """Return the mean around each moment and its variance, both [moments, 6]."""
    near = seconds * np.exp(-0.5 * ((times[:, None] - centres) / around_s) ** 2)
    weights = near / near.sum(axis=1, keepdims=True)
    spread = weights**2 * np.minimum(window_s / seconds, 1.0 / np.maximum(weights, 1e-12))
    return weights @ heard, spread @ (heard * (1 - heard))


def _stretches(spans: Sequence[Span], *, gap_s: float) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for span in spans:
        if found and span.start_s - found[-1][1] <= max(gap_s, _TOUCHING_S):
            found[-1] = (found[-1][0], span.end_s)
        else:
            found.append((span.start_s, span.end_s))
    return found
