"""Shares as prevalence: known answers, laws, and intervals that cover the truth."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import minimize

from voxemo_scan.scan.estimate import estimate_shares
from voxemo_scan.scan.evidence import evidence
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.prevalence import PrevalenceOptions, prevalence, prevalence_intervals
from voxemo_scan.scan.shares import BootstrapOptions

WINDOW_S = 2.24
FEW = BootstrapOptions(resamples=200)
PLAIN = PrevalenceOptions(pseudo_windows=0.0, leaning=0.0, voice_leaning=0.0)
SHIPPED = PrevalenceOptions()


def alone(rows, seconds=None, voices=None):
    """Return windows that are each a segment of their own."""
    seconds = np.full(len(rows), WINDOW_S) if seconds is None else seconds
    segments = np.arange(len(rows))
    return evidence(rows, seconds, segments=segments, window_s=WINDOW_S, voices=voices)


def speech(rng, count, mix, confusion):
    """Return emotions drawn from ``mix`` and a calibrated listener's distributions of them.

    The listener hears one of six things, ``confusion[emotion, thing]`` of the time.
    """
    emotions = rng.choice(6, size=count, p=mix)
    things = np.array([rng.choice(6, p=confusion[emotion]) for emotion in emotions])
    posterior = (confusion / confusion.sum(axis=0)).T
    return emotions, posterior[things]


CONFUSED = 0.6 * np.eye(6) + 0.4 * np.roll(np.eye(6), 1, axis=1)


@st.composite
def scenes(draw):
    count = draw(st.integers(1, 12))
    raw = draw(arrays(float, (count, 6), elements=st.floats(0, 1)))
    raw[np.arange(count), draw(arrays(np.int64, count, elements=st.integers(0, 5)))] += 0.01
    seconds = draw(arrays(float, count, elements=st.floats(0.1, 9)))
    segments = np.sort(draw(arrays(np.int64, count, elements=st.integers(0, count - 1))))
    rows = raw / raw.sum(axis=1, keepdims=True)
    return evidence(rows, seconds, segments=segments, window_s=WINDOW_S)


@settings(deadline=None)
@given(scenes())
def test_shares_sum_to_one_and_lie_in_their_intervals(scene):
    shares = prevalence(scene, options=SHIPPED)
    intervals = prevalence_intervals(scene, options=SHIPPED, bootstrap=FEW)
    assert shares.sum() == pytest.approx(1.0, abs=1e-9)
    assert (intervals[:, 0] <= shares).all()
    assert (shares <= intervals[:, 1]).all()
    assert (intervals >= 0).all()
    assert (intervals <= 1 + 1e-6).all()


@given(scenes(), st.permutations(range(6)))
def test_no_emotion_is_special(scene, order):
    shares = prevalence(scene, options=SHIPPED)
    turned = evidence(
        scene.rows[:, order], scene.seconds, segments=scene.segments, window_s=WINDOW_S
    )
    assert prevalence(turned, options=SHIPPED) == pytest.approx(shares[list(order)], abs=1e-5)


def test_the_mix_is_the_likeliest_one():
    rng = np.random.default_rng(3)
    rows = rng.dirichlet(np.full(6, 0.7), size=30)

    def surprise(log_mix):
        mix = np.exp(log_mix) / np.exp(log_mix).sum()
        return -np.log(rows @ mix).sum()

    log_mix = minimize(surprise, np.zeros(6), tol=1e-12).x
    expected = np.exp(log_mix) / np.exp(log_mix).sum()
    assert prevalence(alone(rows), options=PLAIN) == pytest.approx(expected, abs=1e-3)


def test_a_listener_that_confuses_two_emotions_is_seen_through():
    rng = np.random.default_rng(0)
    mix = np.array([0.7, 0.0, 0.0, 0.3, 0.0, 0.0])
    _, rows = speech(rng, 4000, mix, CONFUSED)
    assert rows.mean(axis=0)[0] < 0.5  # the mean is not
    assert prevalence(alone(rows), options=PLAIN) == pytest.approx(mix, abs=0.03)


def test_certain_windows_are_counted_by_their_speech():
    shares = prevalence(alone(np.eye(6)[[3, 0]], np.array([6.0, 2.0])), options=PLAIN)
    assert shares == pytest.approx([0.25, 0, 0, 0.75, 0, 0], abs=1e-4)


def test_windows_that_know_nothing_leave_all_open():
    scene = alone(np.full((20, 6), 1 / 6))
    assert prevalence(scene, options=SHIPPED) == pytest.approx(np.full(6, 1 / 6))
    intervals = prevalence_intervals(scene, options=SHIPPED, bootstrap=FEW)
    assert (intervals[:, 1] - intervals[:, 0] > 0.3).all()


def test_few_windows_do_not_make_a_scene_of_one_emotion():
    row = np.array([[0.6, 0.3, 0.025, 0.025, 0.025, 0.025]])
    assert prevalence(alone(row), options=PLAIN)[0] > 0.99
    assert 0.6 < prevalence(alone(row), options=SHIPPED)[0] < 0.9
    many = prevalence(alone(np.repeat(row, 200, axis=0)), options=SHIPPED)
    assert many[0] > 0.97


def test_hearing_the_same_speech_twice_makes_it_no_more_certain():
    rng = np.random.default_rng(5)
    rows = rng.dirichlet(np.full(6, 0.5), size=4)
    once = evidence(rows, np.full(4, 2.0), segments=np.arange(4), window_s=WINDOW_S)
    twice = evidence(
        np.repeat(rows, 2, axis=0), np.ones(8), segments=np.repeat(np.arange(4), 2),
        window_s=WINDOW_S,
    )  # fmt: skip
    assert prevalence(twice, options=SHIPPED) == pytest.approx(prevalence(once, options=SHIPPED))
    one, two = (
        prevalence_intervals(s, options=SHIPPED, bootstrap=BootstrapOptions())
        for s in (once, twice)
    )
    assert two == pytest.approx(one, abs=1e-3)


@pytest.mark.parametrize("count", [1, 5, 40])
@pytest.mark.parametrize(("concentration", "leaning"), [(1.0, 0.0), (0.3, 0.0), (1e-3, 0.4)])
def test_the_interval_covers_the_truth_as_often_as_it_says(count, concentration, leaning):
    rng = np.random.default_rng(count)
    options = PrevalenceOptions(leaning=leaning, voice_leaning=0.0)
    covered = []
    for _ in range(100):
        mix = rng.dirichlet(np.full(6, concentration))
        emotions, rows = speech(rng, count, mix, 0.7 * np.eye(6) + 0.05)
        found = prevalence_intervals(alone(rows), options=options, bootstrap=FEW)
        real = np.bincount(emotions, minlength=6) / count
        covered += ((found[:, 0] - 1e-6 <= real) & (real <= found[:, 1] + 1e-6)).tolist()
    assert 0.88 <= np.mean(covered) <= 0.998


def width_of(scene, options=SHIPPED):
    found = prevalence_intervals(scene, options=options, bootstrap=BootstrapOptions())
    return (found[:, 1] - found[:, 0]).mean()


def test_more_segments_narrow_the_interval_and_leanings_widen_it():
    def width(count, leaning):
        rows = np.random.default_rng(1).dirichlet(np.full(6, 0.3), size=count)
        options = PrevalenceOptions(leaning=leaning, voice_leaning=0.0)
        return width_of(alone(rows), options)

    assert width(4, 0.0) > 1.5 * width(40, 0.0) > 3 * width(400, 0.0)
    assert width(400, 0.5) > 1.5 * width(400, 0.0)


def test_voices_that_lean_by_themselves_make_up_for_one_another():
    rows = np.random.default_rng(1).dirichlet(np.full(6, 0.3), size=120)
    one, two, twelve = (width_of(alone(rows, voices=np.arange(120) % n)) for n in (1, 2, 12))
    assert one > 1.15 * two > 1.3 * twelve
    assert width_of(alone(rows)) == pytest.approx(two, rel=0.05)  # nobody told: as of two


def test_who_speaks_changes_no_share_and_names_of_voices_change_nothing():
    rng = np.random.default_rng(2)
    rows, voices = rng.dirichlet(np.full(6, 0.3), size=30), rng.integers(-1, 3, size=30)
    told, renamed, untold = (alone(rows, voices=v) for v in (voices, 7 * voices + 9, None))
    shares = [prevalence(scene, options=SHIPPED).tolist() for scene in (told, renamed, untold)]
    assert shares[0] == shares[1] == shares[2]
    first, second = (
        prevalence_intervals(scene, options=SHIPPED, bootstrap=FEW) for scene in (told, renamed)
    )
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("voices", [1, 2, 12])
def test_the_interval_covers_the_truth_of_voices_that_are_heard_awry(voices):
    rng = np.random.default_rng(voices)
    covered = []
    for _ in range(80):
        emotions, rows = speech(rng, 60, rng.dirichlet(np.ones(6)), 0.7 * np.eye(6) + 0.05)
        speakers = np.arange(60) % voices
        rows = rows * np.exp(rng.normal(scale=SHIPPED.voice_leaning, size=(voices, 6)))[speakers]
        scene = alone(rows / rows.sum(axis=1, keepdims=True), voices=speakers)
        found = prevalence_intervals(scene, options=SHIPPED, bootstrap=FEW)
        real = np.bincount(emotions, minlength=6) / 60
        covered += ((found[:, 0] - 1e-6 <= real) & (real <= found[:, 1] + 1e-6)).tolist()
    assert 0.9 <= np.mean(covered) <= 0.99


def test_the_same_seed_gives_the_same_interval():
    scene = alone(np.random.default_rng(0).dirichlet(np.ones(6), size=9))
    first, again = (prevalence_intervals(scene, options=SHIPPED, bootstrap=FEW) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    other = prevalence_intervals(
        scene, options=SHIPPED, bootstrap=BootstrapOptions(resamples=200, seed=1)
    )
    assert not np.array_equal(first, other)


def test_a_whole_film_takes_seconds():
    rng = np.random.default_rng(0)
    rows = rng.dirichlet(np.full(6, 0.3), size=5000)
    seconds, segments = rng.uniform(0.8, 2.0, 5000), np.sort(rng.integers(0, 1500, 5000))
    start_s = time.process_time()
    estimate_shares(rows, seconds, segments=segments, window_s=WINDOW_S, options=ScanOptions())
    assert time.process_time() - start_s < 5.0


def test_the_mean_is_there_for_the_asking():
    rows = np.random.default_rng(0).dirichlet(np.ones(6), size=9)
    found = estimate_shares(
        rows, np.ones(9), segments=np.arange(9), window_s=WINDOW_S,
        options=ScanOptions(estimator="mean"),
    )  # fmt: skip
    assert found.shares == pytest.approx(rows.mean(axis=0))
    assert (found.intervals[:, 0] <= found.shares).all()
