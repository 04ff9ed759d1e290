"""Matrices in 8 bits: half of float16's room.

Each row has a step of its own, a 127th of its largest number, and each number is so many steps.
What is lost is about what bfloat16 loses, in which encoders compute.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import torch
from torch import Tensor

_MOST: Final = 127
_STEPS: Final = ".steps"
"""Ends the name of the rows' steps."""
_MATRIX: Final = 2
_LEAST: Final = 65_536
"""Numbers of a matrix that is worth it."""


def pack(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return ``tensors`` with large matrices in 8 bits.

    A matrix, float, [rows, columns], becomes int8, and its steps, float32, [rows], lie beside it.
    """
    packed: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and tensor.ndim == _MATRIX and tensor.numel() >= _LEAST:
            steps = (tensor.float().abs().amax(dim=1) / _MOST).clamp(min=torch.finfo().tiny)
            packed[name] = (tensor.float() / steps[:, None]).round().to(torch.int8)
            packed[name + _STEPS] = steps
        else:
            packed[name] = tensor
    return packed


def unpack(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return what ``pack`` was given, in float32 where it is numbers with a point.

    Raises:
        RuntimeError: steps and rows do not fit each other.
    """
    found: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        steps = tensors.get(name + _STEPS)
        if name.endswith(_STEPS) and name.removesuffix(_STEPS) in tensors:
            continue
        if steps is not None:
            found[name] = tensor.float() * steps[:, None]
        else:
            found[name] = tensor.float() if tensor.is_floating_point() else tensor
    return found
