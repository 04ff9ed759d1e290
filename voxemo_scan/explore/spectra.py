"""Spectra of a signal, as the classic networks' image has them: 64 ms frames, 16 ms hop.

Steps and bases are librosa's own (``melspectrogram``, ``power_to_db``, ``mfcc``,
``chroma_stft``), so that a picture shows what the networks were given.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

SAMPLING_RATE: Final = 16_000
FFT_SAMPLES: Final = 1024
HOP_SAMPLES: Final = 256
MEL_ROWS: Final = 128
MFCC_ROWS: Final = 20
CHROMA_ROWS: Final = 12
TOP_DB: Final = 80.0
"""How far under the loudest moment anything is told apart, decibels."""

_AMIN: Final = 1e-10


@dataclass(frozen=True)
class Bases:
    """What turns power into rows: ``mel`` [128, bins], ``chroma`` [12, bins]; ``mel_hz`` [128]."""

    mel: NDArray[np.float32]
    chroma: NDArray[np.float32]
    mel_hz: NDArray[np.float64]


@cache
def bases() -> Bases:
    """Return the mel and chroma bases and each mel band's centre, Hz."""
    from voxemo_scan.features.compiled import librosa  # noqa: PLC0415  (slow to load)

    rate, size = SAMPLING_RATE, FFT_SAMPLES
    return Bases(
        mel=librosa.filters.mel(sr=rate, n_fft=size, n_mels=MEL_ROWS),
        chroma=librosa.filters.chroma(sr=rate, n_fft=size, tuning=0.0).astype(np.float32),
        mel_hz=librosa.mel_frequencies(MEL_ROWS + 2, fmax=rate / 2)[1:-1],
    )


def frame_count(samples: int) -> int:
    """Return how many frames a signal has; the first is centred on its first sample."""
    return 1 + samples // HOP_SAMPLES


def power(padded: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the power spectrum of each frame, [bins, frames].

    Args:
        padded: float32, [samples], with half a frame before the first frame's centre and behind
            the last one's.
    """
    frames = np.lib.stride_tricks.sliding_window_view(padded, FFT_SAMPLES)[::HOP_SAMPLES]
    spectrum = np.fft.rfft(frames * _hann(), axis=1)
    return np.asarray((spectrum.real**2 + spectrum.imag**2).T, dtype=np.float32)


def decibels(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return power in decibels, from -100 on."""
    return np.asarray(10.0 * np.log10(np.maximum(values, _AMIN)), dtype=np.float32)


def mfcc(mel_db: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the cepstral coefficients, [20, columns], of mel rows in decibels, [128, columns].

    The transform is linear: of a mean over time it gives the mean of the coefficients.
    """
    from scipy.fft import dct  # noqa: PLC0415  (slow to load)

    return np.asarray(dct(mel_db, axis=0, type=2, norm="ortho")[:MFCC_ROWS])


@cache
def _hann() -> NDArray[np.float32]:
    phase = 2.0 * np.pi * np.arange(FFT_SAMPLES) / FFT_SAMPLES
    return np.asarray(0.5 - 0.5 * np.cos(phase), dtype=np.float32)
