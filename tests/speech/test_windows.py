"""The laws of windows."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxemo_scan.errors import UsageError
from voxemo_scan.speech.segments import Segment
from voxemo_scan.speech.windows import Window, WindowOptions, speech_weights, tile_segment

TINY_S = 1e-8

options = st.tuples(st.floats(0.5, 5.0), st.floats(0.1, 1.0)).map(
    lambda drawn: WindowOptions(window_s=drawn[0], hop_s=drawn[0] * drawn[1])
)
segments = st.tuples(st.floats(0, 10_000), st.floats(0.4, 60.0)).map(
    lambda drawn: Segment(drawn[0], drawn[0] + drawn[1])
)


@given(segments, options)
def test_windows_cover_the_segment_and_nothing_else(
    segment: Segment, options: WindowOptions
) -> None:
    windows = tile_segment(segment, options)
    assert windows[0].start_s == segment.start_s
    assert windows[-1].end_s == segment.end_s
    for before, after in pairwise(windows):
        assert before.start_s < after.start_s <= before.end_s + TINY_S
        assert before.end_s < after.end_s
    if segment.duration_s > options.window_s + TINY_S:
        assert all(abs(w.duration_s - options.window_s) < TINY_S for w in windows)


@given(segments, options)
def test_windows_are_evenly_spaced_and_no_more_than_needed(
    segment: Segment, options: WindowOptions
) -> None:
    starts = [window.start_s for window in tile_segment(segment, options)]
    hops = np.diff(starts)
    if hops.size:
        assert np.ptp(hops) < TINY_S
        assert hops.max() <= options.hop_s + TINY_S
        assert (starts[-1] - starts[0]) / options.hop_s > hops.size - 1 - TINY_S


def test_a_short_segment_is_one_window() -> None:
    assert tile_segment(Segment(3.0, 3.5)) == (Window(3.0, 3.5),)
    assert tile_segment(Segment(3.0, 5.24)) == (Window(3.0, 5.24),)


def test_a_long_segment_in_the_usual_way() -> None:
    found = tile_segment(Segment(1.0, 6.0), WindowOptions(window_s=2.24, hop_s=1.12))
    assert [round(window.start_s, 6) for window in found] == [1.0, 1.92, 2.84, 3.76]
    assert [round(window.end_s, 6) for window in found] == [3.24, 4.16, 5.08, 6.0]


def test_a_segment_too_short_to_hear_has_no_window() -> None:
    assert tile_segment(Segment(3.0, 3.3), WindowOptions(min_window_s=0.4)) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"window_s": 0.0},
        {"hop_s": 0.0},
        {"hop_s": 3.0},
        {"min_window_s": 5.0},
        {"window_s": float("nan")},
    ],
)
def test_options_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        WindowOptions(**wrong)


any_windows = st.lists(
    st.tuples(st.floats(0, 30), st.floats(0.4, 6)).map(lambda w: Window(w[0], w[0] + w[1])),
    max_size=25,
)


@given(any_windows)
def test_weights_sum_to_the_time_that_any_window_covers(windows: list[Window]) -> None:
    union_s, reached_s = 0.0, 0.0
    for window in sorted(windows, key=lambda window: window.start_s):
        union_s += max(0.0, window.end_s - max(window.start_s, reached_s))
        reached_s = max(reached_s, window.end_s)
    weights = speech_weights(windows)
    assert weights.shape == (len(windows),)
    assert weights.sum() == pytest.approx(union_s, abs=1e-9)


@given(any_windows)
def test_a_weight_is_no_more_than_its_window(windows: list[Window]) -> None:
    for window, weight in zip(windows, speech_weights(windows), strict=True):
        assert -TINY_S <= weight <= window.duration_s + TINY_S


@given(any_windows)
def test_weights_do_not_depend_on_the_order(windows: list[Window]) -> None:
    backwards = speech_weights(windows[::-1])[::-1]
    assert speech_weights(windows) == pytest.approx(backwards, abs=1e-9)


@given(st.lists(segments, min_size=1, max_size=5), options)
def test_tiles_of_segments_stand_for_the_speech_in_them(
    apart: list[Segment], options: WindowOptions
) -> None:
    at_s, windows, speech_s = 0.0, [], 0.0
    for segment in apart:
        moved = Segment(at_s, at_s + segment.duration_s)
        windows += tile_segment(moved, options)
        speech_s += moved.duration_s
        at_s = moved.end_s + 0.3
    assert speech_weights(windows).sum() == pytest.approx(speech_s, abs=1e-6)


def test_shared_time_is_divided_equally() -> None:
    windows = [Window(0.0, 2.0), Window(1.0, 3.0), Window(1.5, 2.0), Window(10.0, 11.0)]
    expected = [1 + 0.25 + 0.5 / 3, 0.25 + 0.5 / 3 + 1, 0.5 / 3, 1.0]
    assert speech_weights(windows) == pytest.approx(expected, abs=1e-12)
