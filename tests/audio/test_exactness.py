"""Sound is cut where the clip's time says, to a millisecond, whatever holds it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.support.media import (
    Audio,
    bursts,
    even_frames,
    find_burst,
    uneven_frames,
    write_media,
    write_wav,
)
from voxemo_scan.audio.decode import decode
from voxemo_scan.audio.packets import open_track

MILLISECOND = 1e-3
AT_S = (0.5, 1.25, 3.7, 7.4)


def sound(path: Path, start_s: float = 0.0, end_s: float | None = None) -> NDArray[np.int16]:
    return np.concatenate(list(decode(path, start_s=start_s, end_s=end_s)))


def assert_exact(path: Path, *, later_s: float = 0.0) -> None:
    """Bursts at ``AT_S + later_s`` are where they belong, in the whole and in cuts around each."""
    whole = sound(path)
    for at_s in AT_S:
        time_s = at_s + later_s
        assert find_burst(whole, near_s=time_s) == pytest.approx(time_s, abs=MILLISECOND)
        cut = sound(path, time_s - 0.2131, time_s + 0.2)
        assert cut.size == round((time_s + 0.2) * 16_000) - round((time_s - 0.2131) * 16_000)
        assert find_burst(cut, near_s=0.2131) == pytest.approx(0.2131, abs=MILLISECOND)


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("ending", [".wav", ".flac", ".mp3", ".m4a", ".mov"])
def test_audio_files(tmp_path: Path, ending: str, rate: int) -> None:
    signal = bursts(8.0, at_s=AT_S, rate=rate)
    assert_exact(write_media(tmp_path / f"a{ending}", audio=Audio(signal, rate)))


def test_ogg_opus(tmp_path: Path) -> None:
    signal = bursts(8.0, at_s=AT_S)
    assert_exact(write_media(tmp_path / "a.opus", audio=Audio(signal)))


@pytest.mark.parametrize("ending", [".webm", ".mkv"])
def test_opus_in_matroska(tmp_path: Path, ending: str) -> None:
    path = write_media(tmp_path / f"a{ending}", audio=Audio(bursts(8.0, at_s=AT_S)))
    assert_exact(path)


@pytest.mark.parametrize("ending", [".mp4", ".mov", ".mkv"])
def test_sound_of_video_with_variable_frame_rate(tmp_path: Path, ending: str) -> None:
    audio = Audio(bursts(8.0, at_s=AT_S), codec="aac")
    assert_exact(write_media(tmp_path / f"v{ending}", audio=audio, video=uneven_frames(8.0)))


@pytest.mark.parametrize("offset_s", [0.0, 5.0, 4000.0])
def test_sound_that_begins_after_the_picture_keeps_the_clips_time(
    tmp_path: Path, offset_s: float
) -> None:
    audio = Audio(bursts(8.0, at_s=AT_S), codec="mp2", starts_s=1.5)
    video = uneven_frames(9.0)
    path = write_media(tmp_path / "late.ts", audio=audio, video=video, offset_s=offset_s)
    assert_exact(path, later_s=1.5)
    assert not sound(path, 0.0, 1.4).any()


@pytest.mark.parametrize("offset_s", [0.0, 5.0])
@pytest.mark.parametrize("ending", [".mp4", ".mkv"])
def test_late_sound_in_other_containers(tmp_path: Path, ending: str, offset_s: float) -> None:
    audio = Audio(bursts(8.0, at_s=AT_S), codec="aac", starts_s=1.5)
    path = tmp_path / f"late{ending}"
    write_media(path, audio=audio, video=even_frames(9.0), offset_s=offset_s)
    assert_exact(path, later_s=1.5)


@pytest.mark.parametrize("offset_s", [1.4, 26.0, 90_000.0])
def test_transport_stream_whose_clock_does_not_begin_at_zero(
    tmp_path: Path, offset_s: float
) -> None:
    # AC-3 frames begin 256 samples (the encoder's delay) before the sound that was given.
    audio = Audio(bursts(8.0, at_s=AT_S), codec="ac3")
    path = write_media(tmp_path / "a.ts", audio=audio, offset_s=offset_s)
    assert_exact(path, later_s=256 / 48_000)


@pytest.mark.parametrize("ending", [".mkv", ".ts", ".mp4"])
def test_a_gap_in_the_sound_is_silence_and_moves_nothing(tmp_path: Path, ending: str) -> None:
    audio = Audio(bursts(8.0, at_s=AT_S), codec="aac", gaps=((1.9, 3.1),), starts_s=0.1)
    path = write_media(tmp_path / f"gap{ending}", audio=audio, video=even_frames(8.0))
    assert_exact(path, later_s=0.1)
    assert not sound(path, 2.05, 3.05).any()


def test_broadcast_clock_that_is_set_anew_runs_on(tmp_path: Path) -> None:
    audio = Audio(bursts(3.0, at_s=(1.0, 2.0)), codec="mp2")
    parts = [
        write_media(tmp_path / f"{offset_s}.ts", audio=audio, offset_s=offset_s)
        for offset_s in (900.0, 20.0, 5000.0)
    ]
    path = tmp_path / "joined.ts"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    alone = sound(parts[0])
    part_s = alone.size / 16_000
    whole = sound(path)
    assert whole.size / 16_000 == pytest.approx(3 * part_s, abs=MILLISECOND)
    for index in range(3):
        for near_s in (1.0, 2.0):
            time_s = index * part_s + find_burst(alone, near_s=near_s)
            assert find_burst(whole, near_s=time_s) == pytest.approx(time_s, abs=MILLISECOND)
            cut = sound(path, time_s - 0.3, time_s + 0.3)
            assert find_burst(cut, near_s=0.3) == pytest.approx(0.3, abs=MILLISECOND)


@pytest.fixture(scope="module")
def random_wav(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, NDArray[np.int16]]:
    signal = np.random.default_rng(5).uniform(-0.9, 0.9, 5 * 16_000)
    path = write_wav(tmp_path_factory.mktemp("wav") / "noise.wav", signal)
    return path, sound(path)


@settings(max_examples=60, deadline=None)
@given(start_s=st.floats(0, 4.9), length_s=st.floats(0.001, 6.0))
def test_any_range_is_the_same_samples_as_in_the_whole(
    random_wav: tuple[Path, NDArray[np.int16]], start_s: float, length_s: float
) -> None:
    path, whole = random_wav
    end_s = start_s + length_s
    expected = whole[round(start_s * 16_000) : round(end_s * 16_000)]
    if expected.size:
        assert np.array_equal(sound(path, start_s, end_s), expected)


@pytest.mark.parametrize("ending", [".m4a", ".mkv", ".mp3", ".flac"])
def test_a_late_start_is_sought_not_decoded_up_to(tmp_path: Path, ending: str) -> None:
    path = write_media(tmp_path / f"long{ending}", audio=Audio(bursts(40.0, at_s=[30.0])))
    with open_track(path, start_s=29.9) as track:
        first = next(iter(track.packets()))
        assert first.pts is not None
        assert 27.0 < float(first.pts * first.time_base) - track.base_s <= 29.9
    cut = sound(path, 29.9, 30.2)
    assert find_burst(cut, near_s=0.1) == pytest.approx(0.1, abs=MILLISECOND)
