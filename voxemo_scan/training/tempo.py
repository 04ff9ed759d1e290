"""Speech said faster or slower at the same pitch, or higher or lower at the same tempo."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Final

import av
import numpy as np
import soxr
from av.filter import Graph
from numpy.typing import NDArray

from voxemo_scan.training.judge import Clip

_RATE: Final = 16_000
_PER_OCTAVE: Final = 12


def at_tempo(signal: NDArray[np.float32], tempo: float) -> NDArray[np.float32]:
    """Return ``signal`` at ``tempo`` times its tempo, its pitch kept.

    Overlapping pieces are laid closer together or further apart where they fit best (WSOLA:
    Verhelst and Roelands 1993, as FFmpeg's ``atempo`` does it).

    Args:
        signal: float32, [samples], 16 kHz.
        tempo: from 0.5 to 2.

    Returns:
        float32, about ``1 / tempo`` times as long.
    """
    if tempo == 1.0 or not len(signal):
        return signal
    graph = Graph()
    source = graph.add_abuffer(
        sample_rate=_RATE, format="flt", layout="mono", time_base=Fraction(1, _RATE)
    )
    filtered, sink = graph.add("atempo", f"{tempo:.6f}"), graph.add("abuffersink")
    source.link_to(filtered)
    filtered.link_to(sink)
    graph.configure()
    samples = np.ascontiguousarray(signal[None], dtype=np.float32)
    frame = av.AudioFrame.from_ndarray(samples, format="flt", layout="mono")
    frame.sample_rate, frame.pts = _RATE, 0
    graph.push(frame)
    graph.push(None)
    parts = []
    while True:
        try:
            parts.append(graph.pull().to_ndarray()[0])
        except (EOFError, BlockingIOError):
            return np.concatenate(parts) if parts else signal[:0]


def at_pitch(signal: NDArray[np.float32], semitones: float) -> NDArray[np.float32]:
    """Return ``signal`` so many semitones higher, its formants with it, its tempo kept.

    Args:
        signal: float32, [samples], 16 kHz.
        semitones: from -12 to 12.

    Returns:
        float32, about as long.
    """
    if semitones == 0.0:
        return signal
    ratio = 2.0 ** (semitones / _PER_OCTAVE)
    moved = soxr.resample(at_tempo(signal, 1.0 / ratio), _RATE * ratio, _RATE)
    return np.asarray(moved, dtype=np.float32)


def said_at_tempo(clip: Clip, tempo: float) -> Clip:
    """Return the clip at ``tempo`` times its tempo, its pitch kept."""
    said = at_tempo(clip.signal, tempo)
    return Clip(said, round(clip.start / tempo), min(len(said), round(clip.end / tempo)))


def said_at_pitch(clip: Clip, semitones: float) -> Clip:
    """Return the clip so many semitones higher, its tempo kept."""
    said = at_pitch(clip.signal, semitones)
    return replace(clip, signal=said, end=min(len(said), clip.end))
