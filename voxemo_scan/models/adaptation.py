"""Hearing a voice's windows beside one another: what is the voice's own, and what is emotion.

A voice that always sounds a little sad is no sad voice. Standardising each voice by its own mean
would take that away, and with it the anger of a voice that is angry throughout. How far a voice
is to be heard as it is, and how far by how its windows differ, can be told from the windows
together: from what they are heard as either way, and how far apart they lie. A small network has
learned to tell it, from many voices drawn from the training speakers: of all mixtures of emotions,
from even to all one emotion, recorded here and elsewhere. What it makes of a window depends on the
others, in any order (Zaheer et al. 2017).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, cast

import torch
from torch import Tensor, nn

_INNER: Final = 48
_ROUNDS: Final = 2
_FIRST_WAYS: Final = 3
_MOST_TOLD: Final = 64
"""Windows beyond which more of them say nothing new of how sure a voice's mean is."""
_TINY: Final = 1e-4

Decide = Callable[[Tensor], Tensor]
"""What a head makes of projected windows, [..., inner]: logits, [..., labels]."""


class VoiceListener(nn.Module):
    """Logits of a voice's windows from what a head hears in them, more or less of it taken off.

    ``effects`` is what each emotion adds to a standardised summary on the average. Each window is
    judged with nothing, half and all of the voice's mean taken off; then, knowing from that how the
    voice's emotions divide, with as much taken off as they leave for the voice itself.
    """

    input_mean: Tensor
    input_scale: Tensor
    effects: Tensor

    def __init__(self, *, size: int, labels: int) -> None:
        super().__init__()
        self.register_buffer("input_mean", torch.zeros(size))
        self.register_buffer("input_scale", torch.ones(size))
        self.register_buffer("effects", torch.zeros(labels, size))
        self.rounds = nn.ModuleList(
            _Round(ways=_FIRST_WAYS + number, labels=labels) for number in range(_ROUNDS)
        )

    def standardise(self, summaries: Tensor) -> Tensor:
        """Return summaries, [n, size], shifted and scaled by the training part's statistics."""
        return (summaries - self.input_mean) / self.input_scale

    def forward(self, windows: Tensor, effects: Tensor, decide: Decide) -> list[Tensor]:
        """Return each round's logits, [voices, n, labels]; the last one's are to be used.

        Args:
            windows: standardised and projected as a head does, [voices, n, inner].
            effects: ``effects`` projected likewise, [labels, inner].
            decide: what the head makes of them.
        """
        count = windows.shape[1]
        mean = windows.mean(dim=1, keepdim=True)
        heard = [
            decide(windows - part * mean).log_softmax(dim=-1)
            for part in torch.linspace(0.0, 1.0, _FIRST_WAYS).tolist()
        ]
        made: list[Tensor] = []
        for each in self.rounds:
            logits = cast(Tensor, each(torch.stack(heard, dim=2)))
            shares = logits.softmax(dim=-1).mean(dim=1, keepdim=True)
            own = (mean - shares @ effects) * (count / (count + 1.0))
            heard.append(decide(windows - own).log_softmax(dim=-1))
            made.append(logits)
        return made


class _Round(nn.Module):
    """From the ways in which windows were heard, [voices, n, ways, labels], to logits."""

    def __init__(self, *, ways: int, labels: int) -> None:
        super().__init__()
        self.look = nn.Sequential(
            nn.Linear(ways * labels, _INNER), nn.GELU(), nn.Linear(_INNER, _INNER)
        )
        self.together = nn.Sequential(
            nn.Linear(2 * _INNER + 1, _INNER), nn.GELU(), nn.Linear(_INNER, _INNER), nn.GELU()
        )
        self.trust = nn.Linear(_INNER, ways)
        self.decide = nn.Sequential(
            nn.Linear(2 * _INNER, _INNER), nn.GELU(), nn.Linear(_INNER, labels)
        )
        for layer in (self.trust, cast(nn.Linear, self.decide[2])):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, heard: Tensor) -> Tensor:
        voices, count, _, _ = heard.shape
        seen = self.look(heard.flatten(2) / 2.0 + 1.0)
        spread = (seen.var(dim=1, unbiased=False) + _TINY).sqrt()
        size = seen.new_full((voices, 1), math.log(min(count, _MOST_TOLD)) / 3.0)
        context = self.together(torch.cat([seen.mean(dim=1), spread, size], dim=1))
        trust = self.trust(context).softmax(dim=1)
        mixed = (heard * trust[:, None, :, None]).sum(dim=2)
        beside = context[:, None].expand(-1, count, -1)
        return cast(Tensor, mixed + self.decide(torch.cat([seen, beside], dim=2)))
