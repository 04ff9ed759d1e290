"""Shares and their intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from voxemo_scan.scan.shares import (
    BootstrapOptions,
    by_emotion,
    female_fraction,
    mean_shares,
    share_intervals,
)

FEW = BootstrapOptions(resamples=200)


@st.composite
def scenes(draw):
    count = draw(st.integers(1, 12))
    raw = draw(arrays(float, (count, 6), elements=st.floats(0.01, 1)))
    seconds = draw(arrays(float, count, elements=st.floats(0.1, 9)))
    segments = np.sort(draw(arrays(np.int64, count, elements=st.integers(0, count - 1))))
    _, numbers = np.unique(segments, return_inverse=True)
    return raw / raw.sum(axis=1, keepdims=True), seconds, numbers


@given(scenes())
def test_shares_sum_to_one_and_lie_in_their_intervals(scene):
    probabilities, seconds, segments = scene
    shares = mean_shares(probabilities, seconds)
    intervals = share_intervals(probabilities, seconds, segments=segments, options=FEW)
    assert shares.sum() == pytest.approx(1.0, abs=1e-9)
    assert (intervals[:, 0] <= shares).all()
    assert (shares <= intervals[:, 1]).all()
    assert (intervals >= 0).all()
    assert (intervals <= 1 + 1e-12).all()


def test_windows_count_by_the_speech_they_stand_for():
    shares = mean_shares(np.eye(6)[[3, 0]], np.array([3.0, 1.0]))
    assert by_emotion(shares) == {
        "neutral": 0.25, "happy": 0, "sad": 0, "angry": 0.75, "fear": 0, "disgust": 0
    }  # fmt: skip


def test_the_interval_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(7)
    covered = []
    for _ in range(150):
        probabilities = rng.dirichlet(np.full(6, 0.5), size=40)
        truth = np.array([rng.choice(6, p=row) for row in probabilities])
        found = share_intervals(probabilities, np.ones(40), segments=np.arange(40), options=FEW)
        real = np.bincount(truth, minlength=6) / 40
        covered += ((found[:, 0] <= real) & (real <= found[:, 1])).tolist()
    assert np.mean(covered) >= 0.93


def test_one_unsure_window_gets_a_wide_interval():
    found = share_intervals(
        np.array([[0.5, 0.5, 0, 0, 0, 0]]),
        np.ones(1),
        segments=np.zeros(1, dtype=np.int64),
        options=FEW,
    )
    assert found[0].tolist() == [0.0, 1.0]


def test_more_segments_narrow_the_interval():
    widths = []
    for count in (4, 40, 400):
        rows = np.tile([0.6, 0.4, 0, 0, 0, 0], (count, 1))
        low, high = share_intervals(rows, np.ones(count), segments=np.arange(count), options=FEW)[0]
        widths.append(high - low)
    assert widths[0] > 2 * widths[1] > 4 * widths[2]


def test_the_same_seed_gives_the_same_interval():
    rows = np.random.default_rng(0).dirichlet(np.ones(6), size=9)
    first, again = (
        share_intervals(rows, np.ones(9), segments=np.arange(9) // 3, options=FEW) for _ in range(2)
    )
    np.testing.assert_array_equal(first, again)


def test_a_segment_is_one_voice():
    female = np.array([0.9, 0.4, 0.1])
    found = female_fraction(female, np.array([1.0, 1.0, 2.0]), segments=np.array([0, 0, 1]))
    assert found == pytest.approx(0.5)
