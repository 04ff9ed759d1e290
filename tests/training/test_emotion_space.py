"""The space of emotions and voices, learned from voices that were drawn."""

import numpy as np
import torch

from voxemo_scan.models.adaptation import hear_alone, hear_together
from voxemo_scan.training.emotion_space import Voices, fit_emotion_space, part

SIZE, LABELS, SPEAKERS, CLIPS = 40, 6, 24, 36


def drawn(*, seed):
    """Return summaries of speakers whose own places are as far apart as emotions are."""
    places = np.random.default_rng(1)
    emotions = places.standard_normal((LABELS, SIZE))
    rng = np.random.default_rng(seed)
    own = 1.5 * rng.standard_normal((SPEAKERS, SIZE))
    owners = np.repeat(np.arange(SPEAKERS), CLIPS)
    labels = np.tile(np.arange(LABELS), SPEAKERS * CLIPS // LABELS)
    scatter = 1.5 * rng.standard_normal((len(owners), SIZE))
    summaries = 5.0 + 0.1 * (emotions[labels] + own[owners] + scatter)
    return summaries.astype(np.float32), Voices(owners, labels)


def test_parts_add_up_to_what_was_parted():
    summaries, voices = drawn(seed=2)
    found = part(summaries, voices)
    again = found.voices[voices.owners] + found.emotions[voices.labels] + found.rest
    np.testing.assert_allclose(again, summaries, atol=1e-4)
    np.testing.assert_allclose(found.emotions.sum(axis=0), 0, atol=1e-4)


def test_voices_never_heard_are_heard_better_beside_their_other_windows():
    space = fit_emotion_space(*drawn(seed=2), directions=17)
    summaries, voices = drawn(seed=3)
    places = space.places(space.standardise(torch.from_numpy(summaries))).double().numpy()
    alone = hear_alone(space, places).argmax(axis=1) == voices.labels
    together = np.concatenate(
        [hear_together(space, places[voices.owners == n]).argmax(axis=1) for n in range(SPEAKERS)]
    )
    assert (together == voices.labels).mean() > alone.mean() + 0.05 > 0.4


def test_within_a_voice_directions_are_white():
    summaries, voices = drawn(seed=2)
    space = fit_emotion_space(summaries, voices, directions=9)
    places = space.places(space.standardise(torch.from_numpy(summaries))).numpy()
    rest = part(places, voices).rest
    np.testing.assert_allclose(np.cov(rest.T), np.eye(9), atol=0.1)
