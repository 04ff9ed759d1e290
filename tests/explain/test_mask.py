"""A part of a sound sinks into the background, and nothing else does."""

import numpy as np

from voxemo_scan.explain.mask import without_part

RATE = 16_000


def power_at(signal, hertz):
    spectrum = np.abs(np.fft.rfft(signal * np.hanning(len(signal)))) ** 2
    return spectrum[round(hertz * len(signal) / RATE)]


def test_one_tone_goes_for_its_time_and_the_other_stays():
    times = np.arange(2 * RATE) / RATE
    quiet = (times > 1.7).astype(float)  # a background to sink into
    tones = np.sin(2 * np.pi * 500 * times) + np.sin(2 * np.pi * 3000 * times)
    signal = (0.3 * tones * (1 - 0.999 * quiet)).astype(np.float32)
    masked = without_part(
        signal, start=RATE // 2, end=RATE, low_hz=2_000, high_hz=4_000, sampling_rate=RATE
    )
    assert masked.shape == signal.shape
    inside = slice(int(0.6 * RATE), int(0.9 * RATE))
    outside = slice(int(1.1 * RATE), int(1.4 * RATE))
    assert power_at(masked[inside], 3000) < 1e-3 * power_at(signal[inside], 3000)
    assert power_at(masked[inside], 500) > 0.95 * power_at(signal[inside], 500)
    assert np.allclose(masked[outside], signal[outside], atol=1e-3)
