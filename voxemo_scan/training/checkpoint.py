"""A training run's state between epochs, as safetensors: nothing in it is code."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from voxemo_scan.atomic import write_atomic


@dataclass
class Checkpoint:
    """Where a run is: epochs done, and the best weights so far with their validation UA."""

    epoch: int = 0
    best_ua: float = -1.0
    best_epoch: int = 0
    best: dict[str, Tensor] = field(default_factory=dict)


def write_checkpoint(
    path: Path,
    state: Checkpoint,
    *,
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    key: str,
) -> None:
    """Write the run's state; ``key`` says which run it is of."""
    tensors = {f"network/{k}": v for k, v in network.state_dict().items()}
    tensors |= {f"best/{k}": v for k, v in state.best.items()}
    for index, values in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer/{index}/{k}": torch.as_tensor(v) for k, v in values.items()}
    numbers = {"epoch": state.epoch, "best_ua": state.best_ua, "best_epoch": state.best_epoch}
    metadata = {"key": key, "state": json.dumps(numbers)}
    write_atomic(path, save({k: v.contiguous() for k, v in tensors.items()}, metadata=metadata))


def read_checkpoint(
    path: Path, *, network: nn.Module, optimizer: torch.optim.Optimizer, key: str
) -> Checkpoint | None:
    """Put the run at ``path`` back into network and optimizer; None if it is another run's."""
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            if metadata.get("key") != key:
                return None
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError):
        return None
    network.load_state_dict(_under("network/", tensors))
    state = optimizer.state_dict()
    state["state"] = _optimizer_state(_under("optimizer/", tensors))
    optimizer.load_state_dict(state)
    return Checkpoint(best=_under("best/", tensors), **json.loads(metadata["state"]))


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}


def _optimizer_state(tensors: dict[str, Tensor]) -> dict[int, dict[str, Any]]:
    state: dict[int, dict[str, Any]] = {}
    for name, tensor in tensors.items():
        index, _, key = name.partition("/")
        state.setdefault(int(index), {})[key] = tensor
    return state
