"""The precision that encoders compute in."""

from __future__ import annotations

from typing import Final

import torch

_CPU: Final = torch.device("cpu")


def autocast(device: torch.device = _CPU) -> torch.autocast:
    """Compute in bfloat16 on a processor that does so natively, elsewhere in float32."""
    return torch.autocast("cpu", torch.bfloat16, enabled=computes_in_bfloat16(device))


def training_autocast(device: torch.device) -> torch.autocast:
    """Learn in bfloat16 on a GPU, or on a processor that computes in it natively."""
    able = device.type == "cuda" or computes_in_bfloat16(device)
    return torch.autocast(device.type if able else "cpu", torch.bfloat16, enabled=able)


def computes_in_bfloat16(device: torch.device) -> bool:
    """Return whether ``device`` is a processor that multiplies bfloat16 by itself."""
    return device.type == "cpu" and torch.cpu._is_avx512_bf16_supported()


def multiplies_in_tiles(device: torch.device) -> bool:
    """Return whether ``device`` is a processor with matrix units (Intel's AMX) that torch knows."""
    known = getattr(torch.cpu, "_is_amx_tile_supported", None)
    return device.type == "cpu" and known is not None and bool(known())
