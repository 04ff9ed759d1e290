"""The ensemble averages its members' distributions."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from voxemo_scan.features.image import ImageOptions
from voxemo_scan.models.classic_member import ClassicMember
from voxemo_scan.models.ensemble import Ensemble, Voice
from voxemo_scan.models.judgement import tempered
from voxemo_scan.models.passage import Passage
from voxemo_scan.models.registry import load_files
from voxemo_scan.models.weights import load_network


def passages():
    """Return three passages of one window each, and one of two."""
    rng = np.random.default_rng(1)
    sound = [(0.1 * rng.standard_normal(n)).astype(np.float32) for n in (7000, 20_000, 35_840)]
    long = (0.1 * rng.standard_normal(64_000)).astype(np.float32)
    return [
        *(Passage(signal, ((0, len(signal)),)) for signal in sound),
        Passage(long, ((8000, 40_000), (24_000, 56_000))),
    ]


def test_two_networks_are_averaged(weight_file):
    paths = [weight_file(labels=6), weight_file(labels=12)]
    alone = [load_files([path]).judge(passages()).probabilities for path in paths]
    together = load_files(paths).judge(passages()).probabilities
    np.testing.assert_allclose(together, np.mean(alone, axis=0), atol=1e-6)
    np.testing.assert_allclose(together.sum(axis=1), 1.0, atol=1e-9)
    assert together.shape == (5, 6)


def test_gender_comes_from_the_network_that_tells_it(weight_file):
    six, twelve = weight_file(labels=6), weight_file(labels=12)
    together = load_files([six, twelve]).judge(passages()).female
    np.testing.assert_allclose(together, load_files([twelve]).judge(passages()).female)
    assert load_files([six]).judge(passages()).female is None


def test_classic_networks_must_see_the_same_image(weight_file):
    networks = [
        load_network(weight_file()),
        load_network(weight_file(seed=1, image=ImageOptions(hop_samples=400))),
    ]
    with pytest.raises(ValueError, match="same image"):
        ClassicMember(networks)


@pytest.mark.parametrize(("weights", "expected"), [((1, 3), (0.25, 0.75)), ((2, 2), (0.5, 0.5))])
def test_members_count_by_their_weights(weight_file, encoder_file, weights, expected):
    loaded = load_files([weight_file(labels=12), encoder_file()])
    classic, encoder = (voice.member for voice in loaded.voices)
    with torch.inference_mode():
        each = [classic.judge(passages()), encoder.judge(passages())]
    voices = [Voice(classic, weights[0]), Voice(encoder, weights[1])]
    with torch.inference_mode():
        found = Ensemble(voices, info=loaded.info).judge(passages())
    for of in ("probabilities", "female"):
        mean = sum(w * getattr(e, of) for w, e in zip(expected, each, strict=True))
        np.testing.assert_allclose(getattr(found, of), mean, atol=1e-9)


def test_a_member_is_tempered_before_it_is_weighed(encoder_file):
    loaded = load_files([encoder_file()])
    (voice,) = loaded.voices
    raw = loaded.judge(passages()).probabilities
    warmer = Ensemble([Voice(voice.member, 1.0, 2.0)], info=loaded.info).judge(passages())
    np.testing.assert_allclose(warmer.probabilities, tempered(raw, temperature=2.0), atol=1e-9)


def test_what_an_ensemble_leans_to_is_taken_off(encoder_file):
    loaded = load_files([encoder_file()])
    raw = loaded.judge(passages()).probabilities
    leanings = (np.log(2.0), 0, 0, 0, 0, 0)
    found = Ensemble(loaded.voices, info=loaded.info, leanings=leanings).judge(passages())
    expected = raw / [2, 1, 1, 1, 1, 1]
    np.testing.assert_allclose(
        found.probabilities, expected / expected.sum(axis=1, keepdims=True), atol=1e-9
    )


@given(
    st.lists(st.floats(0.001, 1), min_size=6, max_size=6),
    st.floats(0.2, 5),
)
def test_tempering_keeps_the_order_and_sums_to_one(weights, temperature):
    before = np.array([weights]) / np.sum(weights)
    after = tempered(before, temperature=temperature)
    assert after.sum() == pytest.approx(1.0)
    assert (np.argsort(after, kind="stable") == np.argsort(before, kind="stable")).all() or (
        np.ptp(after[0, np.argsort(before)[0]] - np.sort(after)[0]) < 1e-9
    )
    np.testing.assert_allclose(tempered(before, temperature=1.0), before, atol=1e-12)
