"""Learning where voices and emotions lie, from speakers whose emotions are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.linalg import eigh

from voxemo_scan.models.adaptation import EmotionSpace

_COMPONENTS: Final = 1600
"""Principal components of what strays within voices, in which directions are looked for."""
_SHRINKAGE: Final = 0.1
_ROUNDS: Final = 3
_TINY: Final = 1e-4
_LEAST_BETWEEN: Final = 0.05
"""The least variance between voices in any direction, as a part of that within a voice."""


@dataclass(frozen=True)
class Voices:
    """Training clips by their voice: which voice's each is, int, [clips], and its label."""

    owners: NDArray[np.int64]
    labels: NDArray[np.int64]

    @property
    def count(self) -> int:
        """Return how many voices there are."""
        return int(self.owners.max()) + 1

    def copied(self, times: int) -> Voices:
        """Return the voices of the clips' copies, one copy after the other, each voices anew."""
        owners = [self.owners + copy * self.count for copy in range(times)]
        return Voices(np.concatenate(owners), np.tile(self.labels, times))


@dataclass(frozen=True)
class Parted:
    """Standardised summaries parted in what is the voices', the emotions' and neither's."""

    voices: NDArray[np.float32]
    emotions: NDArray[np.float32]
    rest: NDArray[np.float32]


def part(standardised: NDArray[np.float32], voices: Voices) -> Parted:
    """Return each voice's and each emotion's mean, [voices, size] and [labels, size], and the rest.

    The emotions' sum to nothing. The rest, [clips, size], is what is left of each clip.
    """
    labels = int(voices.labels.max()) + 1
    emotions = np.zeros((labels, standardised.shape[1]), dtype=np.float32)
    for _ in range(_ROUNDS):
        places = _means(standardised - emotions[voices.labels], voices.owners, voices.count)
        emotions = _means(standardised - places[voices.owners], voices.labels, labels)
        emotions -= emotions.mean(axis=0)
    rest = standardised - places[voices.owners] - emotions[voices.labels]
    return Parted(places, emotions, rest)


def fit_emotion_space(
    summaries: NDArray[np.float32], voices: Voices, *, directions: int
) -> EmotionSpace:
    """Return the space of training clips' summaries, [clips, size].

    Its first directions, one fewer than there are labels, are those that tell emotions apart best;
    the others those in which voices differ most beside.
    """
    labels = int(voices.labels.max()) + 1
    space = EmotionSpace(size=summaries.shape[1], directions=directions, labels=labels)
    space.input_mean.copy_(torch.from_numpy(summaries.mean(axis=0)))
    space.input_scale.copy_(torch.from_numpy(summaries.std(axis=0)).clamp(min=_TINY))
    standardised = ((summaries - summaries.mean(axis=0)) / space.input_scale.numpy()).astype(
        np.float32
    )
    parted = part(standardised, voices)
    project = _directions(parted, labels=labels, directions=directions)
    _place(space, parted, project, clips=len(summaries))
    return space


def _directions(parted: Parted, *, labels: int, directions: int) -> NDArray[np.float64]:
    """Return the directions, [size, directions], in which what strays within voices is white."""
    within = parted.rest.T @ parted.rest / len(parted.rest)
    size = len(within)
    free = len(parted.rest) - len(parted.voices) - labels
    kept = min(_COMPONENTS, size, max(free, directions))
    _, basis = eigh(within, subset_by_index=(size - kept, size - 1))
    small = basis.T @ within @ basis
    small = (1 - _SHRINKAGE) * small + _SHRINKAGE * np.trace(small) / kept * np.eye(kept)
    white = np.linalg.inv(np.linalg.cholesky(small)).T  # [kept, kept], columns white
    emotions = parted.emotions @ basis @ white
    telling = np.linalg.svd(emotions, full_matrices=False)[2][: labels - 1]
    places = (parted.voices - parted.voices.mean(axis=0)) @ basis @ white
    beside = places - places @ telling.T @ telling
    differing = np.linalg.svd(beside, full_matrices=False)[2][: directions - len(telling)]
    return np.asarray(basis @ white @ np.concatenate([telling, differing]).T)


def _place(
    space: EmotionSpace, parted: Parted, project: NDArray[np.float64], *, clips: int
) -> None:
    """Turn the directions so that voices differ in each apart from the others, and fill ``space``.

    Of the variance of voices' means, what is there by chance alone is taken off.
    """
    rest = parted.rest @ project
    white = np.linalg.inv(np.linalg.cholesky(np.cov(rest.T))).T
    places = parted.voices @ project @ white
    chance = len(places) / clips
    variances, turn = np.linalg.eigh(np.cov(places.T) - chance * np.eye(len(white)))
    final = project @ white @ turn
    space.project.copy_(torch.from_numpy(final))
    space.centre.copy_(torch.from_numpy((places @ turn).mean(axis=0)))
    space.emotions.copy_(torch.from_numpy(parted.emotions @ final))
    space.between.copy_(torch.from_numpy(np.maximum(variances, _LEAST_BETWEEN)))
    space.effects.copy_(torch.from_numpy(parted.emotions))
    steadiness = parted.voices.var(axis=0) / (parted.rest.var(axis=0) + _TINY)
    space.steadiness.copy_(torch.from_numpy(steadiness))


def _means(rows: NDArray[np.float32], owners: NDArray[np.int64], count: int) -> NDArray[np.float32]:
    """Return the mean of each owner's rows, [count, size]."""
    return np.stack([rows[owners == owner].mean(axis=0) for owner in range(count)])
