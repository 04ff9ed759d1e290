"""Where each emotion lies in one voice: a mixture that a voice's windows find out together.

Voices differ not only in where they lie, but in what anger or joy does to them. Of a voice that is
heard for long, windows that sound alike are mostly of one emotion, and what was heard in them,
right more often than not, tells where that emotion lies in this voice; a window among others that
were heard otherwise is then heard anew. Each emotion is a normal distribution whose place starts
from where it lies in voices at large and moves as more windows speak for it (maximum a posteriori
adaptation, Gauvain and Lee 1994); places and verdicts are found in turn, by expectation
maximisation (Dempster, Laird and Rubin 1977). What was heard in a window before stays a part of
its verdict: nearly all of it in a voice of few windows or of one emotion, where what sounds
different may still be the same emotion, and a small one in a voice of hundreds of all emotions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn

_ROUNDS: Final = 8
_TINY: Final = 1e-9
_FEW: Final = 1e-4


@dataclass(frozen=True, slots=True)
class MixtureOptions:
    """How far a mixture is trusted; chosen on voices of validation speakers (docs/experiments.md).

    It counts half as much as what was heard before in a voice of ``windows`` windows, less in
    smaller ones; and not at all in a voice whose emotions are no more even than ``uneven`` (their
    entropy, as a part of what it is at most), fully from ``even`` on. ``held`` is by how many
    windows an emotion's place in voices at large is held, in the direction in which voices differ
    from one another as its own windows do; ``scatter`` by how many the scatter is. Shares of
    emotions count ``shares`` times. What comes out is softened by ``cooling`` times what the
    mixture counts, for numbers that repeat one another make it too sure.
    """

    windows: float = 200.0
    uneven: float = 0.7
    even: float = 0.95
    held: float = 30.0
    scatter: float = 30.0
    shares: float = 1.5
    cooling: float = 2.0

    def trust(self, heard: Tensor) -> float:
        """Return how much the mixture counts in a voice, 0..1, in whose windows was ``heard``."""
        windows, labels = heard.shape
        shares = heard.mean(dim=0)
        entropy = float(-(shares * (shares + _TINY).log()).sum()) / math.log(labels)
        even = min(max((entropy - self.uneven) / (self.even - self.uneven), 0.0), 1.0)
        return even * windows**2 / (windows**2 + self.windows**2)


class VoiceMixture(nn.Module):
    """A voice's windows' distributions, found anew from one another.

    ``directions``, [size, dims], are those in which emotions of one voice lie apart, of scatter 1
    within an emotion; ``effects``, [labels, dims], where emotions lie along them in voices at
    large, from where the voice itself lies; ``spread``, [dims], the variance of voices' own around
    that.
    """

    directions: Tensor
    effects: Tensor
    spread: Tensor

    def __init__(
        self, *, size: int, dims: int, labels: int, options: MixtureOptions | None = None
    ) -> None:
        super().__init__()
        self.options = options or MixtureOptions()
        self.register_buffer("directions", torch.zeros(size, dims))
        self.register_buffer("effects", torch.zeros(labels, dims))
        self.register_buffer("spread", torch.ones(dims))

    def place(self, standardised: Tensor) -> Tensor:
        """Return where standardised summaries, [..., size], lie: [..., dims]."""
        return standardised @ self.directions

    def forward(self, places: Tensor, heard: Tensor) -> Tensor:
        """Return the distributions of one voice's windows, [n, labels], in any order.

        Args:
            places: of the windows, [n, dims].
            heard: what was heard in them before, [n, labels].
        """
        said, options = heard.double(), self.options
        trust = options.trust(said)
        if trust == 0.0:
            return heard
        logits = before = (said + _TINY).log()
        for _ in range(_ROUNDS):
            windows = said.sum(dim=0)
            shares = (windows + 0.5) / (windows + 0.5).sum()
            fit = self._fit(places.double(), said, windows[:, None])
            logits = before + trust * (options.shares * shares.log() + fit)
            said = logits.softmax(dim=1)
        return (logits / (1.0 + options.cooling * trust)).softmax(dim=1).to(heard.dtype)

    def _fit(self, places: Tensor, said: Tensor, windows: Tensor) -> Tensor:
        """Return how well each emotion explains where each window lies: log densities, [n, labels].

        ``windows``: of each emotion how many were heard, [labels, 1].
        """
        effects, held = self.effects.double(), self.options.held / self.spread.double()
        means = (said.T @ places) / windows.clamp(min=_FEW)
        weights = windows * held / (windows + held)
        voice = (weights * (means - effects)).sum(dim=0) / weights.sum(dim=0).clamp(min=_FEW)
        usual = voice + effects
        centres = usual + windows / (windows + held) * (means - usual)
        away = (places[:, None] - centres).square()
        known = self.options.scatter
        scatter = (known + (said[:, :, None] * away).sum(dim=(0, 1))) / (known + len(places))
        unsure = scatter * (1.0 + 1.0 / (windows + held))
        return -0.5 * (away / unsure + unsure.log()).sum(dim=2)
