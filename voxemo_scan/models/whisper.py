"""The first blocks of the Whisper encoder: log-mel frames to hidden states, 50 a second.

Source: Radford et al. 2022, MIT licence; the tensors keep the names of ``openai/whisper-base``.
Unlike the original, a signal of any length up to 30 s is taken as it is, and in a batch frames past
a signal's end are neither seen by the convolutions nor attended to: what is heard in a signal
does not depend on what stands beside it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from voxemo_scan.features.log_mel import BANDS

FRAME_S: Final = 0.02
"""Seconds between two hidden states."""
MOST_FRAMES: Final = 1500
"""Hidden states that the encoder has positions for: 30 s."""


@dataclass(frozen=True, slots=True)
class WhisperShape:
    """How large the encoder is; ``whisper-base`` has six blocks of this size."""

    blocks: int = 6
    width: int = 512
    heads: int = 8
    inner: int = 2048


class WhisperBlocks(nn.Module):
    """The encoder's two convolutions and first blocks."""

    positions: Tensor

    def __init__(self, shape: WhisperShape) -> None:
        super().__init__()
        self.shape = shape
        self.conv1 = nn.Conv1d(BANDS, shape.width, 3, padding=1)
        self.conv2 = nn.Conv1d(shape.width, shape.width, 3, stride=2, padding=1)
        self.register_buffer("positions", _positions(shape.width), persistent=False)
        self.layers = nn.ModuleList(Block(shape) for _ in range(shape.blocks))

    def forward(self, mels: Tensor, frames: Tensor) -> list[Tensor]:
        """Return the hidden states: those before the first block, then those after each.

        Args:
            mels: float32, [signals, 80, frames], as ``log_mels`` returns.
            frames: int64, [signals], each signal's own frames.

        Returns:
            ``blocks + 1`` tensors, [signals, ceil(frames / 2), width]; see ``hidden_lengths``.
        """
        states, mask = self.start(mels, frames)
        found = [states]
        for block in self.layers:
            states = block(states, mask)
            found.append(states)
        return found

    def start(self, mels: Tensor, frames: Tensor) -> tuple[Tensor, Tensor | None]:
        """Return what the first block is given: states, and which of them it may attend to."""
        own = torch.arange(mels.shape[2], device=mels.device)[None, :] < frames[:, None]
        heard = functional.gelu(self.conv1(mels)) * own[:, None, :]
        states = functional.gelu(self.conv2(heard)).transpose(1, 2)
        return states + self.positions[: states.shape[1]], attention_mask(
            hidden_lengths(frames), states.shape[1]
        )


class Block(nn.Module):
    """One transformer block, layer norms first."""

    def __init__(self, shape: WhisperShape) -> None:
        super().__init__()
        self.self_attn = Attention(shape)
        self.self_attn_layer_norm = nn.LayerNorm(shape.width)
        self.fc1 = nn.Linear(shape.width, shape.inner)
        self.fc2 = nn.Linear(shape.inner, shape.width)
        self.final_layer_norm = nn.LayerNorm(shape.width)

    def forward(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """Return the block's states, of the same shape."""
        states = states + self.self_attn(self.self_attn_layer_norm(states), mask)
        inner = functional.gelu(self.fc1(self.final_layer_norm(states)))
        return cast(Tensor, states + self.fc2(inner))


class Attention(nn.Module):
    """Multi-head self-attention over a signal's own states."""

    def __init__(self, shape: WhisperShape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.q_proj = nn.Linear(shape.width, shape.width)
        self.k_proj = nn.Linear(shape.width, shape.width, bias=False)
        self.v_proj = nn.Linear(shape.width, shape.width)
        self.out_proj = nn.Linear(shape.width, shape.width)

    def forward(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """Return what each state gathers from the others."""
        split = (len(states), states.shape[1], self.heads, -1)
        q, k, v = (
            project(states).view(split).transpose(1, 2)
            for project in (self.q_proj, self.k_proj, self.v_proj)
        )
        gathered = _attend(q, k, v, mask)
        return cast(Tensor, self.out_proj(gathered.transpose(1, 2).flatten(2)))


def _attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> Tensor:
    """Return what each of ``q`` gathers of ``v``: all [signals, heads, frames, width of a head].

    The way back through the fused function takes twice as long in bfloat16 on a processor.
    """
    if not (q.requires_grad and q.dtype == torch.bfloat16 and q.device.type == "cpu"):
        return functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    alike = torch.matmul(q * q.shape[-1] ** -0.5, k.transpose(2, 3))
    if mask is not None:
        alike = alike.masked_fill(~mask, -torch.inf)
    return torch.matmul(alike.softmax(dim=-1), v)


def hidden_lengths(frames: Tensor) -> Tensor:
    """Return how many hidden states signals of so many mel frames have."""
    return (frames + 1) // 2


def attention_mask(lengths: Tensor, longest: int) -> Tensor | None:
    """Return which states may be attended to, bool, [signals, 1, 1, longest]; None if all."""
    if bool((lengths == longest).all()):
        return None
    own = torch.arange(longest, device=lengths.device)[None, :] < lengths[:, None]
    return own[:, None, None, :]


def _positions(width: int) -> Tensor:
    """Return the sinusoids that tell a state's place in time, [1500, width]."""
    rates = torch.exp(
        -math.log(10_000) / (width // 2 - 1) * torch.arange(width // 2, dtype=torch.float64)
    )
    angles = torch.arange(MOST_FRAMES, dtype=torch.float64)[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], dim=1).float()
