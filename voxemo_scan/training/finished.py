"""What a training run has finished, kept so that a stopped run need not make it again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from voxemo_scan.atomic import write_atomic


def keep(path: Path, tensors: Mapping[str, Tensor], *, key: str) -> None:
    """Write ``tensors`` to ``path``; ``key`` says what they were made by."""
    made = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    write_atomic(path, save(made, metadata={"key": key}))


def kept(path: Path, *, key: str) -> dict[str, Tensor] | None:
    """Return the tensors at ``path``; None if there are none, or of another key."""
    try:
        with safe_open(path, framework="pt") as file:
            if (file.metadata() or {}).get("key") != key:
                return None
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError):
        return None
