"""Heads over the encoder's hidden states: emotion logits and the logit of a woman's voice.

A wide head sees mean and deviation over time of every layer. A deep head mixes the layers moment by
moment, looks at neighbouring moments and pools what it made by mean, deviation and attention
(Okabe et al. 2018).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

_TINY: Final = 1e-5
MOMENT: Final = 2
"""Hidden states that a deep head takes together."""


@dataclass(frozen=True, slots=True)
class HeadShape:
    """What a head sees and how large it is.

    ``layers`` is how many of the encoder's layers it sees, ``states`` how wide these are;
    ``labels`` how many emotions it tells apart.
    """

    layers: int = 3
    states: int = 512
    labels: int = 6
    inner: int = 256
    kernel: int = 5
    attentions: int = 4
    dropout: float = 0.5


class WideHead(nn.Module):
    """Two layers over the mean and deviation of each layer's states.

    The statistics that standardise its input travel with the weights; they are of the training
    part alone.
    """

    input_mean: Tensor
    input_scale: Tensor

    def __init__(self, shape: HeadShape) -> None:
        super().__init__()
        self.shape = shape
        size = 2 * shape.layers * shape.states
        self.register_buffer("input_mean", torch.zeros(size))
        self.register_buffer("input_scale", torch.ones(size))
        self.layers = nn.Sequential(
            nn.Dropout(0.4 * shape.dropout),
            nn.Linear(size, shape.inner),
            nn.LayerNorm(shape.inner),
            nn.GELU(),
            nn.Dropout(shape.dropout),
            nn.Linear(shape.inner, shape.labels + 1),
        )

    def forward(self, states: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Return emotion logits, [n, labels], and the logit of a woman's voice, [n].

        Args:
            states: float32, [n, layers, frames, width]; what lies past a stretch's own frames
                is not heard.
            lengths: int64, [n], each stretch's own frames.
        """
        return self.judge(self.standardise(summarise(states, lengths)))

    def standardise(self, summary: Tensor) -> Tensor:
        """Return summaries shifted and scaled by the training part's statistics."""
        return (summary - self.input_mean) / self.input_scale

    def judge(self, standardised: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits of standardised summaries, [n, 2 x layers x width]."""
        logits = self.layers(standardised)
        return logits[:, : self.shape.labels], logits[:, self.shape.labels]

    def project(self, standardised: Tensor) -> Tensor:
        """Return standardised summaries, [..., 2 x layers x width], as ``decide`` takes them.

        Linear, so that means and differences may be taken after it as well: [..., inner].
        """
        return functional.linear(standardised, cast(nn.Linear, self.layers[1]).weight)

    def decide(self, projected: Tensor) -> Tensor:
        """Return the emotion logits, [..., labels], of projected summaries, [..., inner]."""
        begun = projected + cast(nn.Linear, self.layers[1]).bias
        logits: Tensor = self.layers[2:](begun)
        return logits[..., : self.shape.labels]


class DeepHead(nn.Module):
    """A mixture of layers and moments, pooled by mean, deviation and attention.

    The statistics that standardise the states travel with the weights; they are of the training
    part alone.
    """

    input_mean: Tensor
    input_scale: Tensor

    def __init__(self, shape: HeadShape) -> None:
        super().__init__()
        self.shape = shape
        self.register_buffer("input_mean", torch.zeros(shape.layers, shape.states))
        self.register_buffer("input_scale", torch.ones(shape.layers, shape.states))
        self.mix = nn.Linear(shape.layers * shape.states, shape.inner)
        self.mix_norm = nn.LayerNorm(shape.inner)
        self.look = nn.Conv1d(shape.inner, shape.inner, shape.kernel, padding=shape.kernel // 2)
        self.look_norm = nn.LayerNorm(shape.inner)
        self.attend = nn.Linear(shape.inner, shape.attentions)
        pooled = shape.inner * (2 + shape.attentions)
        self.decide = nn.Sequential(
            nn.LayerNorm(pooled),
            nn.Dropout(shape.dropout),
            nn.Linear(pooled, shape.labels + 1),
        )
        self.drop = nn.Dropout(0.6 * shape.dropout)

    def forward(self, states: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Return emotion logits and the logit of a woman's voice, as ``WideHead`` does."""
        moments, count = to_moments(states, lengths)
        return self.judge(self.standardise(moments), count)

    def standardise(self, moments: Tensor) -> Tensor:
        """Return moments shifted and scaled by the training part's statistics."""
        return (moments - self.input_mean[:, None]) / self.input_scale[:, None]

    def judge(self, standardised: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits of standardised moments, [n, layers, moments, width]."""
        mixed = self.mix(self.drop(standardised.transpose(1, 2).flatten(2)))
        return self.judge_mixed(mixed, lengths, look=self._look)

    def judge_mixed(
        self, mixed: Tensor, lengths: Tensor, *, look: Callable[[Tensor], Tensor]
    ) -> tuple[Tensor, Tensor]:
        """Return the logits of moments whose layers are mixed, [n, moments, inner].

        ``look`` does what the convolution does to them, [n, moments, inner].
        """
        own = own_frames(lengths, mixed.shape[1])
        made = functional.gelu(self.mix_norm(mixed)) * own[:, :, None]
        seen = look(self.drop(made))
        made = made + functional.gelu(self.look_norm(seen))
        mean, deviation = pool(made, own)
        weights = self.attend(made).masked_fill(~own[:, :, None], -torch.inf).softmax(dim=1)
        attended = torch.einsum("nta,ntd->nad", weights, made).flatten(1)
        logits = self.decide(torch.cat([mean, deviation, attended], dim=1))
        return logits[:, : self.shape.labels], logits[:, self.shape.labels]

    def _look(self, made: Tensor) -> Tensor:
        seen: Tensor = self.look(made.transpose(1, 2)).transpose(1, 2)
        return seen


Head = WideHead | DeepHead


def summarise(states: Tensor, lengths: Tensor) -> Tensor:
    """Return mean and deviation over time of each layer, [n, 2 x layers x width]."""
    own = own_frames(lengths, states.shape[2])[:, None, :]
    return torch.cat(pool(states, own), dim=-1).flatten(1)


def summarise_spans(
    states: Tensor, spans: Sequence[tuple[int, int]], centre: Tensor, *, layers: int
) -> Tensor:
    """Return what ``summarise`` does of stretches of one signal, [n, 2 x layers x width].

    Args:
        states: float32, [frames, layers x width], from which ``centre`` has been taken off, so
            that squares lose no digits.
        spans: of each stretch its first frame and the one after its last, within the signal.
        centre: [layers x width].
        layers: how many there are.
    """
    own = states.new_zeros(len(spans), len(states))
    for row, (first, last) in zip(own, spans, strict=True):
        row[first:last] = 1.0 / (last - first)
    mean = own @ states
    variance = own @ states.square() - mean.square()
    deviation = (variance.clamp(min=0.0) + _TINY).sqrt()
    made = torch.stack([mean + centre, deviation]).view(2, len(spans), layers, -1)
    return made.permute(1, 2, 0, 3).flatten(1)


def to_moments(states: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
    """Return the means of states taken two by two, and how many each stretch has of its own."""
    n, layers, frames, width = states.shape
    own = own_frames(lengths, frames)
    masked = states * own[:, None, :, None]
    if frames % MOMENT:
        masked = functional.pad(masked, (0, 0, 0, 1))
        own = functional.pad(own, (0, 1))
    count = own.view(n, 1, -1, MOMENT, 1).sum(dim=3).clamp(min=1)
    moments = masked.view(n, layers, -1, MOMENT, width).sum(dim=3) / count
    return moments, (lengths + MOMENT - 1) // MOMENT


def own_frames(lengths: Tensor, longest: int) -> Tensor:
    """Return which frames are each stretch's own, bool, [n, longest]."""
    return torch.arange(longest, device=lengths.device)[None, :] < lengths[:, None]


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
