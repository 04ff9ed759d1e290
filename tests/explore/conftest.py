"""Recordings of known content, and labelled tones."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.media import tone, write_wav
from voxemo_scan.audio.recording import Recording

RATE = 16_000
HZ = {"sad": 250.0, "angry": 2000.0}


@pytest.fixture
def record():
    """Return a function that holds a signal as a recording."""
    held = []

    def recorded(signal):
        recording = Recording()
        held.append(recording)
        recording.append(np.round(np.asarray(signal) * 32767).astype(np.int16))
        return recording

    yield recorded
    for recording in held:
        recording.close()


@pytest.fixture(scope="session")
def tones(tmp_path_factory):
    """A corpus of tones, as a CSV: women's an octave above men's, sad low and angry high."""
    folder = tmp_path_factory.mktemp("tones")
    lines = ["path,label,speaker,gender"]
    for gender, times in (("female", 2.0), ("male", 1.0)):
        for label, hz in HZ.items():
            for n in range(3):
                name = f"{gender}-{label}-{n}.wav"
                signal = tone(0.5 + 0.25 * n, hz=times * hz, gain=0.1 * (n + 1), rate=RATE)
                write_wav(folder / name, signal)
                lines.append(f"{name},{label},{gender[0]}{n},{gender}")
    (folder / "tones.csv").write_text("\n".join(lines) + "\n")
    return folder / "tones.csv"
