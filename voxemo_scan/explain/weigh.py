"""How much each cell of a picture speaks for a verdict: by taking it away, or by gradients.

``by_occlusion`` is what explanations are made by; docs/experiments.md says why.

``by_gradients`` are integrated gradients (Sundararajan, Taly and Yan 2017): the way from a picture
without the voice to the picture itself is walked in a few steps, and what each point of it adds to
the verdict's log odds is summed over cells. ``by_occlusion`` (Zeiler and Fergus 2014) takes one
cell away at a time and says by how much the log odds fall.
"""

from __future__ import annotations

from typing import Final, Literal, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from voxemo_scan.explain.grid import Grid
from voxemo_scan.explain.hearing import Hearing
from voxemo_scan.models.threads import in_threads

Baseline = Literal["background", "mean", "floor"]

STEPS: Final = 16
_BATCH: Final = 8


def baseline(picture: Tensor, grid: Grid, *, kind: Baseline = "background") -> Tensor:
    """Return a picture, [80, frames], from which the voice is taken.

    ``background``: each band at the level that a tenth of its frames do not reach; ``mean``: each
    band at its mean; ``floor``: the lowest level there is, everywhere.
    """
    own = picture[:, grid.frames[0] : grid.frames[-1]]
    if kind == "floor":
        return torch.full_like(picture, float(picture.min()))
    level = own.mean(dim=1) if kind == "mean" else own.quantile(0.1, dim=1)
    return (
        torch.minimum(picture, level[:, None])
        if kind == "background"
        else (level[:, None].expand_as(picture).clone())
    )


def by_gradients(
    hearing: Hearing, grid: Grid, *, emotion: int, kind: Baseline = "background", steps: int = STEPS
) -> NDArray[np.float64]:
    """Return what each cell adds to the log odds of ``emotion``, [times, bands]."""
    picture = hearing.picture
    empty = baseline(picture, grid, kind=kind)
    away = picture - empty
    total = torch.zeros_like(picture)
    places = (torch.arange(steps) + 0.5) / steps
    for start in range(0, steps, _BATCH):
        path = empty + places[start : start + _BATCH, None, None] * away
        path.requires_grad_(True)
        said = hearing.log_odds(path, emotion=emotion).sum()
        (slopes,) = torch.autograd.grad(said, path)
        total += slopes.sum(dim=0)
    return grid.sums((total * away / steps).double().numpy())


def by_occlusion(
    hearing: Hearing, grid: Grid, *, emotion: int, kind: Baseline = "background"
) -> NDArray[np.float64]:
    """Return by how much the log odds of ``emotion`` fall without each cell, [times, bands].

    Some cells at a time, by one thread each, so that the number of threads changes no digit.
    """
    picture = hearing.picture
    empty = baseline(picture, grid, kind=kind)
    times, bands = grid.shape
    count = times * bands
    batches = [range(start, min(start + _BATCH, count)) for start in range(0, count, _BATCH)]

    def hear(cells: range) -> list[float]:
        """Hear the picture without each of these cells; as it is if there are none."""
        masked = [_without(picture, empty, grid, cell) for cell in cells] or [picture]
        return cast("list[float]", hearing.log_odds(torch.stack(masked), emotion=emotion).tolist())

    (whole,), *without = in_threads(hear, [range(0), *batches])
    return (whole - np.array([each for some in without for each in some])).reshape(times, bands)


def _without(picture: Tensor, empty: Tensor, grid: Grid, cell: int) -> Tensor:
    time, band = divmod(cell, grid.shape[1])
    rows = slice(grid.bands[band], grid.bands[band + 1])
    columns = slice(grid.frames[time], grid.frames[time + 1])
    masked = picture.clone()
    masked[rows, columns] = empty[rows, columns]
    return masked


def to_one(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return weights whose strongest is 1 or -1; all 0 if nothing weighs anything."""
    strongest = float(np.abs(weights).max(initial=0.0))
    return weights / strongest if strongest > 0 else np.zeros_like(weights)
