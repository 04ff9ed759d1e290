"""How far the voices that were told apart are from who really spoke when.

The diarisation error rate of the NIST evaluations (Fiscus et al. 2006, ``md-eval``): speech missed,
speech where there is none, and speech given to the wrong voice, as fractions of the time spoken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

COLLAR_S: Final = 0.25
"""Time on either side of where a true turn starts or ends that is not held against anybody."""

VoiceTurn = tuple[float, float, str]
"""From when to when, seconds, and who."""


@dataclass(frozen=True, slots=True)
class DiarisationError:
    """Seconds in error, and the seconds spoken that they are held against.

    Where two speak at once the time counts twice.
    """

    spoken_s: float = 0.0
    missed_s: float = 0.0
    false_alarm_s: float = 0.0
    confused_s: float = 0.0

    @property
    def rate(self) -> float:
        """Return the diarisation error rate, 0 where nobody spoke and nobody was heard."""
        wrong_s = self.missed_s + self.false_alarm_s + self.confused_s
        if not self.spoken_s:
            return 1.0 if wrong_s else 0.0
        return wrong_s / self.spoken_s

    def __add__(self, other: DiarisationError) -> DiarisationError:
        """Return the error of two recordings together."""
        return DiarisationError(
            self.spoken_s + other.spoken_s,
            self.missed_s + other.missed_s,
            self.false_alarm_s + other.false_alarm_s,
            self.confused_s + other.confused_s,
        )


def diarisation_error(
    turns: Sequence[VoiceTurn], found: Sequence[VoiceTurn], *, collar_s: float = COLLAR_S
) -> DiarisationError:
    """Return how far ``found`` is from the true ``turns``; names need not agree.

    Found voices stand for true ones, one for one, so that they agree for as long as can be.

    Args:
        turns: who spoke when; turns may overlap.
        found: who was heard when.
        collar_s: time around each true start and end that is left out.
    """
    edges = _edges(turns, found, collar_s)
    seconds = np.diff(edges)
    middles = (edges[:-1] + edges[1:]) / 2
    for boundary in {time for start, end, _ in turns for time in (start, end)}:
        seconds[np.abs(middles - boundary) < collar_s] = 0.0
    spoken, heard = _activity(turns, middles), _activity(found, middles)
    agreed = (spoken * seconds) @ heard.T
    matched_s = float(agreed[linear_sum_assignment(agreed, maximize=True)].sum())
    true, claimed = spoken.sum(axis=0), heard.sum(axis=0)
    both_s = float(np.minimum(true, claimed) @ seconds)
    return DiarisationError(
        spoken_s=float(true @ seconds),
        missed_s=float(np.maximum(true - claimed, 0) @ seconds),
        false_alarm_s=float(np.maximum(claimed - true, 0) @ seconds),
        confused_s=max(0.0, both_s - matched_s),
    )


def _edges(
    turns: Iterable[VoiceTurn], found: Iterable[VoiceTurn], collar_s: float
) -> NDArray[np.float64]:
    """Return all times between which nothing changes, in order."""
    true = [time for start, end, _ in turns for time in (start, end)]
    around = [time + side * collar_s for time in true for side in (-1, 1)]
    heard = [time for start, end, _ in found for time in (start, end)]
    return np.unique([*true, *around, *heard])


def _activity(turns: Sequence[VoiceTurn], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Say of each voice at each time whether it speaks: 0 or 1, [voices, times]."""
    names = sorted({name for _, _, name in turns})
    active = np.zeros((len(names), len(times)))
    for start, end, name in turns:
        active[names.index(name), (times > start) & (times < end)] = 1.0
    return active
