"""The encoder member: the first blocks of a speech encoder with a few heads that are averaged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from voxemo_scan.features.log_mel import log_mels
from voxemo_scan.models.adaptation import VoiceListener
from voxemo_scan.models.head import DeepHead, Head, HeadShape, WideHead, summarise, to_moments
from voxemo_scan.models.precision import autocast
from voxemo_scan.models.whisper import WhisperBlocks, WhisperShape, hidden_lengths

_TINY: Final = 1e-9


@dataclass(frozen=True, slots=True)
class EncoderShape:
    """How large the member is.

    ``layers`` are the hidden states that the heads see: 0 before the first block, n after the nth.
    ``adaptive_heads`` are the wide heads beside the others that may be given what is left of a
    summary when some of the voice's own is taken off.
    ``clarity`` says whether it knows clear speech from what nobody should judge a voice by.
    """

    whisper: WhisperShape = field(default_factory=lambda: WhisperShape(blocks=4))
    layers: tuple[int, ...] = (2, 3, 4)
    head: HeadShape = field(default_factory=HeadShape)
    wide_heads: int = 1
    deep_heads: int = 0
    adaptive_heads: int = 0
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
        self.listener: VoiceListener | None = None
        size = 2 * shape.head.layers * shape.head.states
        if shape.adaptive_heads:
            self.listener = VoiceListener(size=size, labels=shape.head.labels)
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
        """Return probabilities, [n, labels], and a woman's voice's, [n], of states of stretches.

        Adaptive heads, which expect some of the voice to be taken off, are asked only if there are
        no others: of voices unlike any that they know they say far less alone than beside others.
        """
        others = self.shape.wide_heads + self.shape.deep_heads
        said = self.logits(states, lengths)[: others or None]
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
        if self.clarity is None or self.listener is None:
            return None
        logits: Tensor = self.clarity(self.listener.standardise(summaries))
        return logits[:, 0].sigmoid()

    def project(self, summaries: Tensor) -> Tensor | None:
        """Return what the adaptive heads make of summaries of stretches, [n, heads, inner].

        By it ``judge_voice`` hears windows beside one another; None without such heads.
        """
        if self.listener is None:
            return None
        standardised = self.listener.standardise(summaries)
        return torch.stack([head.project(standardised) for head in self._adaptive], dim=1)

    def judge_voice(self, projected: Tensor, heard: Tensor) -> Tensor:
        """Return the distributions of one voice's windows, heard beside one another, [n, labels].

        Half of each is what the listener makes of the adaptive heads, at all speeds, half what was
        heard in it alone, corrected by how far the listener corrects the adaptive heads.

        Args:
            projected: the windows as ``project`` returns them, at each speed, in any order:
                [n, speeds, heads, inner].
            heard: what was heard in each alone, [n, labels].

        Raises:
            ValueError: the network has no adaptive heads.
        """
        if self.listener is None:
            raise ValueError("a network without adaptive heads does not tell voices' own")
        alone, together = torch.zeros_like(heard), torch.zeros_like(heard)
        for number, head in enumerate(self._adaptive):
            windows = projected[:, :, number].transpose(0, 1)
            effects = head.project(self.listener.effects)
            alone += head.decide(windows).softmax(dim=-1).sum(dim=0)
            together += self.listener(windows, effects, head.decide)[-1].softmax(dim=-1).sum(dim=0)
        corrected = heard * together / alone.clamp(min=_TINY)
        return 0.5 * (_to_one(together) + _to_one(corrected))

    @property
    def _adaptive(self) -> list[WideHead]:
        return [cast(WideHead, h) for h in self.heads[-self.shape.adaptive_heads :]]


def _to_one(rows: Tensor) -> Tensor:
    return rows / rows.sum(dim=1, keepdim=True)


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
