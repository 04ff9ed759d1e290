"""The last blocks of an encoder in training: what they are given, and what heads see of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from voxemo_scan.models.precision import training_autocast
from voxemo_scan.models.whisper import WhisperBlocks, attention_mask, hidden_lengths


class Rates(Protocol):
    """How fast blocks learn."""

    blocks: int
    learning_rate: float
    layer_decay: float


@dataclass(frozen=True)
class TrainedBlocks:
    """An encoder whose last ``count`` blocks are trained, under heads that see ``layers``."""

    whisper: WhisperBlocks
    layers: Sequence[int]
    count: int

    @property
    def frozen(self) -> int:
        """Return how many blocks are not trained."""
        return len(self.whisper.layers) - self.count

    @property
    def trained(self) -> Sequence[nn.Module]:
        """Return those that are."""
        return list(self.whisper.layers[self.frozen :])

    @property
    def below(self) -> list[int]:
        """Return the layers that heads see and that do not change."""
        return [layer for layer in self.layers if layer < self.frozen]

    def groups(self, rates: Rates) -> list[dict[str, Any]]:
        """Return their parameters and rates: each block's lower than that of the next."""
        decays = rates.layer_decay ** np.arange(self.count)[::-1]
        return [
            {"params": list(block.parameters()), "lr": rates.learning_rate * decay}
            for block, decay in zip(self.trained, decays, strict=True)
        ]

    def before(self, mels: Tensor, frames: Tensor) -> tuple[Tensor, Tensor]:
        """Return the states that the first trained block is given, behind those heads see below it.

        float32, [clips, layers, frames, width], and each clip's own frames.

        Args:
            mels: float32, [clips, 80, frames], as ``log_mels`` returns them.
            frames: int64, [clips].
        """
        device = self.whisper.conv1.weight.device
        mels, frames = mels.to(device), frames.to(device)
        with torch.no_grad(), training_autocast(device):
            states, mask = self.whisper.start(mels, frames)
            found = [states]
            for block in self.whisper.layers[: self.frozen]:
                found.append(block(found[-1], mask))
        given = [found[layer].float() for layer in (*self.below, self.frozen)]
        return torch.stack(given, dim=1), hidden_lengths(frames)

    def after(self, given: Tensor, lengths: Tensor) -> Tensor:
        """Return the states that heads see, float32, [clips, layers, frames, width]."""
        *below, states = given.unbind(dim=1)
        found = dict(zip((*self.below, self.frozen), (*below, states), strict=True))
        mask = attention_mask(lengths, states.shape[1])
        with training_autocast(states.device):
            for number, block in enumerate(self.trained, start=1):
                states = block(states, mask)
                found[self.frozen + number] = states
        return torch.stack([found[layer].float() for layer in self.layers], dim=1)


def alike(
    lengths: NDArray[np.int64],
    *,
    size: int,
    spread: tuple[float, float],
    rng: np.random.Generator,
) -> Iterator[NDArray[np.int64]]:
    """Yield clips of like length, ``size`` at a time, in random order; what is over is left out.

    Args:
        lengths: of the clips.
        size: how many go together.
        spread: by how much a length counts for less or more at most.
        rng: where chances come from.
    """
    steps = len(lengths) // size
    order = np.argsort(lengths * rng.uniform(*spread, size=len(lengths)))
    spare = int(rng.integers(len(order) - steps * size + 1))
    for number in rng.permutation(steps):
        yield order[spare + number * size : spare + (number + 1) * size]
