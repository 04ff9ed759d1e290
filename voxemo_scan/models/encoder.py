"""The encoder member: the first blocks of a speech encoder with a few heads that are averaged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from voxemo_scan.features.log_mel import log_mels
from voxemo_scan.models.head import DeepHead, Head, HeadShape, WideHead, summarise, to_moments
from voxemo_scan.models.precision import autocast
from voxemo_scan.models.whisper import WhisperBlocks, WhisperShape, hidden_lengths


@dataclass(frozen=True, slots=True)
class EncoderShape:
    """How large the member is.

    ``layers`` are the hidden states that the heads see: 0 before the first block, n after the nth.
    """

    whisper: WhisperShape = field(default_factory=lambda: WhisperShape(blocks=4))
    layers: tuple[int, ...] = (2, 3, 4)
    head: HeadShape = field(default_factory=HeadShape)
    wide_heads: int = 1
    deep_heads: int = 0


@dataclass(frozen=True, slots=True)
class States:
    """Hidden states of signals: [signals, layers, frames, width], and each one's own frames.

    ``stem``, [signals, frames, width], is what the convolutions made, without a sense of time.
    """

    states: Tensor
    lengths: Tensor
    stem: Tensor | None = None


class EncoderNetwork(nn.Module):
    """Signals to emotion distributions and the probability of a woman's voice."""

    def __init__(self, shape: EncoderShape) -> None:
        super().__init__()
        self.shape = shape
        self.whisper = WhisperBlocks(shape.whisper)
        self.heads = nn.ModuleList(
            [
                *(WideHead(shape.head) for _ in range(shape.wide_heads)),
                *(DeepHead(shape.head) for _ in range(shape.deep_heads)),
            ]
        )

    @property
    def device(self) -> torch.device:
        """Return where the network computes."""
        return self.whisper.conv1.weight.device

    def hear(self, signals: Sequence[NDArray[np.float32]]) -> States:
        """Return the hidden states of signals, each float32, [samples], -1..1, 16 kHz, to 30 s."""
        mels, frames = log_mels(signals)
        with autocast(self.device):
            found = self.whisper(mels.to(self.device), frames.to(self.device))
        states = torch.stack([found[layer].float() for layer in self.shape.layers], dim=1)
        stem = found[0].float() - self.whisper.positions[: states.shape[2]]
        return States(states, hidden_lengths(frames).to(self.device), stem)

    def judge(self, states: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Return probabilities, [n, labels], and a woman's voice's, [n], of states of stretches."""
        said = self.logits(states, lengths)
        emotions = torch.stack([logits.softmax(dim=1) for logits, _ in said]).mean(dim=0)
        return emotions, torch.stack([logit.sigmoid() for _, logit in said]).mean(dim=0)

    def logits(self, states: Tensor, lengths: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Return what each head says: emotion logits, [n, labels], and a woman's voice's, [n]."""
        summary = summarise(states, lengths) if self.shape.wide_heads else states
        moments, count = to_moments(states, lengths) if self.shape.deep_heads else (states, lengths)
        return [
            head.judge(head.standardise(summary))
            if isinstance(head, WideHead)
            else head.judge(head.standardise(moments), count)
            for head in cast(Sequence[Head], self.heads)
        ]


def cut(heard: States, spans: Sequence[tuple[int, int, int]]) -> States:
    """Return the states of stretches of signals.

    Args:
        heard: the states of whole signals.
        spans: of each stretch the number of its signal, its first frame and the frame after its
            last; a stretch keeps at least one frame.
    """
    lengths = [max(1, last - first) for _, first, last in spans]
    _, layers, _, width = heard.states.shape
    states = heard.states.new_zeros(len(spans), layers, max(lengths, default=1), width)
    for row, (signal, first, _), length in zip(states, spans, lengths, strict=True):
        start = max(0, min(first, int(heard.lengths[signal]) - 1))
        own = heard.states[signal, :, start : start + length]
        row[:, : own.shape[1]] = own
    kept = [
        max(1, min(length, int(heard.lengths[signal]) - max(0, first)))
        for (signal, first, _), length in zip(spans, lengths, strict=True)
    ]
    return States(states, torch.tensor(kept, device=states.device))
