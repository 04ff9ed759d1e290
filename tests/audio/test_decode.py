"""What decoding gives for channels, tracks, rates and progress."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.media import Audio, even_frames, tone, write_media, write_wav
from voxemo_scan.audio.decode import Beside, decode, probe
from voxemo_scan.errors import UsageError


def sound(path: Path, **options: float) -> NDArray[np.float64]:
    return np.concatenate(list(decode(path, **options))) / 32768


def level(signal: NDArray[np.float64], hz: float, rate: int = 16_000) -> float:
    """Amplitude of the sine of ``hz`` in ``signal``."""
    time = np.arange(signal.size) / rate
    return float(2 * np.abs(np.mean(signal * np.exp(-2j * np.pi * hz * time))))


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000])
def test_a_tone_keeps_its_pitch_and_level(tmp_path: Path, rate: int) -> None:
    path = write_wav(tmp_path / "tone.wav", tone(1.0, gain=0.5, rate=rate), sampling_rate=rate)
    decoded = sound(path)
    assert decoded.size == pytest.approx(16_000, abs=1)
    assert level(decoded, 440.0) == pytest.approx(0.5, abs=0.005)


def test_sampling_rate_is_as_asked(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "tone.wav", tone(1.0, rate=48_000), sampling_rate=48_000)
    decoded = sound(path, sampling_rate=24_000)
    assert decoded.size == 24_000
    assert level(decoded, 440.0, rate=24_000) == pytest.approx(0.5, abs=0.005)


@pytest.mark.parametrize(("start_s", "end_s"), [(0.0, None), (0.4, 2.9), (3.2, 99.0)])
@pytest.mark.parametrize("ending", ["wav", "opus", "mp4"])
def test_who_is_beside_is_given_what_decoding_alone_gives(
    tmp_path: Path, ending: str, start_s: float, end_s: float | None
) -> None:
    path = write_media(tmp_path / f"tone.{ending}", audio=Audio(tone(3.5, rate=48_000)))
    taken: list[NDArray[np.int16]] = []
    both = list(decode(path, start_s=start_s, end_s=end_s, beside=Beside(24_000, taken.append)))
    for found, rate in ((both, 16_000), (taken, 24_000)):
        alone = list(decode(path, start_s=start_s, end_s=end_s, sampling_rate=rate))
        assert [block.tolist() for block in found] == [block.tolist() for block in alone]


def test_stereo_is_averaged(tmp_path: Path) -> None:
    both = np.stack([tone(1.0, hz=440.0, gain=0.5), tone(1.0, hz=1000.0, gain=0.5)])
    decoded = sound(write_media(tmp_path / "stereo.wav", audio=Audio(both)))
    assert level(decoded, 440.0) == pytest.approx(0.25, abs=0.005)
    assert level(decoded, 1000.0) == pytest.approx(0.25, abs=0.005)


def test_equal_channels_keep_their_level(tmp_path: Path) -> None:
    both = np.stack([tone(1.0, gain=0.8)] * 2)
    decoded = sound(write_media(tmp_path / "stereo.wav", audio=Audio(both)))
    assert level(decoded, 440.0) == pytest.approx(0.8, abs=0.005)


def test_speech_in_the_centre_of_surround_leads_the_mix(tmp_path: Path) -> None:
    front_left, centre, rear = tone(1.0, hz=500.0), tone(1.0, hz=1000.0), tone(1.0, hz=2000.0)
    none = np.zeros_like(centre)
    surround = np.stack([front_left, none, centre, none, rear, none])
    decoded = sound(write_media(tmp_path / "film.flac", audio=Audio(surround)))
    assert level(decoded, 1000.0) > 1.3 * level(decoded, 500.0) > 1.8 * level(decoded, 2000.0) > 0


def test_the_default_track_is_heard(tmp_path: Path) -> None:
    commentary = Audio(tone(1.0, hz=500.0), codec="flac", default=False)
    dialogue = Audio(tone(1.0, hz=1000.0), codec="flac", default=True)
    path = write_media(tmp_path / "film.mkv", audio=[commentary, dialogue])
    assert level(sound(path), 1000.0) == pytest.approx(0.5, abs=0.005)
    assert level(sound(path), 500.0) < 0.005


def test_without_a_default_the_first_track_is_heard(tmp_path: Path) -> None:
    tracks = [Audio(tone(1.0, hz=hz), codec="flac", default=False) for hz in (500.0, 1000.0)]
    path = write_media(tmp_path / "film.mkv", audio=tracks)
    assert level(sound(path), 500.0) == pytest.approx(0.5, abs=0.005)


def test_an_end_beyond_the_end_gives_what_is_there(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "tone.wav", tone(1.0, rate=16_000))
    assert sound(path, start_s=0.25, end_s=99.0).size == 12_000
    assert sound(path, start_s=0.25, end_s=float("inf")).size == 12_000


def test_blocks_last_a_second_at_most_and_progress_reaches_the_end(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "tone.wav", tone(3.5, rate=16_000))
    calls: list[tuple[float, float | None]] = []
    blocks = list(decode(path, start_s=0.25, progress=lambda *call: calls.append(call)))
    assert [block.size for block in blocks] == [16_000, 16_000, 16_000, 4_000]
    assert [done for done, _ in calls] == [1.0, 2.0, 3.0, 3.25]
    assert {total for _, total in calls} == {3.25}


@pytest.mark.parametrize(
    ("start_s", "end_s"), [(-1.0, None), (2.0, 1.0), (1.0, 1.0), (float("nan"), None), (0.0, 0.0)]
)
def test_an_impossible_range_is_refused_before_anything_is_opened(
    start_s: float, end_s: float | None
) -> None:
    with pytest.raises(UsageError, match="no range"):
        decode(Path("nowhere.wav"), start_s=start_s, end_s=end_s)


def test_an_abandoned_decoding_closes_the_file(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "tone.wav", tone(5.0, rate=16_000))
    blocks = decode(path)
    next(blocks)
    held = list(Path("/proc/self/fd").glob("*"))
    assert any(fd.exists() and fd.resolve() == path.resolve() for fd in held)
    blocks.close()  # type: ignore[attr-defined]
    assert not any(fd.exists() and fd.resolve() == path.resolve() for fd in held)


def test_probe_tells_what_a_film_holds(tmp_path: Path) -> None:
    stereo = Audio(np.stack([tone(2.0)] * 2), codec="aac")
    film = probe(write_media(tmp_path / "film.mp4", audio=stereo, video=even_frames(2.0)))
    assert film.duration_s == pytest.approx(2.0, abs=0.05)
    assert (film.has_video, film.audio_codec) == (True, "aac")
    assert (film.sampling_rate, film.channels) == (48_000, 2)


def test_probe_tells_that_there_is_no_sound(tmp_path: Path) -> None:
    mute = probe(write_media(tmp_path / "mute.mp4", video=even_frames(1.0)))
    assert (mute.has_video, mute.audio_codec, mute.channels) == (True, None, 0)
    voice = probe(write_wav(tmp_path / "a.wav", tone(1.0, rate=16_000)))
    assert (voice.has_video, voice.audio_codec) == (False, "pcm_s16le")


_PEAK = """
import sys
from pathlib import Path
from voxemo_scan.audio.decode import decode
seconds = sum(block.size for block in decode(Path(sys.argv[1]))) / 16_000
peak = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
print(seconds, peak)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_memory_does_not_grow_with_the_clip(tmp_path: Path) -> None:
    peaks_kb = []
    for minutes in (1, 15):
        signal = np.tile(tone(10.0, rate=16_000), 6 * minutes)
        path = write_wav(tmp_path / f"{minutes}.wav", signal)
        ran = subprocess.run(
            [sys.executable, "-c", _PEAK, str(path)], capture_output=True, text=True, check=True
        )
        seconds, peak_kb = map(float, ran.stdout.split())
        assert seconds == 60.0 * minutes
        peaks_kb.append(peak_kb)
    assert peaks_kb[1] - peaks_kb[0] < 8 * 1024
