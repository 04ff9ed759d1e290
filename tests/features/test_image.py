"""The image holds what librosa's own functions say, and fills 140 frames by repeating."""

import numpy as np
import pytest
import torch

from voxemo_scan.features.compiled import librosa
from voxemo_scan.features.image import CHROMA_ROWS, FRAMES, MEL_ROWS, ROWS, ImageOptions, images

OPTIONS = ImageOptions()
RATE = OPTIONS.sampling_rate
FULL = FRAMES * OPTIONS.hop_samples


def tone(frequency_hz, *, seconds=2.24):
    time_s = np.arange(round(seconds * RATE)) / RATE
    return (0.5 * np.sin(2 * np.pi * frequency_hz * time_s)).astype(np.float32)


def chirp_in_noise():
    rng = np.random.default_rng(3)
    noise = 0.01 * rng.standard_normal(FULL)
    return (0.4 * librosa.chirp(fmin=120, fmax=4000, sr=RATE, length=FULL) + noise).astype("f4")


def librosa_image(signal):
    power = np.abs(librosa.stft(signal, n_fft=1024, hop_length=OPTIONS.hop_samples)) ** 2
    mel = librosa.power_to_db(librosa.feature.melspectrogram(S=power, sr=RATE, n_mels=128))
    mfcc = librosa.feature.mfcc(S=mel, n_mfcc=20)
    chroma = librosa.feature.chroma_stft(S=power, sr=RATE, tuning=0.0)
    return np.concatenate([mel, mfcc, chroma])[:, :FRAMES]


def test_equals_librosas_own_functions():
    signal = chirp_in_noise()
    found = images([signal], OPTIONS)[0].numpy()
    expected = librosa_image(signal)
    np.testing.assert_allclose(found[:MEL_ROWS], expected[:MEL_ROWS], atol=0.01)
    np.testing.assert_allclose(found[MEL_ROWS:148], expected[MEL_ROWS:148], atol=0.05)
    np.testing.assert_allclose(found[148:], expected[148:], atol=1e-3)


@pytest.mark.parametrize(("frequency_hz", "pitch_class"), [(440.0, 9), (261.63, 0), (659.26, 4)])
def test_a_tone_has_its_chroma_at_its_pitch_class(frequency_hz, pitch_class):
    chroma = images([tone(frequency_hz)], OPTIONS)[0, -CHROMA_ROWS:]
    assert (chroma.argmax(dim=0) == pitch_class).float().mean() > 0.97


def test_a_tone_has_its_mel_peak_at_its_frequency():
    centres_hz = librosa.mel_frequencies(n_mels=MEL_ROWS + 2, fmin=0, fmax=RATE / 2)[1:-1]
    mel = images([tone(1000.0)], OPTIONS)[0, :MEL_ROWS]
    loudest_hz = centres_hz[mel.mean(dim=1).argmax()]
    assert abs(loudest_hz - 1000) < 40


def test_six_decibels_are_six_decibels():
    quiet, loud = images([tone(500) / 2, tone(500)], OPTIONS)[:, :MEL_ROWS].amax(dim=(1, 2))
    assert loud - quiet == pytest.approx(6.02, abs=0.01)


def test_all_windows_fill_the_picture():
    signals = [tone(300, seconds=s) for s in (0.05, 0.4, 1.0, 2.24, 9.0)]
    assert images(signals, OPTIONS).shape == (5, ROWS, FRAMES)
    assert images([], OPTIONS).shape == (0, ROWS, FRAMES)


def test_a_short_window_is_repeated():
    picture = images([tone(440, seconds=0.64)], OPTIONS)[0]
    torch.testing.assert_close(picture[:, :40], picture[:, 40:80])
    torch.testing.assert_close(picture[:, :20], picture[:, 120:])


def test_a_window_does_not_depend_on_its_neighbours_in_the_batch():
    signals = [tone(220, seconds=0.5), chirp_in_noise(), 1e-4 * tone(2000, seconds=1.3)]
    together = images(signals, OPTIONS)
    for signal, found in zip(signals, together, strict=True):
        torch.testing.assert_close(images([signal], OPTIONS)[0], found, atol=1e-3, rtol=1e-4)


def test_silence_gives_finite_numbers():
    assert torch.isfinite(images([np.zeros(FULL, np.float32)], OPTIONS)).all()


def test_the_hop_sets_how_much_time_is_seen():
    assert OPTIONS.window_s == pytest.approx(2.24)
    assert ImageOptions(hop_samples=400).window_s == pytest.approx(3.5)
