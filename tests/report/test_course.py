"""A scene's course: shares around each moment, their intervals, the range."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.report.strategies import distributions
from voxemo_scan.report.course import effective_number, follow, intervals
from voxemo_scan.report.track import Span, lay_flat
from voxemo_scan.scan.result import WindowResult

SAD = (0.0, 0.0, 1.0, 0.0, 0.0, 0.0)
ANGRY = (0.0, 0.0, 0.0, 1.0, 0.0, 0.0)
EVEN = (1 / 6,) * 6


def windows(count, probabilities):
    return [WindowResult(1.12 * n, 1.12 * n + 2.24, probabilities(n), 0.5) for n in range(count)]


@pytest.mark.parametrize(("shares", "number"), [
    (SAD, 1.0), (EVEN, 6.0), ((0.5, 0.5, 0, 0, 0, 0), 2.0), ((0, 0, 0.25, 0.25, 0.25, 0.25), 4.0),
])  # fmt: skip
def test_the_range_is_as_how_many_equal_emotions_it_sounds(shares, number):
    assert effective_number(np.array(shares)) == pytest.approx(number)


@settings(max_examples=30)
@given(st.lists(distributions(), min_size=1, max_size=25))
def test_shares_stay_distributions_within_their_intervals_and_the_range_within_one_to_six(heard):
    spans = lay_flat(windows(len(heard), lambda n: heard[n]))
    for course in follow(spans, window_s=2.24, step_s=0.5):
        assert course.shares.sum(axis=1) == pytest.approx(1)
        assert (course.low >= 0).all()
        assert (course.low <= course.shares).all()
        assert (course.shares <= course.high).all()
        assert (course.high <= 1).all()
        assert (course.range > 1 - 1e-9).all()
        assert (course.range < 6 + 1e-9).all()


def test_a_change_lies_where_it_is_and_a_silence_parts_the_course():
    spans = (Span(0, 20, SAD), Span(20, 40, ANGRY), Span(50, 52, SAD))
    fine = [Span(s, s + 1, span.probabilities) for span in spans for s in
            range(int(span.start_s), int(span.end_s))]  # fmt: skip
    first, second = follow(fine, window_s=1.0, step_s=0.25)
    assert (first.times_s[0], first.times_s[-1]) == (0, 40)
    assert (second.times_s[0], second.times_s[-1]) == (50, 52)
    crossing = first.times_s[np.argmin(np.abs(first.shares[:, 3] - 0.5))]
    assert crossing == pytest.approx(20, abs=0.3)
    assert first.shares[first.times_s < 14, 2] == pytest.approx(1, abs=1e-3)


def test_surer_windows_and_more_of_them_make_the_band_narrower():
    def width(sure, *, around_s=1.5):
        rest = (1 - sure) / 5
        spans = lay_flat(windows(40, lambda _: (rest, rest, sure, rest, rest, rest)))
        (course,) = follow(spans, window_s=2.24, step_s=1.0, around_s=around_s)
        middle = len(course.times_s) // 2
        return course.high[middle, 2] - course.low[middle, 2]

    assert width(0.95) < width(0.7) < width(0.5)
    assert width(0.7, around_s=6.0) < width(0.7)


def test_an_interval_holds_the_share_of_drawn_verdicts_as_often_as_it_says():
    rng = np.random.default_rng(3)
    chances = rng.uniform(0.1, 0.9, size=8)
    mean, variance = chances.mean(), (chances * (1 - chances)).sum() / 8**2
    low, high = intervals(np.array([mean]), np.array([variance]))
    drawn = (rng.random((4000, 8)) < chances).mean(axis=1)
    inside = ((drawn >= low) & (drawn <= high)).mean()
    assert 0.92 < inside < 0.995


def test_one_unsure_verdict_tells_nothing():
    low, high = intervals(np.array([0.4]), np.array([0.24]))
    assert (low[0], high[0]) == (0.0, 1.0)
    assert follow((), window_s=2.24, step_s=1.0) == ()
