"""Where emotions lie in voices at large, and how far voices differ in it."""

from __future__ import annotations

from typing import Final

import numpy as np

from voxemo_scan.models.mixture import VoiceMixture
from voxemo_scan.training.discriminant import widest_apart
from voxemo_scan.training.voice_clips import Statistics, VoiceClips, as_tensor, part

_SHRINKAGE: Final = 0.1
"""How much of the mean variance is added to every direction's scatter."""
_LEAST_SPREAD: Final = 0.01


def fit_mixture(clips: VoiceClips, statistics: Statistics, *, dims: int) -> VoiceMixture:
    """Return a mixture fitted to clips; each copy of a voice is a voice.

    Its directions are those along which the emotions of one voice lie apart most, measured by how
    one emotion's clips scatter (Fisher 1936; Rao 1948): whether all voices' do so alike or each in
    its own way.

    Args:
        clips: what to learn from.
        statistics: of ``clips``.
        dims: how many directions, at most as many as numbers in a summary.
    """
    size = clips.summaries.shape[-1]
    voices = clips.voices.copied(len(clips.summaries))
    rows = statistics.standardise(clips.summaries).reshape(-1, size)
    parted = part(rows, voices)
    labels = len(parted.emotions)
    left = (rows - parted.voices[voices.owners]).astype(np.float64)
    cells, own, counts = np.unique(
        voices.owners * labels + voices.labels, return_inverse=True, return_counts=True
    )
    means = np.zeros((len(cells), size))
    np.add.at(means, own, left)
    means /= counts[:, None]
    rest = left - means[own]
    directions, _ = widest_apart(
        means.T @ means / len(means), rest.T @ rest / max(1, len(rest) - len(means)),
        dims=dims, shrinkage=_SHRINKAGE,
    )  # fmt: skip
    within = (rest @ directions).var(axis=0)
    apart = (means - parted.emotions[cells % labels]) @ directions
    chance = within * float(np.mean(1.0 / counts))
    spread = np.maximum(apart.var(axis=0) - chance, _LEAST_SPREAD)
    mixture = VoiceMixture(size=size, dims=dims, labels=labels)
    mixture.directions.copy_(as_tensor(directions.astype(np.float32)))
    mixture.effects.copy_(as_tensor((parted.emotions @ directions).astype(np.float32)))
    mixture.spread.copy_(as_tensor(spread.astype(np.float32)))
    return mixture.eval()
