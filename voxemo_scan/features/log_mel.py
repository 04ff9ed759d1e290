"""The log-mel spectrogram that the Whisper encoder was trained on, of signals of any length.

Source: Radford et al. 2022; 80 mel bands, 25 ms windows, 10 ms hop. Unlike the original, signals
are not filled up to 30 s: their own frames alone are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
import scipy.fft
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from voxemo_scan.features.filters import mel_filters

SAMPLING_RATE: Final = 16_000
BANDS: Final = 80
FFT_SAMPLES: Final = 400
HOP_SAMPLES: Final = 160

_FLOOR: Final = 1e-10
_RANGE: Final = 8.0
"""Powers of ten under a signal's loudest moment that are told apart."""


def log_mels(signals: Sequence[NDArray[np.float32]]) -> tuple[Tensor, Tensor]:
    """Return the log-mel spectrograms of ``signals`` and how many frames each has.

    A signal's frames do not depend on what else is in the batch.

    Args:
        signals: each float32, [samples], mono, -1..1, 16 kHz.

    Returns:
        float32, [signals, 80, frames], zero after a signal's own frames; int64, [signals].
    """
    samples = [max(len(signal), HOP_SAMPLES) for signal in signals]
    batch = torch.zeros(len(signals), max(*samples, FFT_SAMPLES) if samples else FFT_SAMPLES)
    for row, signal in zip(batch, signals, strict=True):
        row[: len(signal)] = torch.from_numpy(np.ascontiguousarray(signal, dtype=np.float32))
    frames = torch.tensor([n // HOP_SAMPLES for n in samples], dtype=torch.int64)
    power = _power(batch)[:, :, : int(frames.max()) if samples else 0]
    own = (torch.arange(power.shape[2])[None, :] < frames[:, None])[:, None, :]
    decades = torch.log10(torch.clamp(_filters() @ power, min=_FLOOR))
    peak = torch.where(own, decades, -torch.inf).amax(dim=(1, 2), keepdim=True)
    pictures = (torch.maximum(decades, peak - _RANGE) + 4.0) / 4.0
    return torch.where(own, pictures, 0.0), frames


def _power(batch: Tensor) -> Tensor:
    """Return the power spectrogram, [signals, bins, frames], frames centred and zero-padded.

    The steps of ``torch.stft``, which prepares itself for each new length for some milliseconds.
    """
    half = FFT_SAMPLES // 2
    frames = functional.pad(batch, (half, half)).unfold(1, FFT_SAMPLES, HOP_SAMPLES)
    spectrum = scipy.fft.rfft((frames * torch.hann_window(FFT_SAMPLES)).numpy())
    return torch.from_numpy(np.square(spectrum.real) + np.square(spectrum.imag)).transpose(1, 2)


@cache
def _filters() -> Tensor:
    """Return the mel filters, [80, bins]."""
    return torch.from_numpy(
        mel_filters(sampling_rate=SAMPLING_RATE, fft_samples=FFT_SAMPLES, bands=BANDS)
    )
