"""Sound for the page: the clip's range, as it was, small."""

from __future__ import annotations

import io

import av
import numpy as np
import pytest

from tests.support.media import Audio, bursts, even_frames, find_burst, tone, write_media, write_wav
from voxemo_scan.report.media.budget import LADDER_KBPS
from voxemo_scan.report.media.clip import read_clip
from voxemo_scan.report.media.model import PEAKS


def decoded(data):
    with av.open(io.BytesIO(data)) as container:
        stream = container.streams.audio[0]
        assert stream.codec_context.name in {"opus", "libopus"}
        resampler = av.AudioResampler(format="flt", layout="mono", rate=48_000)
        frames = [f for frame in container.decode(stream) for f in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames])


def test_it_is_the_range_that_was_analysed_to_a_few_milliseconds(tmp_path):
    path = tmp_path / "film.mp4"
    signal = bursts(12.0, at_s=[2.0, 5.5, 9.0])
    write_media(path, audio=Audio(signal), video=even_frames(12.0))
    media = read_clip(path, start_s=4.0, end_s=10.0, kbps=32)
    heard = decoded(media.sound.data)
    assert len(heard) / 48_000 == pytest.approx(6.0, abs=0.07)
    assert find_burst(heard, near_s=1.5, rate=48_000) == pytest.approx(1.5, abs=0.01)
    assert find_burst(heard, near_s=5.0, rate=48_000) == pytest.approx(5.0, abs=0.01)


def test_it_takes_about_the_bits_it_may_and_is_the_same_each_time(tmp_path):
    path = tmp_path / "noise.wav"
    write_wav(path, 0.2 * np.random.default_rng(0).standard_normal(16_000 * 20))
    for kbps in (32, 9):
        media = read_clip(path, start_s=0, end_s=None, kbps=kbps)
        again = read_clip(path, start_s=0, end_s=None, kbps=kbps)
        assert media == again
        assert 0.6 * kbps < len(media.sound.data) * 8 / 20_000 < 1.15 * kbps


def test_peaks_are_where_it_is_loud(tmp_path):
    path = tmp_path / "tone.wav"
    silence = np.zeros(16_000)
    write_wav(path, np.concatenate([silence, tone(1, rate=16_000), silence, silence]))
    silent = read_clip(path, start_s=0, end_s=None, kbps=None)
    assert silent.sound is None
    peaks = silent.peaks
    assert len(peaks) == PEAKS
    levels = np.frombuffer(peaks, dtype=np.uint8)
    quarter = PEAKS // 4
    assert levels[quarter + 3 : 2 * quarter - 3].min() > 230
    assert levels[: quarter - 3].max() < 10
    assert levels[2 * quarter + 3 :].max() < 10
    assert read_clip(path, start_s=0, end_s=None, kbps=16).peaks == peaks


@pytest.mark.parametrize("kbps", LADDER_KBPS)
def test_what_is_high_is_heard_at_every_rate(tmp_path, kbps):
    path = tmp_path / "noise.wav"
    write_wav(path, 0.2 * np.random.default_rng(0).standard_normal(16_000 * 10))
    heard = decoded(read_clip(path, start_s=0, end_s=None, kbps=kbps).sound.data)
    power = np.abs(np.fft.rfft(heard)) ** 2
    hz = np.fft.rfftfreq(heard.size, 1 / 48_000)
    low, high = (power[(hz >= a) & (hz < a + 1000)].mean() for a in (1000, 6500))
    assert 10 * np.log10(high / low) > -12
