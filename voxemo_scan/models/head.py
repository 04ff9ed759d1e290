"""The head over the encoder's hidden states: emotion logits and the voice's gender.

Two ways lead to the logits, and they are added up. The wide one sees mean and deviation over time
of every layer; the deep one mixes the layers frame by frame, looks at neighbouring frames and pools
what it made by mean, deviation and attention (Okabe et al. 2018).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

_TINY: Final = 1e-5
_MEAN_SCALE: Final = 2.0
_DEVIATION_CENTRE: Final = 0.9
_DEVIATION_SCALE: Final = 4.0
"""Bring the pooled mean and deviation of standardised states to about zero mean, unit spread."""


@dataclass(frozen=True, slots=True)
class HeadShape:
    """How large a head is.

    ``layers`` is how many of the encoder's layers it sees, ``states`` how wide these are;
    ``labels`` how many emotions it tells apart.
    """

    layers: int = 3
    states: int = 512
    labels: int = 6
    wide: int = 256
    deep: int = 256
    kernel: int = 5
    attentions: int = 4
    dropout: float = 0.5


class Head(nn.Module):
    """Pools hidden states of one stretch of speech and judges it.

    The statistics that standardise the states travel with the weights; they are of the training
    part alone.
    """

    state_mean: Tensor
    state_scale: Tensor

    def __init__(self, shape: HeadShape) -> None:
        super().__init__()
        self.shape = shape
        self.register_buffer("state_mean", torch.zeros(shape.layers, shape.states))
        self.register_buffer("state_scale", torch.ones(shape.layers, shape.states))
        outputs = shape.labels + 1
        self.wide = _wide(shape, outputs)
        self.mix = nn.Linear(shape.layers * shape.states, shape.deep)
        self.mix_norm = nn.LayerNorm(shape.deep)
        self.look = nn.Conv1d(shape.deep, shape.deep, shape.kernel, padding=shape.kernel // 2)
        self.look_norm = nn.LayerNorm(shape.deep)
        self.attend = nn.Linear(shape.deep, shape.attentions)
        pooled = shape.deep * (2 + shape.attentions)
        self.deep = nn.Sequential(
            nn.LayerNorm(pooled), nn.Dropout(shape.dropout), nn.Linear(pooled, outputs)
        )
        self.drop = nn.Dropout(0.6 * shape.dropout)

    def forward(self, states: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Return emotion logits, [n, labels], and the logit of a woman's voice, [n].

        Args:
            states: float32, [n, layers, frames, width]; what lies past a stretch's own frames
                is not heard.
            lengths: int64, [n], each stretch's own frames.
        """
        return self.judge(self.standardise(states), lengths)

    def standardise(self, states: Tensor) -> Tensor:
        """Return the states shifted and scaled by the training part's statistics."""
        return (states - self.state_mean[:, None]) / self.state_scale[:, None]

    def judge(self, standardised: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits of standardised states."""
        own = torch.arange(standardised.shape[2], device=lengths.device)[None, :] < lengths[:, None]
        logits = self._judge_wide(standardised, own) + self._judge_deep(standardised, own)
        return logits[:, : self.shape.labels], logits[:, self.shape.labels]

    def _judge_wide(self, states: Tensor, own: Tensor) -> Tensor:
        mean, deviation = pool(states, own[:, None, :])
        summary = torch.cat(
            [_MEAN_SCALE * mean, _DEVIATION_SCALE * (deviation - _DEVIATION_CENTRE)], dim=-1
        )
        return cast(Tensor, self.wide(summary.flatten(1)))

    def _judge_deep(self, states: Tensor, own: Tensor) -> Tensor:
        frames = states.transpose(1, 2).flatten(2)
        made = functional.gelu(self.mix_norm(self.mix(self.drop(frames)))) * own[:, :, None]
        seen = self.look(self.drop(made).transpose(1, 2)).transpose(1, 2)
        made = made + functional.gelu(self.look_norm(seen))
        mean, deviation = pool(made, own)
        weights = self.attend(made).masked_fill(~own[:, :, None], -torch.inf).softmax(dim=1)
        attended = torch.einsum("nta,ntd->nad", weights, made).flatten(1)
        return cast(Tensor, self.deep(torch.cat([mean, deviation, attended], dim=1)))


def pool(frames: Tensor, own: Tensor) -> tuple[Tensor, Tensor]:
    """Return mean and deviation over time of each stretch's own frames.

    Args:
        frames: [..., time, width].
        own: bool, [..., time], which frames are the stretch's own; broadcast over the rest.
    """
    mask = own[..., None].to(frames.dtype)
    count = mask.sum(dim=-2)
    mean = (frames * mask).sum(dim=-2) / count
    variance = ((frames - mean[..., None, :]).square() * mask).sum(dim=-2) / count
    return mean, (variance + _TINY).sqrt()


def _wide(shape: HeadShape, outputs: int) -> nn.Module:
    summary = 2 * shape.layers * shape.states
    return nn.Sequential(
        nn.LayerNorm(summary),
        nn.Dropout(0.4 * shape.dropout),
        nn.Linear(summary, shape.wide),
        nn.LayerNorm(shape.wide),
        nn.GELU(),
        nn.Dropout(shape.dropout),
        nn.Linear(shape.wide, outputs),
    )
