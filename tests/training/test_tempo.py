"""Copies that are said at another tempo or pitch."""

import numpy as np
import pytest

from voxemo_scan.training.copies import Copy
from voxemo_scan.training.judge import Clip
from voxemo_scan.training.signals import Sound
from voxemo_scan.training.tempo import at_pitch, at_tempo, said_at_pitch, said_at_tempo

RATE = 16_000


@pytest.fixture
def voice():
    """A second of 220 Hz and its overtones, between half seconds of silence."""
    time_s = np.arange(RATE) / RATE
    tone = sum(np.sin(2 * np.pi * 220 * n * time_s) / n for n in range(1, 6))
    return np.concatenate([np.zeros(RATE // 2), 0.2 * tone, np.zeros(RATE // 2)]).astype(np.float32)


def pitch_hz(signal):
    spectrum = np.abs(np.fft.rfft(signal))
    return np.argmax(spectrum) * RATE / len(signal)


@pytest.mark.parametrize("tempo", [0.6, 0.9, 1.3, 1.7])
def test_another_tempo_changes_length_and_keeps_pitch(voice, tempo):
    said = at_tempo(voice, tempo)
    assert said.dtype == np.float32
    assert len(said) == pytest.approx(len(voice) / tempo, rel=0.05)
    assert pitch_hz(said) == pytest.approx(220, abs=4)
    assert np.square(said).mean() == pytest.approx(np.square(voice).mean(), rel=0.1)


@pytest.mark.parametrize("semitones", [-4.0, 3.0])
def test_another_pitch_keeps_the_tempo(voice, semitones):
    said = at_pitch(voice, semitones)
    assert len(said) == pytest.approx(len(voice), rel=0.05)
    assert pitch_hz(said) == pytest.approx(220 * 2 ** (semitones / 12), rel=0.02)


@pytest.mark.parametrize("samples", [0, 1, 200])
def test_next_to_nothing_is_no_failure(samples):
    signal = np.full(samples, 0.1, dtype=np.float32)
    assert len(at_tempo(signal, 0.7)) <= 2 * samples
    assert len(at_pitch(signal, 2.0)) <= 2 * samples
    assert np.array_equal(at_tempo(signal, 1.0), at_pitch(signal, 0.0))


def test_each_clip_has_a_tempo_and_a_pitch_of_its_own(voice):
    pcm = (voice * 32767).astype(np.int16)
    clip = Sound(pcm, RATE // 2, RATE + RATE // 2, "x")
    slow = Copy(tempo=1.6)
    lengths = {len(slow.of(clip, key=("a", str(n)))) for n in range(12)}
    assert len(lengths) == 12
    assert len(pcm) / 1.65 < min(lengths) < 0.8 * len(pcm)
    assert 1.2 * len(pcm) < max(lengths) < 1.65 * len(pcm)
    moved = Copy(semitones=4.0)
    heard = {round(pitch_hz(moved.of(clip, key=("a", str(n))))) for n in range(8)}
    assert len(heard) > 4
    assert 170 < min(heard) < max(heard) < 285
    assert np.array_equal(moved.of(clip, key=("a", "1")), moved.of(clip, key=("a", "1")))


@pytest.mark.parametrize("tempo", [0.65, 1.5])
def test_a_clip_knows_where_its_speech_went(voice, tempo):
    clip = Clip(voice, RATE // 2, RATE + RATE // 2)
    for said in (said_at_tempo(clip, tempo), said_at_pitch(clip, 3.0)):
        loud = np.square(said.speech).mean()
        for rest in (said.signal[: said.start], said.signal[said.end :]):
            assert np.square(rest).mean() < 0.1 * loud
