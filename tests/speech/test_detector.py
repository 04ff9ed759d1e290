"""Speech is found, and music, noise and silence are not taken for it."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.media import tone
from tests.support.voice import SAMPLING_RATE as VOICE_RATE
from tests.support.voice import say
from voxemo_scan.speech.detector import FRAME_S, SpeechDetector, detect
from voxemo_scan.speech.segments import find_segments

RATE = 16_000

Talk = tuple[NDArray[np.float32], tuple[tuple[float, float], ...]]


def at_16_khz(signal: NDArray[np.float64]) -> NDArray[np.float32]:
    time = np.arange(0, signal.size / VOICE_RATE, 1 / RATE)
    return np.interp(time, np.arange(signal.size) / VOICE_RATE, signal).astype(np.float32)


def pause(seconds: float) -> NDArray[np.float32]:
    return np.zeros(round(seconds * RATE), dtype=np.float32)


@pytest.fixture(scope="module")
def talk() -> Talk:
    """Two sentences with pauses around them, and when they are spoken."""
    first = at_16_khz(say("You never asked me what I wanted."))
    second = at_16_khz(say("Then tell me now, because the train leaves in an hour."))
    signal = np.concatenate((pause(1.5), first, pause(2.0), second, pause(1.0)))
    starts_s = (1.5, 3.5 + first.size / RATE)
    spoken = (
        (starts_s[0], starts_s[0] + first.size / RATE),
        (starts_s[1], starts_s[1] + second.size / RATE),
    )
    return signal, spoken


def test_two_sentences_are_two_segments(
    talk: Talk,
) -> None:
    signal, spoken = talk
    found = find_segments(detect(signal), duration_s=signal.size / RATE)
    assert len(found) == 2
    for segment, (start_s, end_s) in zip(found, spoken, strict=True):
        assert segment.start_s == pytest.approx(start_s, abs=0.15)
        assert segment.end_s == pytest.approx(end_s, abs=0.2)


def test_quiet_speech_is_found_too(
    talk: Talk,
) -> None:
    signal, _ = talk
    assert len(find_segments(detect(signal * 0.03), duration_s=signal.size / RATE)) == 2


@pytest.mark.parametrize("kind", ["silence", "noise", "hum", "tone", "chords", "sweep"])
@pytest.mark.parametrize("gain", [0.02, 0.5])
def test_what_is_no_speech_has_no_segments(kind: str, gain: float) -> None:
    signal = gain * sound(kind) * np.minimum(1.0, np.arange(8 * RATE) / (RATE / 2))  # faded in
    assert find_segments(detect(signal.astype(np.float32)), duration_s=8.0) == ()


def sound(kind: str) -> NDArray[np.float64]:
    time = np.arange(8 * RATE) / RATE
    match kind:
        case "silence":
            return np.zeros_like(time)
        case "noise":
            return np.random.default_rng(0).uniform(-1, 1, time.size)
        case "hum":
            return sum(tone(8.0, hz=50.0 * k, gain=0.5 / k, rate=RATE) for k in range(1, 8))
        case "tone":
            return tone(8.0, gain=1.0, rate=RATE)
        case "sweep":
            return np.sin(2 * np.pi * (100 * time + 200 * time**2))
    bars = []
    for root in (220.0, 174.6, 261.6, 196.0):
        notes = (tone(2.0, hz=root * k, gain=0.3, rate=RATE) for k in (1, 1.25, 1.5, 2))
        bars.append(sum(notes) * np.exp(-np.arange(2 * RATE) / RATE))
    return np.concatenate(bars)


def test_how_blocks_are_cut_does_not_matter(
    talk: Talk,
) -> None:
    signal, _ = talk
    signal = np.concatenate((signal, signal))  # longer than one call to the network
    whole = detect(signal)
    random = np.random.default_rng(3)
    for longest in (100, 5_000, 200_000):
        detector = SpeechDetector()
        at = 0
        while at < signal.size:
            size = int(random.integers(0, longest))
            detector.feed(signal[at : at + size])
            at += size
        assert np.array_equal(detector.finish(), whole)


def test_integers_and_floats_are_heard_alike(
    talk: Talk,
) -> None:
    integers = np.round(talk[0] * 32767).astype(np.int16)
    floats = integers.astype(np.float32) / 32768
    assert np.array_equal(detect(integers), detect(floats))


def test_one_probability_for_each_frame_of_32_ms() -> None:
    assert FRAME_S == 0.032
    for size, frames in ((0, 0), (1, 1), (512, 1), (513, 2), (16_000, 32), (512 * 256, 256)):
        probabilities = detect(np.zeros(size, dtype=np.int16))
        assert probabilities.shape == (frames,)
        assert probabilities.dtype == np.float32


def test_the_network_agrees_with_silero_vads_own_front_end(
    talk: Talk,
) -> None:
    from silero_vad.sequence_vad import SileroVADSequence

    from voxemo_scan.speech.detector import network_path

    own = SileroVADSequence(str(network_path())).audio_forward(talk[0])
    assert detect(talk[0]) == pytest.approx(own, abs=1e-5)


def test_detecting_loads_no_torch() -> None:
    code = (
        "import sys, numpy; from voxemo_scan.speech.detector import detect;"
        "detect(numpy.zeros(2000, dtype='int16')); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
