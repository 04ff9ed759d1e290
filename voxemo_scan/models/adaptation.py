"""Hearing a voice's windows beside one another: what is the voice's own, and what is emotion.

A voice that always sounds a little sad is no sad voice. Standardising each voice by its own mean
would take that away, and with it the anger of a voice that is angry throughout. So both are
inferred together: where the voice lies, and which emotions it shows how often. The model is linear
and Gaussian: a window lies at its voice's place plus its emotion's, and strays around it
(probabilistic linear discriminant analysis, Ioffe 2006; Prince and Elder 2007). Many mixtures of
emotions are tried, from even to all one emotion; each with the place that explains the voice best
under it, and counts by how well it does so.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

_ROUNDS: Final = 6
_EVIDENCE: Final = 0.5
"""What a window counts for: less than one, since windows overlap and the model is a sketch."""
_LEAST_PRIOR: Final = 0.005
_SEED: Final = 0
_TINY: Final = 1e-9
"""Nothing is impossible: what is never heard alone may be heard together."""


class EmotionSpace(nn.Module):
    """Where voices and emotions lie in a few directions of standardised summaries.

    In these directions windows stray around their place with variance 1 and places of voices with
    the variances ``between``. ``effects`` is what each emotion adds to a standardised summary on
    the average, ``steadiness`` how much of each of its numbers' variance around that is the
    voice's own, as a ratio to the rest.
    """

    input_mean: Tensor
    input_scale: Tensor
    project: Tensor
    centre: Tensor
    emotions: Tensor
    between: Tensor
    effects: Tensor
    steadiness: Tensor

    def __init__(self, *, size: int, directions: int, labels: int) -> None:
        super().__init__()
        self.register_buffer("input_mean", torch.zeros(size))
        self.register_buffer("input_scale", torch.ones(size))
        self.register_buffer("project", torch.zeros(size, directions))
        self.register_buffer("centre", torch.zeros(directions))
        self.register_buffer("emotions", torch.zeros(labels, directions))
        self.register_buffer("between", torch.ones(directions))
        self.register_buffer("effects", torch.zeros(labels, size))
        self.register_buffer("steadiness", torch.ones(size))

    def standardise(self, summaries: Tensor) -> Tensor:
        """Return summaries, [n, size], shifted and scaled by the training part's statistics."""
        return (summaries - self.input_mean) / self.input_scale

    def places(self, standardised: Tensor) -> Tensor:
        """Return where windows lie, [n, directions]."""
        return standardised @ self.project - self.centre

    def offsets(self, standardised: Tensor, emotions: Tensor) -> Tensor:
        """Return what of each window's summary is its voice's own, [n, size].

        As told by the voice's other windows: nothing by none, the more surely the more there are.

        Args:
            standardised: the windows of one voice, [n, size].
            emotions: how likely each window is of each emotion, [n, labels].
        """
        others = len(standardised) - 1
        if others < 1:
            return torch.zeros_like(standardised)
        rest = standardised - emotions @ self.effects
        mean = (rest.sum(dim=0) - rest) / others
        return mean * (others * self.steadiness / (1.0 + others * self.steadiness))


def hear_alone(space: EmotionSpace, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the distributions of windows whose voices are not known, [n, labels]."""
    between, emotions = _arrays(space)
    apart = places[:, None, :] - emotions
    return _softmax(-0.5 * (np.square(apart) / (1.0 + between)).sum(axis=2))


def hear_together(space: EmotionSpace, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the distributions of one voice's windows, heard beside one another, [n, labels].

    Args:
        space: the model.
        places: of all the voice's windows, [n, directions], in any order.
    """
    between, emotions = _arrays(space)
    mixtures = _mixtures(len(emotions))
    alone = -0.5 * np.square(places[:, None, :] - emotions).sum(axis=2)  # [n, labels]
    total = places.sum(axis=0)
    held = 1.0 / (_EVIDENCE * len(places) + 1.0 / between)
    voice = np.zeros((len(mixtures), places.shape[1]))
    for _ in range(_ROUNDS):
        # log N(x; c + b, 1) up to what is the same for all = alone + x.b - c.b - b.b / 2
        shifted = (voice @ places.T)[:, :, None] - (voice @ emotions.T)[:, None, :]
        fit = alone + shifted - 0.5 * np.square(voice).sum(axis=1)[:, None, None]
        fit += np.log(mixtures)[:, None, :]
        most = fit.max(axis=2, keepdims=True)
        said = np.exp(fit - most)
        sums = said.sum(axis=2, keepdims=True)
        said /= sums
        likely = (most + np.log(sums)).sum(axis=(1, 2))
        score = _EVIDENCE * likely - 0.5 * (np.square(voice) / between).sum(axis=1)
        voice = _EVIDENCE * (total - said.sum(axis=1) @ emotions) * held
    heard = np.maximum(np.einsum("m,mne->ne", _softmax(score), said), _TINY)
    return np.asarray(heard / heard.sum(axis=1, keepdims=True))


def _arrays(space: EmotionSpace) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return space.between.double().cpu().numpy(), space.emotions.double().cpu().numpy()


def _mixtures(labels: int) -> NDArray[np.float64]:
    """Return the mixtures of emotions to try, [mixtures, labels], each summing to 1."""
    rng = np.random.default_rng(_SEED)
    tried = np.concatenate(
        [
            np.eye(labels),
            np.full((1, labels), 1.0 / labels),
            rng.dirichlet(np.full(labels, 0.4), size=40),
            rng.dirichlet(np.full(labels, 2.0), size=20),
        ]
    )
    tried = np.maximum(tried, _LEAST_PRIOR)
    return np.asarray(tried / tried.sum(axis=1, keepdims=True))


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.maximum(np.exp(logits - logits.max(axis=-1, keepdims=True)), _TINY)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
