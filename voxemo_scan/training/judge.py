"""What every model that judges clips can do, so that all are measured by the same figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.training.labels import LabelSet


@dataclass(frozen=True, slots=True)
class ClipJudgement:
    """What a model hears in clips.

    ``probabilities``: float64, [clips, labels], each row summing to 1; ``female``: float64,
    [clips], the probability that a voice is a woman's, None from a model that does not tell.
    """

    probabilities: NDArray[np.float64]
    female: NDArray[np.float64] | None = None


class ClipJudge(Protocol):
    """A trained model that judges whole clips of speech."""

    @property
    def name(self) -> str:
        """What reports call it."""

    @property
    def labels(self) -> LabelSet:
        """The labels that it tells apart."""

    @property
    def parameters(self) -> int:
        """How many trained numbers it holds."""

    @property
    def sha256(self) -> dict[str, str]:
        """The checksum of each of its files."""

    def judge(self, signals: Sequence[NDArray[np.float32]]) -> ClipJudgement:
        """Return what is heard in clips' speech, each float32, [samples], mono, -1..1, 16 kHz."""
