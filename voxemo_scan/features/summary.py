"""The summary vector: what the classic machine-learning models see of a clip.

Means over the clip of chroma, MFCC, zero-crossing rate, mel power, spectral centroid and tonnetz,
all librosa's own.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.features.compiled import librosa

SAMPLING_RATE: Final = 16_000
FFT_SAMPLES: Final = 1024
HOP_SAMPLES: Final = 256
MFCC: Final = 40
FRAME_FEATURES: Final = 2 * MFCC

SUMMARY_NAMES: Final = (
    *(f"chroma {n}" for n in range(12)),
    *(f"MFCC {n}" for n in range(MFCC)),
    "zero crossings a sample",
    *(f"mel {n} dB" for n in range(128)),
    "spectral centroid Hz",
    *(f"tonnetz {n}" for n in range(6)),
)


def summary(signal: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a clip's summary, float32, [188], in the order of ``SUMMARY_NAMES``.

    Args:
        signal: float32, [samples], mono, -1..1, 16 kHz.
    """
    power = _power(signal)
    mel = _mel(power)
    chroma = librosa.feature.chroma_stft(S=power, sr=SAMPLING_RATE, tuning=0.0)
    parts = (
        chroma,
        librosa.feature.mfcc(S=mel, n_mfcc=MFCC),
        librosa.feature.zero_crossing_rate(
            signal, frame_length=FFT_SAMPLES, hop_length=HOP_SAMPLES
        ),
        mel,
        librosa.feature.spectral_centroid(S=np.sqrt(power), sr=SAMPLING_RATE),
        librosa.feature.tonnetz(chroma=chroma, sr=SAMPLING_RATE),
    )
    means = np.concatenate([part.mean(axis=1) for part in parts])
    return np.asarray(np.nan_to_num(means), dtype=np.float32)


def frames(signal: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a clip's MFCC and their slopes, float32, [frames, 80], a frame every 16 ms.

    Args:
        signal: float32, [samples], mono, -1..1, 16 kHz.
    """
    mfcc = librosa.feature.mfcc(S=_mel(_power(signal)), n_mfcc=MFCC)
    slopes = librosa.feature.delta(mfcc, width=min(9, _odd(mfcc.shape[1])), mode="nearest")
    return np.concatenate([mfcc, slopes]).T.astype(np.float32)


def _power(signal: NDArray[np.float32]) -> NDArray[np.float32]:
    spectrum = librosa.stft(signal, n_fft=FFT_SAMPLES, hop_length=HOP_SAMPLES, pad_mode="constant")
    return np.asarray(np.abs(spectrum) ** 2, dtype=np.float32)


def _mel(power: NDArray[np.float32]) -> NDArray[np.float32]:
    mel = librosa.feature.melspectrogram(S=power, sr=SAMPLING_RATE)
    return np.asarray(librosa.power_to_db(mel), dtype=np.float32)


def _odd(count: int) -> int:
    """Return the largest odd number that is at most ``count``, 3 at least."""
    return max(3, count - 1 + count % 2)
