"""How loud speech is, and how to bring it to another level."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

_SILENCE: Final = 1e-12


def level_db(signals: Iterable[NDArray[np.float32]]) -> float:
    """Return the level of ``signals`` taken together: mean power in dB below full scale.

    Args:
        signals: each float32, [samples], -1..1; a full-scale square wave has 0 dB.
    """
    energy, count = 0.0, 0
    for signal in signals:
        energy += float(np.square(signal, dtype=np.float64).sum())
        count += len(signal)
    return 10.0 * math.log10(max(energy / max(1, count), _SILENCE))


def gain(*, from_db: float, to_db: float) -> np.float32:
    """Return the factor that brings sound from one level to another."""
    return np.float32(10.0 ** ((to_db - from_db) / 20.0))
