"""What windows count as when several of them hear the same speech."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxemo_scan.scan.evidence import evidence
from voxemo_scan.speech.segments import Segment
from voxemo_scan.speech.windows import WindowOptions, speech_weights, tile_segment

WINDOW_S = 2.24


def scene(lengths_s):
    """Return the evidence of segments so long, seconds, tiled as a scan tiles them."""
    options = WindowOptions(window_s=WINDOW_S, hop_s=WINDOW_S / 2, min_window_s=0.0)
    tiles, at = [], 0.0
    for number, length_s in enumerate(lengths_s):
        tiles += [(number, w) for w in tile_segment(Segment(at, at + length_s), options)]
        at += length_s + 1.0
    seconds = speech_weights([window for _, window in tiles])
    segments = np.array([number for number, _ in tiles])
    rows = np.full((len(tiles), 6), 1 / 6)
    return evidence(rows, seconds, segments=segments, window_s=WINDOW_S)


@pytest.mark.parametrize(
    ("length_s", "blocks"), [(0.5, 1), (2.24, 1), (3.3, 1), (4.48, 2), (11.2, 5)]
)
def test_a_segment_counts_as_the_windows_that_fit_side_by_side(length_s, blocks):
    found = scene([length_s])
    assert found.blocks.max() + 1 == blocks
    assert found.weights.sum() == pytest.approx(blocks)


def test_blocks_are_stretches_of_one_segment_of_about_equal_length():
    found = scene([11.2, 0.5, 6.7])
    assert found.blocks.tolist() == sorted(found.blocks.tolist())
    for block in range(found.blocks.max() + 1):
        inside = found.blocks == block
        assert len(set(found.segments[inside].tolist())) == 1
    long = [found.seconds[found.blocks == block].sum() for block in range(5)]
    assert min(long) > 1.1
    assert max(long) < 3.4


@given(st.lists(st.floats(0.4, 40), min_size=1, max_size=20))
def test_windows_weigh_as_the_speech_they_stand_for(lengths_s):
    found = scene(lengths_s)
    assert np.unique(found.blocks).tolist() == list(range(found.blocks.max() + 1))
    assert found.blocks.max() + 1 >= len(lengths_s)
    assert found.weights / found.weights.sum() == pytest.approx(found.seconds / sum(lengths_s))


def test_no_window_rules_an_emotion_out():
    found = evidence(
        np.eye(6)[[2]], np.ones(1), segments=np.zeros(1, dtype=np.int64), window_s=WINDOW_S
    )
    assert found.rows.min() > 0
    assert found.rows.sum() == pytest.approx(1.0)
