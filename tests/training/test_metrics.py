"""Figures with known answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxemo_scan.training.labels import EIGHT
from voxemo_scan.training.metrics import measure
from voxemo_scan.training.reliability import calibration_error, reliability


def certain(verdicts):
    return np.eye(6)[verdicts]


def test_ua_is_the_mean_of_recalls_and_wa_plain_accuracy():
    labels = np.array([0, 0, 0, 0, 1, 2, 3, 4, 5, 5])
    verdicts = np.array([0, 0, 0, 1, 1, 2, 3, 4, 5, 0])
    found = measure(certain(verdicts), labels, speakers=list("aabbccddee"))
    assert found.wa == pytest.approx(0.8)
    assert found.ua == pytest.approx((0.75 + 1 + 1 + 1 + 1 + 0.5) / 6)
    assert found.recalls["neutral"] == pytest.approx(0.75)
    assert found.confusion[0].tolist() == [3, 1, 0, 0, 0, 0]
    assert found.clips == 10
    f1 = [6 / 8, 2 / 3, 1, 1, 1, 2 / 3]
    assert found.macro_f1 == pytest.approx(np.mean(f1))


def test_a_label_that_is_not_there_does_not_count():
    found = measure(certain([0, 1]), np.array([0, 0]), speakers=["a", "b"])
    assert found.ua == pytest.approx(0.5)


def test_calibration_error_by_hand():
    probabilities = np.array([[0.9, 0.1, 0, 0, 0, 0]] * 10 + [[0.5, 0.3, 0.2, 0, 0, 0]] * 10)
    labels = np.array([0] * 7 + [1] * 3 + [0] * 5 + [1] * 5)
    assert calibration_error(probabilities, labels) == pytest.approx(0.5 * 0.2 + 0.5 * 0.0)


def test_reliability_bins_hold_every_clip():
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet(np.full(6, 0.5), size=500)
    labels = rng.integers(6, size=500)
    bins = reliability(probabilities, labels)
    assert sum(each.clips for each in bins) == 500
    for each in bins:
        assert each.low <= each.confidence <= each.high
        assert 0 <= each.accuracy <= 1
    gaps = sum(abs(b.confidence - b.accuracy) * b.clips for b in bins) / 500
    assert calibration_error(probabilities, labels) == pytest.approx(gaps)


def test_labels_beyond_the_six_are_measured():
    found = measure(
        np.eye(8)[[6, 7, 7]], np.array([6, 7, 6]), speakers=list("aab"), label_set=EIGHT
    )
    assert found.recalls["surprised"] == pytest.approx(0.5)
    assert found.recalls["calm"] == pytest.approx(1.0)
    assert found.ua == pytest.approx(0.75)
    assert found.confusion.shape == (8, 8)


def test_speakers_widen_the_interval():
    labels = np.zeros(200, dtype=np.int64)
    verdicts = np.r_[np.zeros(100, dtype=int), np.ones(100, dtype=int)]
    alone = measure(certain(verdicts), labels, speakers=[str(n) for n in range(200)])
    two = measure(certain(verdicts), labels, speakers=["a"] * 100 + ["b"] * 100)
    assert two.wa_ci == (0.0, 1.0)
    assert alone.wa_ci[1] - alone.wa_ci[0] < 0.2


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=40))
def test_figures_are_fractions(pairs):
    labels, verdicts = np.array(pairs).T
    found = measure(certain(verdicts), labels, speakers=["a"] * len(labels), resamples=20)
    for figure in (found.ua, found.wa, found.macro_f1, found.ece):
        assert 0 <= figure <= 1
    assert found.confusion.sum() == len(pairs)
