"""Clips of voices that were drawn, so that it is known what in them is the voice's own."""

import numpy as np
import torch

from voxemo_scan.training.encoder_fit import Targets
from voxemo_scan.training.voice_clips import VoiceClips, Voices

LABELS = 6


def drawn_clips(
    *, seed, size=32, speakers=24, clips=36, copies=2, own=1.5, own_in=None, emotion=1.0
):
    """Return clips of speakers whose own places lie as far apart as emotions do.

    ``own_in`` is in how many of the numbers voices and emotions differ, if not in all; ``emotion``
    is how far emotions lie apart. They are the same whatever the seed.
    """
    emotions = emotion * np.random.default_rng(1).standard_normal((LABELS, size))
    rng = np.random.default_rng(seed)
    places = own * rng.standard_normal((speakers, size))
    places[:, own_in or size :] = 0.0
    emotions[:, own_in or size :] = 0.0
    owners = np.repeat(np.arange(speakers), clips)
    labels = np.tile(np.arange(LABELS), speakers * clips // LABELS)
    scatter = 1.5 * rng.standard_normal((copies, len(owners), size))
    summaries = 5.0 + 0.1 * (emotions[labels] + places[owners] + scatter)
    wanted = torch.eye(LABELS)[labels]
    return VoiceClips(
        summaries.astype(np.float32),
        Voices(owners, labels),
        Targets(wanted, torch.full((len(owners),), float("nan"))),
    )
