"""Weights as a transparent sheet of colour to lie over a spectrogram."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

FOR: Final = (214, 94, 0)
"""Vermilion, what speaks for the verdict; with the blue it stays distinct to all (Okabe, Ito)."""
AGAINST: Final = (0, 114, 178)
"""Blue, what speaks against it."""
_FINER: Final = 6
_DENSEST: Final = 0.85
_FAINTEST: Final = 0.06


def heat(weights: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return a picture with opacity, [rows, columns, 4], lowest band at the bottom.

    Args:
        weights: [times, bands], -1..1; between cells' middles colour goes over evenly.
    """
    fine = _finer(_finer(weights, axis=0), axis=1).T[::-1]
    colours = np.where(fine[:, :, None] >= 0, np.array(FOR), np.array(AGAINST))
    strength = np.clip(np.abs(fine), 0.0, 1.0)
    opacity = np.where(strength < _FAINTEST, 0.0, _DENSEST * strength)
    return np.concatenate([colours, np.round(255 * opacity)[:, :, None]], axis=2).astype(np.uint8)


def _finer(values: NDArray[np.float64], *, axis: int) -> NDArray[np.float64]:
    count = values.shape[axis]
    at = (np.arange(count * _FINER) + 0.5) / _FINER - 0.5
    return np.apply_along_axis(lambda row: np.interp(at, np.arange(count), row), axis, values)
