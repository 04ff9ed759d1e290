"""The ensemble averages its members' distributions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxemo_scan.features.image import ImageOptions
from voxemo_scan.models.ensemble import Ensemble, tempered
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.models.registry import load_files
from voxemo_scan.models.weights import load_network


def windows():
    rng = np.random.default_rng(1)
    return [(0.1 * rng.standard_normal(n)).astype(np.float32) for n in (7000, 20_000, 35_840)]


def test_two_members_are_averaged(weight_file):
    paths = [weight_file(labels=6), weight_file(labels=12)]
    alone = [load_files([path]).judge(windows()).probabilities for path in paths]
    together = load_files(paths).judge(windows()).probabilities
    np.testing.assert_allclose(together, np.mean(alone, axis=0), atol=1e-6)
    np.testing.assert_allclose(together.sum(axis=1), 1.0, atol=1e-9)


def test_gender_comes_from_the_member_that_tells_it(weight_file):
    six, twelve = weight_file(labels=6), weight_file(labels=12)
    together = load_files([six, twelve]).judge(windows()).female
    np.testing.assert_allclose(together, load_files([twelve]).judge(windows()).female)
    np.testing.assert_allclose(load_files([six]).judge(windows()).female, 0.5)


def test_members_must_see_the_same_image(weight_file):
    members = [
        load_network(weight_file()),
        load_network(weight_file(seed=1, image=ImageOptions(hop_samples=400))),
    ]
    with pytest.raises(ValueError, match="same image"):
        Ensemble(members, info=ModelInfo("x", "1"))


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
