"""A whole clip's spectrogram, MFCC and chroma as small grey pictures.

The rows are those of :mod:`voxemo_scan.features.image` (the classic networks' input), by the same
definitions, without torch and in bounded memory: a column is the mean power of its stretch of the
clip.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.audio.decode import SAMPLING_RATE, decode
from voxemo_scan.report.media.model import Spectrum
from voxemo_scan.report.media.still import grey_picture

Floats = NDArray[np.float64]

MEL_ROWS: Final = 128
MFCC_ROWS: Final = 20
CHROMA_ROWS: Final = 12
COLUMNS: Final = 900
_FFT: Final = 1024
_HOP: Final = 256
_FRAMES_PER_COLUMN: Final = 6
_FLOOR: Final = 1e-10
_RANGE_DB: Final = 80.0


def spectrum(path: Path, *, start_s: float, end_s: float | None, duration_s: float) -> Spectrum:
    """Return the pictures of a clip's range, ``duration_s`` long.

    Raises:
        AudioError: the clip cannot be decoded.
    """
    blocks = decode(path, start_s=start_s, end_s=end_s)
    mel, mfcc, chroma = rows(blocks, samples=round(duration_s * SAMPLING_RATE))
    return Spectrum(
        mel=grey_picture(_ink(1 + (mel - mel.max(initial=-200.0)) / _RANGE_DB), quality=50),
        mfcc=grey_picture(_ink(_standing(mfcc)).repeat(2, axis=0), quality=30),
        chroma=grey_picture(_ink(chroma * _loudness(mel)).repeat(3, axis=0), quality=30),
    )


def rows(
    blocks: Iterable[NDArray[np.int16]], *, samples: int, columns: int = COLUMNS
) -> tuple[Floats, Floats, Floats]:
    """Return log-mel [128, columns] in dB, MFCC [20, columns] and chroma [12, columns], 0..1.

    Args:
        blocks: int16, [samples], 16 kHz, mono, one after another.
        samples: how many they are together; a clip of few has fewer columns, a frame each.
        columns: at most; long clips are looked at a few times per column.
    """
    frames = samples // _HOP + 1
    columns = max(1, min(columns, frames))
    every = max(1, frames // (columns * _FRAMES_PER_COLUMN))
    power = np.zeros((_FFT // 2 + 1, columns))
    counts = np.zeros(columns)
    for number, spectra in _spectra(blocks, every=every):
        at = np.minimum((number * columns) // frames, columns - 1)
        np.add.at(power.T, at, spectra)
        np.add.at(counts, at, 1)
    mel, chroma, cosines = _bases()
    power /= np.maximum(counts, 1)
    decibels = 10 * np.log10(np.maximum(mel @ power, _FLOOR))
    decibels = np.maximum(decibels, decibels.max() - _RANGE_DB)
    pitches = chroma @ power
    loudest = pitches.max(axis=0, keepdims=True)
    return decibels, cosines @ decibels, pitches / np.where(loudest > 1e-30, loudest, 1.0)


def _spectra(
    blocks: Iterable[NDArray[np.int16]], *, every: int
) -> Iterator[tuple[NDArray[np.intp], Floats]]:
    """Yield frames' numbers and power spectra, [frames, bins], of every ``every``-th frame."""
    window = np.hanning(_FFT + 1)[:-1]
    held = np.zeros(_FFT // 2)
    first = 0  # the number of the frame that begins where ``held`` does

    def frames(signal: Floats, count: int) -> tuple[NDArray[np.intp], Floats]:
        numbers = np.arange(first, first + count)
        numbers = numbers[numbers % every == 0]
        starts = (numbers - first) * _HOP
        pieces = signal[starts[:, None] + np.arange(_FFT)] * window
        return numbers, np.abs(np.fft.rfft(pieces, axis=1)) ** 2

    for block in blocks:
        held = np.concatenate([held, block.astype(np.float64) / 32768.0])
        count = max(0, (held.size - _FFT) // _HOP + 1)
        yield frames(held, count)
        held, first = held[count * _HOP :], first + count
    held = np.concatenate([held, np.zeros(_FFT // 2)])
    yield frames(held, max(0, (held.size - _FFT) // _HOP + 1))


def _ink(levels: Floats) -> NDArray[np.uint8]:
    """Return 0..1 as grey, 1 black, the first row at the bottom."""
    return np.round(255 * (1 - np.clip(levels, 0, 1)))[::-1].astype(np.uint8)


def _loudness(mel: Floats) -> Floats:
    """Return how loud each column is, 0..1, so that what is next to silent shows no pitch."""
    loudest = mel.max(axis=0, keepdims=True)
    return np.asarray(np.clip(1.2 * (1 + (loudest - mel.max(initial=-200.0)) / _RANGE_DB), 0, 1))


def _standing(mfcc: Floats) -> Floats:
    """Return each coefficient on its own scale: two deviations either side of its mean as 0..1."""
    spread = np.maximum(mfcc.std(axis=1, keepdims=True), 1e-9)
    return np.asarray(0.5 + (mfcc - mfcc.mean(axis=1, keepdims=True)) / (4 * spread))


@cache
def _bases() -> tuple[Floats, Floats, Floats]:
    """Return the mel [128, bins], chroma [12, bins] and cosine [20, 128] matrices."""
    import librosa  # noqa: PLC0415  (a second, and only pages with a clip need it)
    from scipy.fft import dct  # noqa: PLC0415

    mel = librosa.filters.mel(sr=SAMPLING_RATE, n_fft=_FFT, n_mels=MEL_ROWS)
    chroma = librosa.filters.chroma(sr=SAMPLING_RATE, n_fft=_FFT, tuning=0.0, n_chroma=CHROMA_ROWS)
    cosines = dct(np.eye(MEL_ROWS), axis=0, norm="ortho")[:MFCC_ROWS]
    return mel.astype(np.float64), chroma.astype(np.float64), cosines
