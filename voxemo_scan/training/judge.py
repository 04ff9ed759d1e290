"""What every model that judges clips can do, so that all are measured by the same figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.models.judgement import Judgement
from voxemo_scan.training.labels import LabelSet


@dataclass(frozen=True)
class Clip:
    """A whole clip: float32, [samples], mono, -1..1, 16 kHz, and where its speech lies, samples."""

    signal: NDArray[np.float32]
    start: int
    end: int

    @property
    def speech(self) -> NDArray[np.float32]:
        """Return the clip from the start of its speech to the end."""
        return self.signal[self.start : self.end]


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

    def judge(self, clips: Sequence[Clip]) -> Judgement:
        """Return what is heard in clips, one distribution each."""
