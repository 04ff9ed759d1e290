"""A synthesised voice for tests that need somebody to speak."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

SAMPLING_RATE = 24_000
"""Sampling rate of what :func:`say` returns, Hz."""


@cache
def say(text: str) -> NDArray[np.float64]:
    """Return ``text`` spoken by hibari's default voice: [samples], -1..1, the same every time.

    The silence before and after the words is cut off.
    """
    spoken = np.asarray(_voice()(text, seed=0), dtype=np.float64)
    loud = np.flatnonzero(np.abs(spoken) > 0.02 * np.abs(spoken).max())
    return spoken[loud[0] : loud[-1] + 1]


@cache
def _voice():  # type: ignore[no-untyped-def]
    from hibari import Hibari

    return Hibari()
