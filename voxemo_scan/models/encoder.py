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
from voxemo_scan.models.mixture import VoiceMixture
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
    ``mixture`` is in how many directions it finds where emotions lie in a voice; 0 if it does not.
    """

    whisper: WhisperShape = field(default_factory=lambda: WhisperShape(blocks=4))
    layers: tuple[int, ...] = (2, 3, 4)
    head: HeadShape = field(default_factory=HeadShape)
    wide_heads: int = 1
    deep_heads: int = 0
    adaptive_heads: int = 0
    clarity: bool = False
    mixture: int = 0

    @property
    def asked_alone(self) -> int:
        """Return how many heads are asked of a stretch by itself: the first so many.

        Adaptive heads, which expect some of the voice to be taken off, are asked only if there are
        no others: of voices unlike any that they know they say far less alone than beside others.
        """
        return self.wide_heads + self.deep_heads or self.adaptive_heads


@dataclass(frozen=True, slots=True)
class States:
    """Hidden states of signals: [signals, layers, frames, width], and each one's own frames."""

    states: Tensor
    lengths: Tensor


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
        self.mixture: VoiceMixture | None = None
        if shape.adaptive_heads and shape.mixture:
            self.mixture = VoiceMixture(size=size, dims=shape.mixture, labels=shape.head.labels)

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
        return States(states, hidden_lengths(frames).to(self.device))

    def judge(self, states: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Return probabilities, [n, labels], and a woman's voice's, [n], of states of stretches."""
        return _agree(self.logits(states, lengths)[: self.shape.asked_alone])

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
        """Return what of summaries of stretches a voice is told by, [n, numbers].

        What each adaptive head makes of them, and where they lie for the mixture. By it
        ``judge_voice`` hears windows beside one another; None without such heads.
        """
        if self.listener is None:
            return None
        standardised = self.listener.standardise(summaries)
        made = [head.project(standardised) for head in self._adaptive]
        if self.mixture is not None:
            made.append(self.mixture.place(standardised))
        return torch.cat(made, dim=1)

    def judge_voice(self, projected: Tensor, heard: Tensor) -> Tensor:
        """Return the distributions of one voice's windows, heard beside one another, [n, labels].

        Half of each is what the listener makes of the adaptive heads, at all speeds, half what was
        heard in it alone, corrected by how far the listener corrects the adaptive heads. By these
        the mixture, if there is one, finds where emotions lie in this voice.

        Args:
            projected: the windows as ``project`` returns them, at each speed, in any order:
                [n, speeds, numbers].
            heard: what was heard in each alone, [n, labels].

        Raises:
            ValueError: the network has no adaptive heads.
        """
        if self.listener is None:
            raise ValueError("a network without adaptive heads does not tell voices' own")
        alone, together = torch.zeros_like(heard), torch.zeros_like(heard)
        *parts, places = torch.split(projected, self._numbers, dim=2)
        for head, windows in zip(self._adaptive, parts, strict=True):
            by_speed = windows.transpose(0, 1)
            effects = head.project(self.listener.effects)
            alone += head.decide(by_speed).softmax(dim=-1).sum(dim=0)
            together += self.listener(by_speed, effects, head.decide)[-1].softmax(dim=-1).sum(dim=0)
        corrected = heard * together / alone.clamp(min=_TINY)
        found = 0.5 * (_to_one(together) + _to_one(corrected))
        if self.mixture is None:
            return found
        return cast(Tensor, self.mixture(places.mean(dim=1), found))

    def decide(
        self, summaries: Tensor, deep: Sequence[tuple[Tensor, Tensor]]
    ) -> tuple[Tensor, Tensor]:
        """Return what ``judge`` does, of summaries of stretches and what deep heads said of them.

        Args:
            summaries: of the stretches, as ``summarise`` returns them.
            deep: of each deep head emotion logits, [n, labels], and a woman's voice's, [n].
        """
        wide = cast(Sequence[WideHead], self.heads[: self.shape.wide_heads])
        asked = wide if wide or deep else self._adaptive
        return _agree([*(head.judge(head.standardise(summaries)) for head in asked), *deep])

    @property
    def _numbers(self) -> list[int]:
        """Return how many numbers ``project`` gives for each adaptive head, and the mixture."""
        return [self.shape.head.inner] * self.shape.adaptive_heads + [self.shape.mixture]

    @property
    def _adaptive(self) -> list[WideHead]:
        return [cast(WideHead, h) for h in self.heads[-self.shape.adaptive_heads :]]


def _agree(said: Sequence[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
    """Return the mean of heads' distributions, and of a woman's voice's probabilities."""
    emotions = torch.stack([logits.softmax(dim=1) for logits, _ in said]).mean(dim=0)
    return emotions, torch.stack([logit.sigmoid() for _, logit in said]).mean(dim=0)


def _to_one(rows: Tensor) -> Tensor:
    return rows / rows.sum(dim=1, keepdim=True)
