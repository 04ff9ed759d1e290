"""What a model hears in windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Prints:
    """Voiceprints of passages' speech, about a second each, by passage and time.

    ``vectors``: float64, [prints, dims]; ``passages``: [prints], the number of the passage that
    each is of; ``spans``: [prints, 2], its first sample there and the one after its last;
    ``between``: [dims], the variance of voices where that of one voice's prints is 1.
    """

    vectors: NDArray[np.float64]
    passages: NDArray[np.int64]
    spans: NDArray[np.int64]
    between: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a model hears in windows.

    ``probabilities``: float64, [windows, labels], each row summing to 1; the first six labels are
    ``EMOTIONS``, in order. ``female``: float64, [windows], the probability that the voice is a
    woman's, None from a model that does not tell; ``prints`` of the voices likewise.
    ``projected``: float16, [windows, speeds, numbers], by which an ``Ensemble`` can hear
    windows of one voice beside one another, and ``clear``: float64, [windows], how likely each is
    clear speech of one voice, likewise.
    """

    probabilities: NDArray[np.float64]
    female: NDArray[np.float64] | None = None
    prints: Prints | None = None
    projected: NDArray[np.float16] | None = None
    clear: NDArray[np.float64] | None = None

    def only(self, windows: NDArray[np.bool_]) -> Judgement:
        """Return what is heard in some of the windows; prints stay those of all."""
        return replace(
            self,
            probabilities=self.probabilities[windows],
            female=None if self.female is None else self.female[windows],
            projected=None if self.projected is None else self.projected[windows],
            clear=None if self.clear is None else self.clear[windows],
        )


def join(parts: Sequence[Judgement]) -> Judgement:
    """Return what was heard in some windows and in those after them."""

    def joined(rows: Sequence[NDArray[Any] | None]) -> NDArray[Any] | None:
        there = [each for each in rows if each is not None]
        return np.concatenate(there) if len(there) == len(rows) else None

    return Judgement(
        np.concatenate([part.probabilities for part in parts]),
        joined([part.female for part in parts]),
        join_prints([part.prints for part in parts]),
        joined([part.projected for part in parts]),
        joined([part.clear for part in parts]),
    )


def join_prints(parts: Sequence[Prints | None]) -> Prints | None:
    """Return the prints of all parts, their passages numbered on; None if a part has none.

    Each passage has at least one print.
    """
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or not known:
        return None
    counts = [int(part.passages.max(initial=-1)) + 1 for part in known]
    firsts = np.cumsum([0, *counts[:-1]])
    return Prints(
        np.concatenate([part.vectors for part in known]),
        np.concatenate([part.passages + n for part, n in zip(known, firsts, strict=True)]),
        np.concatenate([part.spans for part in known]),
        known[0].between,
    )


def tempered(
    probabilities: NDArray[np.float64], *, temperature: float, leanings: Sequence[float] = ()
) -> NDArray[np.float64]:
    """Return distributions, [n, labels], raised to ``1 / temperature`` and summing to 1 again.

    ``leanings`` are the log odds by which they lean to each label, and are taken off; none if
    empty.
    """
    logits = np.log(np.clip(probabilities, 1e-12, None)) / temperature
    if len(leanings):
        logits = logits - np.asarray(leanings)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


@dataclass(frozen=True, slots=True)
class Calibration:
    """What makes distributions as sure as they are right: see ``tempered``."""

    temperature: float = 1.0
    leanings: tuple[float, ...] = ()

    def of(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return distributions, [n, labels], calibrated."""
        return tempered(probabilities, temperature=self.temperature, leanings=self.leanings)


AS_IT_IS: Final = Calibration()
