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
from voxemo_scan.models.adaptation import EmotionSpace, hear_alone, hear_together
from voxemo_scan.models.head import DeepHead, Head, HeadShape, WideHead, summarise, to_moments
from voxemo_scan.models.precision import autocast
from voxemo_scan.models.whisper import WhisperBlocks, WhisperShape, hidden_lengths


@dataclass(frozen=True, slots=True)
class EncoderShape:
    """How large the member is.

    ``layers`` are the hidden states that the heads see: 0 before the first block, n after the nth.
    ``adaptive_heads`` are the wide heads beside the others that may be given what is left of a
    summary when a voice's own is taken off, as a space of so many ``directions`` tells it.
    ``clarity`` says whether it knows clear speech from what nobody should judge a voice by.
    """

    whisper: WhisperShape = field(default_factory=lambda: WhisperShape(blocks=4))
    layers: tuple[int, ...] = (2, 3, 4)
    head: HeadShape = field(default_factory=HeadShape)
    wide_heads: int = 1
    deep_heads: int = 0
    adaptive_heads: int = 0
    directions: int = 0
    clarity: bool = False


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
                *(WideHead(shape.head) for _ in range(shape.adaptive_heads)),
            ]
        )
        self.space: EmotionSpace | None = None
        size = 2 * shape.head.layers * shape.head.states
        if shape.adaptive_heads:
            self.space = EmotionSpace(
                size=size, directions=shape.directions, labels=shape.head.labels
            )
        self.clarity = nn.Linear(size, 1) if shape.clarity else None

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
        wide = self.shape.wide_heads + self.shape.adaptive_heads
        summary = summarise(states, lengths) if wide else states
        moments, count = to_moments(states, lengths) if self.shape.deep_heads else (states, lengths)
        return [
            head.judge(head.standardise(summary))
            if isinstance(head, WideHead)
            else head.judge(head.standardise(moments), count)
            for head in cast(Sequence[Head], self.heads)
        ]

    def clear(self, summaries: Tensor) -> Tensor | None:
        """Return how likely stretches are clear speech of one voice, [n]; None if it cannot tell.

        Args:
            summaries: of the stretches, as ``summarise`` returns them.
        """
        if self.clarity is None or self.space is None:
            return None
        logits: Tensor = self.clarity(self.space.standardise(summaries))
        return logits[:, 0].sigmoid()

    def judge_voice(self, summaries: Tensor, heard: Tensor) -> Tensor:
        """Return the distributions of one voice's windows, heard beside one another, [n, labels].

        Half of each is what the adaptive heads say of what is left of it without the voice's own,
        half what was heard in it alone, corrected by what the voice's place explains.

        Args:
            summaries: of the windows, as ``summarise`` returns them, in any order.
            heard: what was heard in each alone, [n, labels].

        Raises:
            ValueError: the network has no adaptive heads.
        """
        space = self.space
        if space is None:
            raise ValueError("a network without adaptive heads does not tell voices' own")
        standardised = space.standardise(summaries)
        places = space.places(standardised).double().cpu().numpy()
        together = hear_together(space, places)
        ratio = torch.from_numpy(together / hear_alone(space, places)).to(heard)
        corrected = heard * ratio
        left = standardised - space.offsets(standardised, torch.from_numpy(together).to(heard))
        adaptive = cast(Sequence[WideHead], self.heads)[-self.shape.adaptive_heads :]
        said = torch.stack([head.judge(left)[0].softmax(dim=1) for head in adaptive]).mean(dim=0)
        return 0.5 * said + 0.5 * corrected / corrected.sum(dim=1, keepdim=True)


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
