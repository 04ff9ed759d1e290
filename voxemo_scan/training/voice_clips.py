"""Training clips by their voice, and what in them is the voice's, the emotion's and neither's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from voxemo_scan.training.encoder_fit import Targets, make_targets, summaries_of
from voxemo_scan.training.encoder_recipe import EncoderRecipe
from voxemo_scan.training.splits import Split
from voxemo_scan.training.states import StateBank

_ROUNDS: Final = 3
_TINY: Final = 1e-4


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
class VoiceClips:
    """Clips' summaries, float32, [copies, clips, size], whose they are and what they are of."""

    summaries: NDArray[np.float32]
    voices: Voices
    targets: Targets

    def of(self, clips: NDArray[np.int64]) -> VoiceClips:
        """Return some of the clips, their voices counted anew."""
        _, owners = np.unique(self.voices.owners[clips], return_inverse=True)
        return VoiceClips(
            self.summaries[:, clips],
            Voices(owners, self.voices.labels[clips]),
            self.targets.of(clips),
        )


@dataclass(frozen=True)
class Parted:
    """Standardised summaries parted in what is the voices', the emotions' and neither's."""

    voices: NDArray[np.float32]
    emotions: NDArray[np.float32]
    rest: NDArray[np.float32]


@dataclass(frozen=True)
class Statistics:
    """What standardises summaries, [size], and how they part.

    ``effects``, [labels, size], is what each emotion adds to a standardised summary on the average;
    ``voices``, [voices, size], what each voice does; ``steadiness``, [size], how much of each
    number's variance is the voice's own, as a ratio to what neither explains.
    """

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    effects: NDArray[np.float32]
    voices: NDArray[np.float32]
    steadiness: NDArray[np.float32]

    def standardise(self, summaries: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return summaries, [..., size], shifted and scaled."""
        return (summaries - self.mean) / self.scale


def voice_clips(recipe: EncoderRecipe, split: Split, banks: Sequence[StateBank]) -> VoiceClips:
    """Return a split's training clips, each speaker of each corpus a voice."""
    _, owners = np.unique([f"{u.corpus} {u.speaker}" for u in split.train], return_inverse=True)
    labels = split.labels.targets(u.label for u in split.train)
    return VoiceClips(
        np.stack([summaries_of(split.train, bank) for bank in banks]),
        Voices(owners, labels),
        make_targets(recipe, split.train),
    )


def statistics_of(clips: VoiceClips) -> Statistics:
    """Return the statistics of clips, those of all their copies together."""
    rows = clips.summaries.reshape(-1, clips.summaries.shape[-1])
    mean = rows.mean(axis=0)
    scale = np.maximum(rows.std(axis=0), _TINY)
    parted = part((rows - mean) / scale, clips.voices.copied(len(clips.summaries)))
    steadiness = parted.voices.var(axis=0) / (parted.rest.var(axis=0) + _TINY)
    return Statistics(mean, scale, parted.emotions, parted.voices, steadiness)


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


def _means(rows: NDArray[np.float32], owners: NDArray[np.int64], count: int) -> NDArray[np.float32]:
    """Return the mean of each owner's rows, [count, size]."""
    return np.stack([rows[owners == owner].mean(axis=0) for owner in range(count)])


def as_tensor(rows: NDArray[np.float32]) -> torch.Tensor:
    """Return rows as a float32 tensor."""
    return torch.from_numpy(np.ascontiguousarray(rows, dtype=np.float32))
