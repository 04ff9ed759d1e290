"""Windows laid flat, thinned and merged."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.report.strategies import distributions
from voxemo_scan.report.track import Span, lay_flat, stretches, thin
from voxemo_scan.scan.result import WindowResult

SAD = (0.0, 0.0, 1.0, 0.0, 0.0, 0.0)
ANGRY = (0.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@st.composite
def some_windows(draw):
    grid = st.integers(0, 400).map(lambda tenth: tenth / 10)
    pairs = draw(st.lists(st.tuples(grid, grid), max_size=12))
    return [WindowResult(min(p), max(p), draw(distributions()), 0.5) for p in pairs]


def test_where_windows_overlap_their_mean_holds():
    spans = lay_flat([WindowResult(0, 2, SAD, 0.5), WindowResult(1, 3, ANGRY, 0.5)])
    assert [(s.start_s, s.end_s) for s in spans] == [(0, 1), (1, 2), (2, 3)]
    assert [s.probabilities for s in spans] == [SAD, (0, 0, 0.5, 0.5, 0, 0), ANGRY]


@settings(max_examples=40)
@given(some_windows())
def test_spans_do_not_overlap_cover_what_windows_cover_and_hold_distributions(windows):
    spans = lay_flat(windows)
    assert all(a.end_s <= b.start_s for a, b in itertools.pairwise(spans))
    assert all(sum(span.probabilities) == pytest.approx(1) for span in spans)
    for tenth in range(400):
        moment = tenth / 10 + 0.05
        covered = any(w.start_s < moment < w.end_s for w in windows)
        assert covered == any(s.start_s < moment < s.end_s for s in spans)


@settings(max_examples=40)
@given(some_windows(), st.floats(0.3, 20))
def test_thinning_leaves_no_more_than_one_span_a_step_within_the_same_time(windows, step_s):
    spans = lay_flat(windows)
    thinned = thin(spans, step_s=step_s)
    assert len(thinned) <= 40 / step_s + 2
    assert all(a.end_s <= b.start_s + 1e-9 for a, b in itertools.pairwise(thinned))
    if spans:
        assert thinned[0].start_s == spans[0].start_s
        assert thinned[-1].end_s == spans[-1].end_s


@pytest.mark.parametrize(("end_s", "step_s"), [(0.9, 0.3), (0.7, 0.1), (3 * 0.1, 0.1), (2.1, 0.7)])
def test_rounding_moves_no_end_and_leaves_no_sliver(end_s, step_s):
    thinned = thin((Span(0.0, end_s, SAD),), step_s=step_s)
    assert thinned[-1].end_s == end_s
    assert len(thinned) == round(end_s / step_s)


def test_a_thinned_span_is_the_mean_by_time():
    (span,) = thin((Span(0, 3, SAD), Span(3, 4, ANGRY)), step_s=10)
    assert span.probabilities == pytest.approx((0, 0, 0.75, 0.25, 0, 0))


def test_touching_spans_of_one_emotion_merge_and_a_silence_parts_them():
    spans = (Span(0, 1, SAD), Span(1, 2, SAD), Span(2, 3, ANGRY), Span(4, 5, ANGRY))
    merged = [(s.start_s, s.end_s, s.emotion) for s in stretches(spans)]
    assert merged == [(0, 2, "sad"), (2, 3, "angry"), (4, 5, "angry")]


def test_a_flicker_joins_what_it_touches():
    spans = (Span(0, 5, SAD), Span(5, 5.2, ANGRY), Span(5.2, 9, SAD))
    merged = stretches(spans, shortest_s=1)
    assert [(s.start_s, s.end_s, s.emotion) for s in merged] == [(0, 5, "sad"), (5, 9, "sad")]
    last = stretches((Span(0, 5, SAD), Span(5, 5.2, ANGRY)), shortest_s=1)
    assert [(s.start_s, s.end_s, s.emotion) for s in last] == [(0, 5.2, "sad")]
    assert last[0].share == pytest.approx(5 / 5.2)


@settings(max_examples=40)
@given(some_windows(), st.floats(0, 3))
def test_no_stretch_is_short_unless_it_stands_alone(windows, shortest_s):
    merged = stretches(lay_flat(windows), shortest_s=shortest_s)
    for before, after in itertools.pairwise(merged):
        touching = after.start_s - before.end_s < 1e-6
        assert before.end_s <= after.start_s
        assert not touching or after.end_s - after.start_s >= shortest_s - 1e-9
