"""The laws of segments."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from voxemo_scan.errors import UsageError
from voxemo_scan.speech.detector import FRAME_S
from voxemo_scan.speech.segments import Segment, SpeechOptions, find_segments, merge_segments

TINY_S = 1e-8
BARE = SpeechOptions(padding_s=0.0, merge_gap_s=0.0, min_segment_s=0.0)


def spans(*pairs: tuple[float, float]) -> tuple[Segment, ...]:
    return tuple(Segment(*pair) for pair in pairs)


def probabilities(*runs: tuple[float, int]) -> NDArray[np.float32]:
    return np.concatenate([np.full(frames, p, dtype=np.float32) for p, frames in runs])


@st.composite
def speech(draw: st.DrawFn) -> NDArray[np.float32]:
    """Runs of frames like real ones: mostly sure, sometimes in between."""
    runs = draw(
        st.lists(
            st.tuples(st.sampled_from([0.0, 0.2, 0.35, 0.4, 0.5, 0.9]), st.integers(1, 30)),
            max_size=25,
        )
    )
    return probabilities(*runs) if runs else np.zeros(0, dtype=np.float32)


options = st.builds(
    SpeechOptions,
    padding_s=st.sampled_from([0.0, 0.03, 0.2, 0.5]),
    merge_gap_s=st.sampled_from([0.0, 0.1, 0.3]),
    min_segment_s=st.sampled_from([0.0, 0.4, 1.0]),
)


@settings(max_examples=300, deadline=None)
@given(speech(), options, st.floats(0.0, FRAME_S))
def test_segments_are_in_order_apart_long_enough_and_inside(
    heard: NDArray[np.float32], options: SpeechOptions, short_s: float
) -> None:
    duration_s = max(0.0, heard.size * FRAME_S - short_s)
    found = find_segments(heard, duration_s=duration_s, options=options)
    for segment in found:
        assert 0.0 <= segment.start_s < segment.end_s <= duration_s
        assert segment.duration_s >= options.min_segment_s - TINY_S
    for before, after in pairwise(found):
        assert after.start_s - before.end_s >= options.merge_gap_s - TINY_S


@settings(max_examples=200, deadline=None)
@given(arrays.arrays(np.float32, st.integers(0, 80), elements=st.floats(0, 1, width=32)))
def test_bare_segments_are_what_hysteresis_says(heard: NDArray[np.float32]) -> None:
    speaking, expected = False, []
    for probability in heard:
        speaking = bool(probability >= np.float32(0.35 if speaking else 0.5))
        expected.append(speaking)
    found = find_segments(heard, duration_s=heard.size * FRAME_S, options=BARE)
    covered = np.zeros(heard.size, dtype=bool)
    for segment in found:
        covered[round(segment.start_s / FRAME_S) : round(segment.end_s / FRAME_S)] = True
    assert covered.tolist() == expected


segment_lists = st.lists(
    st.tuples(st.floats(0, 60), st.floats(0.01, 5)).map(lambda s: Segment(s[0], s[0] + s[1])),
    max_size=20,
).map(lambda found: sorted(found, key=lambda segment: segment.start_s))


@given(segment_lists, st.floats(0, 2))
def test_merging_twice_is_merging_once(segments: list[Segment], gap_s: float) -> None:
    merged = merge_segments(segments, gap_s=gap_s)
    assert merge_segments(merged, gap_s=gap_s) == merged


@given(segment_lists, st.floats(0, 2))
def test_merging_loses_no_speech(segments: list[Segment], gap_s: float) -> None:
    merged = merge_segments(segments, gap_s=gap_s)
    for segment in segments:
        assert any(m.start_s <= segment.start_s and segment.end_s <= m.end_s for m in merged)


def test_a_gap_under_0_3_s_is_bridged_and_a_longer_one_kept() -> None:
    apart = SpeechOptions(padding_s=0.0)
    near = probabilities((1.0, 20), (0.0, 9), (1.0, 20))  # 0.288 s
    far = probabilities((1.0, 20), (0.0, 10), (1.0, 20))  # 0.320 s
    assert find_segments(near, duration_s=9.0, options=apart) == spans((0.0, 49 * FRAME_S))
    assert len(find_segments(far, duration_s=9.0, options=apart)) == 2


def test_speech_under_0_4_s_is_dropped_and_longer_kept() -> None:
    apart = SpeechOptions(padding_s=0.0)
    assert find_segments(probabilities((1.0, 12)), duration_s=9.0, options=apart) == ()
    assert len(find_segments(probabilities((1.0, 13)), duration_s=9.0, options=apart)) == 1


def test_merging_comes_before_dropping() -> None:
    syllables = probabilities((1.0, 6), (0.0, 6), (1.0, 6), (0.0, 6), (1.0, 6))
    found = find_segments(syllables, duration_s=9.0, options=SpeechOptions(padding_s=0.0))
    assert found == spans((0.0, 30 * FRAME_S))


def test_padding_widens_but_stays_inside() -> None:
    heard = probabilities((1.0, 20), (0.0, 60), (1.0, 20))
    found = find_segments(heard, duration_s=3.2, options=SpeechOptions(padding_s=0.1))
    assert [(round(s.start_s, 6), round(s.end_s, 6)) for s in found] == [(0.0, 0.74), (2.46, 3.2)]


def test_no_frames_no_segments() -> None:
    assert find_segments(np.zeros(0, dtype=np.float32), duration_s=0.0) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"onset_threshold": 1.5},
        {"offset_threshold": 0.0},
        {"offset_threshold": 0.8},
        {"padding_s": -0.1},
        {"merge_gap_s": -1.0},
        {"min_segment_s": float("nan")},
    ],
)
def test_options_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        SpeechOptions(**wrong)
