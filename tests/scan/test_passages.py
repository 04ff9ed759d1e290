"""Passages: segments with what surrounds them, in pieces that a network can hear at once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxemo_scan.audio.recording import Recording
from voxemo_scan.scan.passages import CONTEXT_S, PASSAGE_S, cut_passage, plan_passages
from voxemo_scan.speech.segments import Segment
from voxemo_scan.speech.windows import tile_segment


def tiles(segments):
    return [(n, window) for n, segment in enumerate(segments) for window in tile_segment(segment)]


def test_a_passage_reaches_to_the_middle_of_the_gap():
    segments = [Segment(0.2, 2.0), Segment(2.4, 4.0), Segment(9.0, 10.0)]
    plan = plan_passages(tiles(segments), segments, duration_s=10.1)
    assert [(p.start_s, p.end_s) for p in plan] == [
        (0.0, pytest.approx(2.2)),
        (pytest.approx(2.2), pytest.approx(4.0 + CONTEXT_S)),
        (pytest.approx(9.0 - CONTEXT_S), pytest.approx(10.1)),
    ]
    assert all(p.starts_speech and p.ends_speech for p in plan)


def test_a_long_segment_is_heard_in_pieces_that_overlap():
    segments = [Segment(5.0, 65.0)]
    plan = plan_passages(tiles(segments), segments, duration_s=70.0)
    assert len(plan) > 3
    for piece in plan:
        assert piece.windows[-1].end_s - piece.windows[0].start_s <= PASSAGE_S
        assert piece.windows[0].start_s - piece.start_s == pytest.approx(CONTEXT_S)
        assert piece.end_s - piece.windows[-1].end_s == pytest.approx(CONTEXT_S)
    assert [p.starts_speech for p in plan] == [True] + [False] * (len(plan) - 1)
    assert [p.ends_speech for p in plan] == [False] * (len(plan) - 1) + [True]


@given(
    st.lists(st.tuples(st.floats(0.01, 5.0), st.floats(0.4, 40.0)), min_size=1, max_size=8),
    st.floats(0.0, 3.0),
)
def test_every_window_is_in_one_passage_in_order(gaps, rest_s):
    segments, now_s = [], 0.0
    for gap_s, length_s in gaps:
        segments.append(Segment(now_s + gap_s, now_s + gap_s + length_s))
        now_s += gap_s + length_s
    expected = tiles(segments)
    plan = plan_passages(expected, segments, duration_s=now_s + rest_s)
    assert [w for p in plan for w in p.windows] == [window for _, window in expected]
    for passage in plan:
        assert 0.0 <= passage.start_s <= passage.windows[0].start_s
        assert passage.windows[-1].end_s <= passage.end_s + 1e-9
        assert passage.end_s <= now_s + rest_s
        assert passage.end_s - passage.start_s <= PASSAGE_S + 2 * CONTEXT_S + 1e-6


def test_a_passage_is_cut_to_the_sample():
    segments = [Segment(0.25, 1.25)]
    (planned,) = plan_passages(tiles(segments), segments, duration_s=1.5)
    with Recording() as recording:
        recording.append(np.arange(24_000, dtype=np.int16))
        passage = cut_passage(planned, recording, gain=np.float32(0.5))
    assert len(passage.signal) == 24_000
    assert passage.windows == ((4_000, 20_000),)
    assert passage.signal[4_000] == pytest.approx(0.5 * 4_000 / 32_768)
    assert passage.stretches() == [(0, 24_000)]
