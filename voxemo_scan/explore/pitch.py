"""F0, the pitch of the voice, by probabilistic YIN (Mauch and Dixon 2014, librosa's ``pyin``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.audio.recording import Recording, samples
from voxemo_scan.explore.spectra import FFT_SAMPLES, HOP_SAMPLES, SAMPLING_RATE

LOWEST_HZ: Final = 65.0
HIGHEST_HZ: Final = 800.0
MOST_S: Final = 120.0
"""Beyond this F0 is sought in stretches only: it takes a tenth of the time that it listens to."""

_STRETCH_S: Final = 2.0
_AT_A_TIME_S: Final = 10.0
_SHORTEST_S: Final = 0.2


@dataclass(frozen=True)
class Pitch:
    """Where the voice's F0 lies.

    ``times_s`` and ``hz`` are of the voiced frames only, [frames]; ``sought_s`` is how much was
    listened to and ``sampled`` whether that is only a part, in stretches all over the recording.
    ``frame_s`` is the time a frame stands for.
    """

    times_s: NDArray[np.float64]
    hz: NDArray[np.float64]
    sought_s: float
    sampled: bool
    frame_s: float = HOP_SAMPLES / SAMPLING_RATE

    @property
    def voiced_s(self) -> float:
        """Seconds in which there is an F0."""
        return self.hz.size * self.frame_s

    def quantile(self, fraction: float) -> float | None:
        """Return the F0, Hz, that ``fraction`` of the voiced frames lie under."""
        return float(np.quantile(self.hz, fraction)) if self.hz.size else None


def pitch_of(
    recording: Recording,
    *,
    speech: Sequence[tuple[float, float]],
    progress: Callable[[float, float], None] = lambda _done, _total: None,
) -> Pitch:
    """Return a recording's F0: everywhere, or, if it is long, in stretches of its speech.

    Args:
        recording: 16 kHz.
        speech: where there is speech, seconds; where there is none, all of it is sampled.
        progress: called with the seconds done and the seconds in all.
    """
    whole = ((0.0, recording.duration_s),)
    sampled = recording.duration_s > MOST_S
    places = _spread(tuple(speech) or whole) if sampled else _pieces(recording.duration_s)
    total_s = sum(end - start for start, end in places)
    times, found, done_s = [np.zeros(0)], [np.zeros(0)], 0.0
    for start_s, end_s in places:
        at, hz = _seek(samples(recording.cut(start_s, end_s)))
        times.append(at + start_s)
        found.append(hz)
        done_s += end_s - start_s
        progress(done_s, total_s)
    return Pitch(np.concatenate(times), np.concatenate(found), total_s, sampled)


def _pieces(duration_s: float) -> list[tuple[float, float]]:
    """Return a recording in pieces that keep memory small."""
    count = max(int(np.ceil(duration_s / _AT_A_TIME_S)), 1)
    edges = np.linspace(0.0, duration_s, count + 1).tolist()
    return list(pairwise(edges))


def _spread(parts: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return stretches evenly spread over ``parts`` laid end to end, ``MOST_S`` in all."""
    lengths = np.array([end - start for start, end in parts])
    total_s = float(lengths.sum())
    count = int(min(MOST_S, total_s) // _STRETCH_S) or 1
    ends = np.cumsum(lengths)
    places = []
    for middle in (np.arange(count) + 0.5) * total_s / count:
        number = min(int(np.searchsorted(ends, middle)), len(parts) - 1)
        start, end = parts[number]
        centre = start + middle - (ends[number] - lengths[number])
        low, high = max(start, centre - _STRETCH_S / 2), min(end, centre + _STRETCH_S / 2)
        places.append((float(low), float(high)))
    return places


def _seek(signal: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the times, seconds, and F0, Hz, of a signal's voiced frames."""
    from voxemo_scan.features.compiled import librosa  # noqa: PLC0415  (slow to load)

    if signal.size < _SHORTEST_S * SAMPLING_RATE or not signal.any():
        return np.zeros(0), np.zeros(0)
    hz, voiced, _ = librosa.pyin(
        signal,
        sr=SAMPLING_RATE,
        fmin=LOWEST_HZ,
        fmax=HIGHEST_HZ,
        frame_length=FFT_SAMPLES,
        hop_length=HOP_SAMPLES,
    )
    at = np.flatnonzero(voiced)
    return at * HOP_SAMPLES / SAMPLING_RATE, hz[at]
