"""Linear discriminant analysis: directions in which classes lie apart and do not scatter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh


def discriminants(
    vectors: NDArray[np.float64],
    *,
    classes: Sequence[str],
    sources: Sequence[str],
    dims: int,
    shrinkage: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the directions, [size, dims], and the variance of classes along each, [dims].

    Along each direction the scatter within a class is 1; the first tells classes apart best
    (Fisher 1936; Rao 1948).

    Args:
        vectors: [n, size].
        classes: of each vector, what it is of.
        sources: of each vector, where it was recorded; how sources differ counts for nothing.
        dims: how many directions.
        shrinkage: how much of the mean variance is added to every direction's scatter.
    """
    level = vectors - _means(vectors, sources)
    centres = _means(level, classes)
    scatter = (level - centres).T @ (level - centres) / (len(level) - len(set(classes)))
    return widest_apart(centres.T @ centres / len(level), scatter, dims=dims, shrinkage=shrinkage)


def widest_apart(
    spread: NDArray[np.float64], scatter: NDArray[np.float64], *, dims: int, shrinkage: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the directions of the most ``spread`` where ``scatter`` is 1, the widest first.

    Args:
        spread: of classes, [size, size].
        scatter: within a class, [size, size].
        dims: how many directions.
        shrinkage: how much of the mean variance is added to every direction's scatter.

    Returns:
        The directions, [size, dims], and the variance of classes along each, [dims].
    """
    size = len(scatter)
    level = scatter + shrinkage * np.trace(scatter) / size * np.eye(size)
    variances, directions = eigh(spread, level, subset_by_index=[size - dims, size - 1])
    return np.asarray(directions[:, ::-1]), np.asarray(variances[::-1])


def _means(vectors: NDArray[np.float64], names: Sequence[str]) -> NDArray[np.float64]:
    """Return for each vector the mean of those of the same name."""
    _, number = np.unique(np.asarray(names), return_inverse=True)
    sums = np.zeros((int(number.max()) + 1, vectors.shape[1]))
    np.add.at(sums, number, vectors)
    return np.asarray((sums / np.bincount(number)[:, None])[number])
