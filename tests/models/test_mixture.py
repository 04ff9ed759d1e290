"""Where emotions lie in a voice, found from its windows."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from voxemo_scan.models.mixture import MixtureOptions, VoiceMixture

LABELS, DIMS = 6, 5


def mixture(**options):
    """Return a mixture that knows where emotions lie at large."""
    made = VoiceMixture(size=8, dims=DIMS, labels=LABELS, options=MixtureOptions(**options))
    rng = np.random.default_rng(0)
    made.effects.copy_(torch.from_numpy(1.5 * rng.standard_normal((LABELS, DIMS))))
    made.directions.copy_(torch.from_numpy(rng.standard_normal((8, DIMS))))
    return made


def voice(labels, *, seed=0, own=1.0, sure=0.8):
    """Return windows of a voice of its own kind, and what was heard in them: often wrong."""
    rng = np.random.default_rng(seed)
    effects = mixture().effects.numpy() + own * rng.standard_normal((LABELS, DIMS))
    places = 3.0 * rng.standard_normal(DIMS) + effects[labels]
    places = places + rng.standard_normal((len(labels), DIMS))
    logits = rng.standard_normal((len(labels), LABELS)) + 1.5 * sure * np.eye(LABELS)[labels]
    return torch.from_numpy(places).float(), torch.from_numpy(logits).softmax(dim=1).float()


def right(said, labels):
    return float((said.argmax(dim=1).numpy() == labels).mean())


@given(st.integers(1, 60), st.integers(0, 1000), st.floats(0.1, 30.0))
def test_distributions_sum_to_one_and_do_not_depend_on_the_order(windows, seed, wide):
    rng = np.random.default_rng(seed)
    places = torch.from_numpy(wide * rng.standard_normal((windows, DIMS))).float()
    heard = torch.from_numpy(3.0 * rng.standard_normal((windows, LABELS))).softmax(dim=1).float()
    made = mixture(windows=10.0, uneven=0.1, even=0.2)
    said = made(places, heard)
    assert said.sum(dim=1).numpy() == pytest.approx(np.ones(windows), abs=1e-5)
    order = rng.permutation(windows)
    np.testing.assert_allclose(made(places[order], heard[order]), said[order], atol=1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_a_voice_of_hundreds_of_windows_is_heard_far_better(seed):
    labels = np.arange(420) % LABELS
    places, heard = voice(labels, seed=seed)
    assert right(heard, labels) < 0.7
    assert right(mixture()(places, heard), labels) > right(heard, labels) + 0.12


def test_where_the_voice_itself_lies_makes_no_difference():
    places, heard = voice(np.arange(240) % LABELS)
    shift = torch.tensor([40.0, -7.0, 0.0, 3.0, 100.0])
    torch.testing.assert_close(
        mixture()(places + shift, heard), mixture()(places, heard), atol=1e-4, rtol=0
    )


def test_a_voice_of_few_windows_stays_nearly_as_it_was_heard():
    places, heard = voice(np.arange(12) % LABELS)
    assert float((mixture()(places, heard) - heard).abs().max()) < 0.05


def test_a_voice_of_one_emotion_stays_as_it_was_heard():
    places, heard = voice(np.full(400, 2), sure=2.5)
    assert torch.equal(mixture()(places, heard), heard)


def test_what_is_not_among_the_windows_is_not_found_there():
    labels = np.arange(300) % 3
    places, heard = voice(labels, sure=1.2)
    said = mixture(uneven=0.1, even=0.2)(places, heard)
    assert right(said, labels) > right(heard, labels)
    assert float(said[:, 3:].sum()) < float(heard[:, 3:].sum())


def test_it_is_trusted_the_more_the_more_windows_and_the_more_even_their_emotions():
    options = MixtureOptions()
    even = torch.full((1, LABELS), 1.0 / LABELS, dtype=torch.float64)
    trusts = [options.trust(even.expand(n, -1)) for n in (1, 20, 200, 2000)]
    assert trusts == sorted(trusts)
    assert trusts[0] < 0.001
    assert trusts[2] == pytest.approx(0.5)
    assert trusts[3] < 1.0
    leaning = torch.tensor([[0.5, 0.2, 0.1, 0.1, 0.05, 0.05]], dtype=torch.float64).expand(200, -1)
    one = torch.eye(LABELS, dtype=torch.float64)[:1].expand(200, -1)
    assert options.trust(one) == 0.0 < options.trust(leaning) < trusts[2]
