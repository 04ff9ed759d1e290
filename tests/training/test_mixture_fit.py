"""Where emotions lie in voices at large, learned from clips."""

import numpy as np
import pytest
import torch

from tests.support.voices import LABELS, drawn_clips
from voxemo_scan.training.mixture_fit import fit_mixture
from voxemo_scan.training.voice_clips import part, statistics_of

DIMS = 4


@pytest.fixture(scope="module")
def clips():
    return drawn_clips(seed=2, own_in=8)


@pytest.fixture(scope="module")
def fitted(clips):
    return fit_mixture(clips, statistics_of(clips), dims=DIMS)


def test_an_emotion_of_a_voice_scatters_by_one_in_each_direction(clips, fitted):
    rows = statistics_of(clips).standardise(clips.summaries[0])
    places = fitted.place(torch.from_numpy(rows)).numpy()
    left = part(places, clips.voices).rest
    assert left.std(axis=0) == pytest.approx(np.ones(DIMS), rel=0.15)


def test_directions_lie_where_emotions_differ(fitted):
    weight = fitted.directions.square().sum(dim=1)
    assert float(weight[:8].mean()) > 20.0 * float(weight[8:].mean())


def test_emotions_lie_where_new_voices_have_them(fitted, clips):
    new = drawn_clips(seed=9, own_in=8, speakers=60)
    rows = statistics_of(clips).standardise(new.summaries[0])
    found = part(fitted.place(torch.from_numpy(rows)).numpy(), new.voices).emotions
    np.testing.assert_allclose(fitted.effects.numpy(), found, atol=0.3)
    assert fitted.effects.shape == (LABELS, DIMS)


def test_voices_that_differ_in_their_emotions_are_said_to(clips, fitted):
    rng = np.random.default_rng(0)
    own = 0.2 * rng.standard_normal((clips.voices.count, LABELS, clips.summaries.shape[-1]))
    own[:, :, 8:] = 0.0
    changed = clips.summaries + own[clips.voices.owners, clips.voices.labels].astype(np.float32)
    differing = type(clips)(changed, clips.voices, clips.targets)
    found = fit_mixture(differing, statistics_of(differing), dims=DIMS)
    assert float(fitted.spread.max()) < 0.2
    assert float(found.spread.min()) > 0.4
