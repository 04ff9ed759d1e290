"""Columns of spectra and energy, against librosa and against known signals."""

from __future__ import annotations

import numpy as np
import pytest

from tests.explore.conftest import RATE
from tests.support.media import tone
from voxemo_scan.explore.columns import columns_of
from voxemo_scan.explore.spectra import bases, frame_count
from voxemo_scan.features.compiled import librosa

A = 9


def noise(duration_s, seed=0):
    return 0.2 * np.random.default_rng(seed).standard_normal(round(duration_s * RATE)).clip(-3, 3)


@pytest.mark.parametrize("duration_s", [0.5, 1.003, 15.0])  # 15 s are more than one block
def test_a_column_a_frame_is_what_librosa_makes_of_it(record, duration_s):
    signal = noise(duration_s) * np.linspace(0.05, 1, round(duration_s * RATE))
    found = columns_of(record(signal), most=10_000)
    heard = (np.round(signal * 32767) / 32768).astype(np.float32)
    options = {"sr": RATE, "n_fft": 1024, "hop_length": 256}
    power = librosa.feature.melspectrogram(y=heard, n_mels=128, **options)
    mel = librosa.power_to_db(power, top_db=80.0)
    np.testing.assert_allclose(found.mel_db, mel, atol=0.01)
    mfcc = librosa.feature.mfcc(S=mel, n_mfcc=20)
    np.testing.assert_allclose(found.mfcc, mfcc, atol=0.05)
    chroma = librosa.feature.chroma_stft(y=heard, tuning=0.0, **options)
    np.testing.assert_allclose(found.chroma, chroma, atol=1e-3)


def test_a_tone_has_its_pitch_class_its_band_and_its_level(record):
    found = columns_of(record(tone(2.0, hz=440.0, gain=0.5, rate=RATE)), most=1000)
    assert set(found.chroma.argmax(axis=0)[2:-2]) == {A}
    band = int(found.mel_db.mean(axis=1).argmax())
    assert bases().mel_hz[band] == pytest.approx(440, abs=25)
    assert found.level_db == pytest.approx(20 * np.log10(0.5 / np.sqrt(2)), abs=0.01)
    assert np.median(found.rms_db) == pytest.approx(found.level_db, abs=0.1)
    assert found.peak == pytest.approx(0.5, abs=1e-3)
    assert found.clipped == 0


def test_a_long_recording_has_no_more_columns_than_asked_and_their_means(record):
    signal = np.concatenate([tone(5.0, gain=0.5, rate=RATE), np.zeros(5 * RATE)])
    found = columns_of(record(signal), most=10)
    assert found.mel_db.shape == (128, 10)
    assert found.times_s == pytest.approx(np.arange(10) + 0.5)
    loud, silent = found.rms_db[:4], found.rms_db[6:]
    assert loud == pytest.approx([20 * np.log10(0.5 / np.sqrt(2))] * 4, abs=0.1)
    assert (silent == -100).all()
    assert found.silent[6:].all()
    assert not found.silent[:5].any()
    assert (found.highest[:5] > 0.49).all()
    assert (found.lowest[:5] < -0.49).all()


def test_every_sample_counts_once(record):
    signal = np.zeros(3 * RATE + 77)
    signal[[0, 255, 256, 20_000, -1]] = 0.5
    found = columns_of(record(signal), most=7)
    assert 10 ** (found.level_db / 10) * len(signal) == pytest.approx(5 * 0.25, rel=1e-3)


def test_samples_at_full_scale_are_counted(record):
    signal = np.zeros(RATE)
    signal[100:150] = 1.0
    assert columns_of(record(signal), most=100).clipped == 50


@pytest.mark.parametrize("samples", [1, 100, 1024])
def test_very_short_sound_and_silence_are_no_error(record, samples):
    found = columns_of(record(np.zeros(samples)), most=100)
    assert found.times_s.size == frame_count(samples)
    assert not found.silent.any()
    assert np.isfinite(found.mel_db).all()
    assert np.isfinite(found.mfcc).all()
    assert found.peak == 0.0
