"""F0 of known tones, and where it is sought in long recordings."""

from __future__ import annotations

import numpy as np
import pytest

from tests.explore.conftest import RATE
from voxemo_scan.explore import pitch
from voxemo_scan.explore.pitch import pitch_of


def buzz(duration_s, hz):
    """A voice-like tone: ten harmonics."""
    time = np.arange(round(duration_s * RATE)) / RATE
    return 0.2 * sum(np.sin(2 * np.pi * n * hz * time) / n for n in range(1, 11))


@pytest.mark.parametrize("hz", [90.0, 210.0, 440.0])
def test_a_tones_f0_is_its_frequency(record, hz):
    found = pitch_of(record(buzz(1.5, hz)), speech=())
    assert found.quantile(0.5) == pytest.approx(hz, rel=0.01)
    assert found.voiced_s == pytest.approx(1.5, abs=0.15)
    assert (found.sought_s, found.sampled) == (1.5, False)


def test_f0_is_where_the_voice_is(record):
    signal = np.concatenate([np.zeros(RATE), buzz(1.0, 200.0), np.zeros(RATE)])
    found = pitch_of(record(signal), speech=())
    assert found.times_s.min() == pytest.approx(1.0, abs=0.06)
    assert found.times_s.max() == pytest.approx(2.0, abs=0.06)


def test_noise_and_silence_have_none(record):
    noise = 0.1 * np.random.default_rng(0).standard_normal(2 * RATE)
    assert pitch_of(record(noise), speech=()).voiced_s < 0.2
    silent = pitch_of(record(np.zeros(RATE)), speech=())
    assert (silent.hz.size, silent.quantile(0.5)) == (0, None)


def test_a_long_recording_is_sampled_all_over_its_speech(record, monkeypatch):
    monkeypatch.setattr(pitch, "MOST_S", 6.0)
    speech = ((2.0, 8.0), (20.0, 28.0))
    found = pitch_of(record(buzz(30.0, 150.0)), speech=speech)
    assert found.sampled
    assert found.sought_s == pytest.approx(6.0)
    inside = [any(a <= t <= b for a, b in speech) for t in found.times_s]
    assert all(inside)
    in_first = np.mean(found.times_s < 10)
    assert in_first == pytest.approx(6 / 14, abs=0.15)
    assert found.quantile(0.5) == pytest.approx(150, rel=0.01)


def test_a_long_recording_without_speech_is_sampled_all_over(record, monkeypatch):
    monkeypatch.setattr(pitch, "MOST_S", 4.0)
    found = pitch_of(record(buzz(20.0, 150.0)), speech=())
    assert found.times_s.min() < 6
    assert found.times_s.max() > 14
