"""Rows times a fixed matrix, laid out once as the processor likes it.

What a matrix is multiplied by is short where people speak in short lines, so that laying the matrix
out anew each time, as ``torch.nn.functional.linear`` does, would take as long as the products
themselves. oneDNN, which computes them, takes matrices laid out beforehand, and bends what comes
out while it is at it; torch's own compiler calls the same two operators.
"""

from __future__ import annotations

from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional

_NO_SCALARS: Final[list[float]] = []
_EXACT: Final = "none"
"""The Gaussian error linear unit as it is defined, not approximated by a hyperbolic tangent."""


class Product:
    """Rows times a matrix, in the precision that the matrix is given in.

    Args:
        weight: [out, in]; must not change afterwards.
        bias: [out], added to each row, in the same precision; or None.
        bent: whether the Gaussian error linear unit is taken of what comes out.
    """

    def __init__(self, weight: Tensor, bias: Tensor | None, *, bent: bool = False) -> None:
        self._precision = weight.dtype
        self._bias = bias
        self._bent = bent
        self._laid_out = _lay_out(weight)
        self._weight = weight if self._laid_out is None else None

    @classmethod
    def of(cls, module: nn.Linear | nn.Conv1d, kept: torch.dtype, *, bent: bool = False) -> Product:
        """Return what ``module`` does; a convolution's rows are what its kernel covers."""
        weight = module.weight
        if weight.ndim == 3:
            weight = weight.transpose(1, 2).flatten(1)
        return cls(
            weight.to(kept), None if module.bias is None else module.bias.to(kept), bent=bent
        )

    def __call__(self, rows: Tensor) -> Tensor:
        """Return what comes of rows, [..., in], in the matrix's precision: [..., out]."""
        rows = rows.to(self._precision)
        if self._weight is None:
            after = "gelu" if self._bent else "none"
            found: Tensor = torch.ops.mkldnn._linear_pointwise(
                rows, self._laid_out, self._bias, after, _NO_SCALARS, _EXACT
            )
            return found
        found = functional.linear(rows, self._weight, self._bias)
        return functional.gelu(found) if self._bent else found


def _lay_out(weight: Tensor) -> Any:
    """Return a matrix as oneDNN likes it; None where torch would not have oneDNN multiply by it.

    In float32 torch has other libraries multiply, which take it as it is.
    """
    operators = torch.ops.mkldnn
    known = hasattr(operators, "_reorder_linear_weight") and hasattr(operators, "_linear_pointwise")
    if not known or weight.device.type != "cpu" or weight.dtype != torch.bfloat16:
        return None
    return operators._reorder_linear_weight(weight.detach().contiguous())
