"""A recording gives back, sample for sample, what was put in."""

from __future__ import annotations

import tracemalloc
import warnings
from subprocess import run
from sys import executable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxemo_scan.audio.recording import Recording, samples

NOISE = np.random.default_rng(2).integers(-32768, 32768, 40_000).astype(np.int16)


@given(
    st.lists(st.integers(0, 40_000), max_size=6),
    st.floats(-1.0, 3.0),
    st.floats(0.0, 3.0),
)
def test_any_cut_is_those_samples(cuts: list[int], start_s: float, length_s: float) -> None:
    with Recording() as recording:
        for block in np.split(NOISE, sorted(cuts)):
            recording.append(block)
        assert recording.duration_s == 2.5
        segment = recording.cut(start_s, start_s + length_s)
    start, end = (max(0, round(s * 16_000)) for s in (start_s, start_s + length_s))
    assert np.array_equal(samples(segment) * 32768, NOISE[start:end])


def test_a_cut_is_a_pydub_segment_that_can_be_cut_further() -> None:
    with Recording() as recording:
        recording.append(NOISE)
        segment = recording.cut(0.5, 2.0)
    assert (segment.frame_rate, segment.sample_width, segment.channels) == (16_000, 2, 1)
    assert len(segment) == 1500
    assert np.array_equal(samples(segment[250:750]) * 32768, NOISE[12_000:20_000])


def test_cutting_does_not_disturb_what_comes_after() -> None:
    with Recording() as recording:
        recording.append(NOISE[:10_000])
        recording.cut(0.1, 0.2)
        recording.append(NOISE[10_000:])
        assert np.array_equal(samples(recording.cut(0.0, 9.0)) * 32768, NOISE)


@given(
    st.lists(st.integers(0, 40_000), max_size=4),
    st.sampled_from([9_000, 16_000, 40_000]),
    st.integers(0, 50_000),
)
def test_a_block_is_a_second_at_most(cuts: list[int], rate: int, start: int) -> None:
    with Recording(sampling_rate=rate) as recording:
        for block in np.split(NOISE, sorted(cuts)):
            recording.append(block)
        assert np.array_equal(recording.block(start), NOISE[start : start + rate])


def test_samples_lie_between_minus_one_and_one() -> None:
    with Recording() as recording:
        recording.append(np.array([-32768, 0, 16384, 32767], dtype=np.int16))
        held = samples(recording.cut(0.0, 1.0))
    assert held.dtype == np.float32
    assert held.tolist() == [-1.0, 0.0, 0.5, 32767 / 32768]


def test_other_segments_are_refused() -> None:
    with Recording() as recording:
        recording.append(NOISE)
        stereo = recording.cut(0.0, 1.0).set_channels(2)
    with pytest.raises(ValueError, match="16-bit mono"):
        samples(stereo)


def test_three_hours_lie_on_disk() -> None:
    minute = np.tile(NOISE, 24)
    tracemalloc.start()
    with Recording() as recording:
        for _ in range(180):
            recording.append(minute)
        assert recording.duration_s == 3 * 3600
        assert np.array_equal(samples(recording.cut(10_797.5, 10_800.0)) * 32768, NOISE)
        _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 140 * 2**20


def test_importing_says_nothing_of_a_missing_ffmpeg() -> None:
    code = "import voxemo_scan.audio.recording"
    ran = run([executable, "-W", "always", "-c", code], capture_output=True, text=True, check=True)
    assert "ffmpeg" not in ran.stderr
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Recording().close()
