"""Makes the demo's three scenes: original lines, a synthetic voice, a music bed of our own.

    pip install 'voxemo-scan[demo]' && python scenes/demo/make_demo.py

The voice is hibari-tts's (Apache-2.0); the second one is the same, slower and lower. The music
is four chords of decaying partials. The same versions make the same files.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from hibari import Hibari
from numpy.typing import NDArray

RATE = 24_000
FOLDER = Path(__file__).parent

Signal = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """A spoken line: its text, the silence before it, its speed, pitch factor and level."""

    text: str
    pause_s: float
    speed: float = 1.0
    pitch: float = 1.0
    gain_db: float = 0.0


SCENES: dict[str, tuple[float | None, tuple[Line, ...]]] = {
    "the-lighthouse": (
        None,
        (
            Line("You said you would keep the light burning. You gave me your word!", 0.8, 1.1),
            Line("I was tired. I only closed my eyes for a minute.", 0.7, 0.9, 0.74, -3),
            Line("A minute! There were eleven people on that boat!", 0.5, 1.15, 1.06, 2),
            Line("I know. I counted them too.", 1.2, 0.85, 0.74, -5),
        ),
    ),
    "the-last-train": (
        -20.0,
        (
            Line("So this is where you get off.", 2.0, 0.9, 1.0, -3),
            Line("It was always going to be. Write to me, if you like.", 1.0, 0.9, 0.74, -3),
            Line("I never know what to put in letters.", 1.5, 0.85, 0.97, -4),
            Line("Then tell me about the garden. Tell me what came up.", 1.0, 0.9, 0.74, -3),
        ),
    ),
    "the-birthday-table": (
        -26.0,
        (
            Line("Close your eyes, close your eyes! No peeking!", 0.6, 1.15, 1.12, 1),
            Line("Is it a bicycle? It smells like cake.", 0.5, 1.05, 0.8),
            Line("It is a cake, and it is shaped like a bicycle!", 0.6, 1.15, 1.14, 1),
            Line("That is the best thing I have ever seen.", 0.9, 1.05, 0.8, 1),
        ),
    ),
}
"""Each scene's music level in dB (None for silence between the lines) and its lines."""


def main() -> None:
    """Write one Opus file a scene."""
    voice = Hibari()
    for name, (music_db, lines) in SCENES.items():
        sound = np.concatenate([*(spoken(voice, line) for line in lines), np.zeros(RATE)])
        if music_db is not None:
            sound = sound + 10 ** (music_db / 20) * music(len(sound))
        write_opus(FOLDER / f"{name}.opus", 0.9 * sound / np.abs(sound).max())


def spoken(voice: Hibari, line: Line) -> Signal:
    """Return the line after its pause, at its own speed, pitch and level."""
    said = np.asarray(voice(line.text, speed=line.speed / line.pitch, seed=0), dtype=np.float64)
    moments = np.arange(0, len(said) - 1, line.pitch)
    pitched = np.interp(moments, np.arange(len(said)), said)
    pause = np.zeros(round(line.pause_s * RATE))
    return np.concatenate([pause, 10 ** (line.gain_db / 20) * pitched])


def music(samples: int) -> Signal:
    """Return a bed of four chords, two seconds each, over and over."""
    chords = ((57, 60, 64), (53, 57, 60), (48, 52, 55), (55, 59, 62))
    bed = np.zeros(samples)
    for number, start in enumerate(range(0, samples, 2 * RATE)):
        time_s = np.arange(min(2 * RATE, samples - start)) / RATE
        for key in chords[number % len(chords)]:
            pitch_hz = 440.0 * 2 ** ((key - 69) / 12)
            for partial in (1, 2, 3):
                decay = np.exp(-time_s * partial) * np.minimum(1.0, time_s / 0.02)
                tone = np.sin(2 * np.pi * partial * pitch_hz * time_s)
                bed[start : start + len(time_s)] += decay * tone / partial**2
    return bed / np.abs(bed).max()


def write_opus(path: Path, sound: Signal) -> None:
    """Write mono ``sound`` as Opus at 32 kbit/s."""
    pcm = np.round(32767 * np.clip(sound, -1, 1)).astype(np.int16)
    with av.open(path, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono")
        stream.bit_rate = 32_000
        frame = av.AudioFrame.from_ndarray(pcm[None], format="s16", layout="mono")
        frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), 0
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)


if __name__ == "__main__":
    main()
