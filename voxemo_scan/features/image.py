"""The image: a window's 160 x 140 picture of 128 log-mel, 20 MFCC and 12 chroma rows.

One definition serves training and scanning. Every step is librosa's own
(``melspectrogram``, ``power_to_db``, ``mfcc``, ``chroma_stft``), batched in torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from voxemo_scan.features.filters import chroma_filters, mel_filters

MEL_ROWS = 128
MFCC_ROWS = 20
CHROMA_ROWS = 12
ROWS = MEL_ROWS + MFCC_ROWS + CHROMA_ROWS
FRAMES = 140

_AMIN = 1e-10
_TOP_DB = 80.0


@dataclass(frozen=True)
class ImageOptions:
    """How a signal becomes an image; ``hop_samples`` sets how much time 140 frames span."""

    sampling_rate: int = 16_000
    fft_samples: int = 1024
    hop_samples: int = 256

    @cached_property
    def window_s(self) -> float:
        """Return the seconds of sound that fill an image."""
        return FRAMES * self.hop_samples / self.sampling_rate


def images(signals: Sequence[NDArray[np.float32]], options: ImageOptions) -> Tensor:
    """Return the images of windows, not normalised.

    Args:
        signals: windows, each float32, [samples], mono, -1..1; longer ones are cut
            at 140 frames, shorter ones repeated until they fill them.
        options: sampling rate, FFT size and hop.

    Returns:
        float32, [windows, 160, 140]: log-mel in dB, MFCC, chroma 0..1.
    """
    if not signals:
        return torch.zeros(0, ROWS, FRAMES)
    limit = FRAMES * options.hop_samples
    lengths = [min(len(signal), limit) for signal in signals]
    batch = torch.zeros(len(signals), max(*lengths, options.fft_samples))
    for row, signal, length in zip(batch, signals, lengths, strict=True):
        row[:length] = torch.from_numpy(np.ascontiguousarray(signal[:length], dtype=np.float32))
    pictures = _pictures(_power(batch, options), options, lengths)
    filled = [max(1, min(FRAMES, -(-n // options.hop_samples))) for n in lengths]
    return _repeat_to_full(pictures, filled)


def _power(batch: Tensor, options: ImageOptions) -> Tensor:
    """Return the power spectrogram, [windows, bins, frames], frames centred and zero-padded."""
    spectrum = torch.stft(
        batch,
        options.fft_samples,
        hop_length=options.hop_samples,
        window=torch.hann_window(options.fft_samples),
        center=True,
        pad_mode="constant",
        return_complex=True,
    )
    return spectrum.real.square() + spectrum.imag.square()


def _pictures(power: Tensor, options: ImageOptions, lengths: Sequence[int]) -> Tensor:
    """Return mel, MFCC and chroma rows, [windows, 160, frames], of power spectrograms."""
    mel_basis, chroma_basis, dct_basis = _bases(options)
    decibels = 10.0 * torch.log10(torch.clamp(mel_basis @ power, min=_AMIN))
    frames = torch.arange(power.shape[-1])
    own = frames[None, None, :] <= torch.tensor(lengths)[:, None, None] // options.hop_samples
    peak = torch.where(own, decibels, -torch.inf).amax(dim=(1, 2), keepdim=True)
    decibels = torch.maximum(decibels, peak - _TOP_DB)
    chroma = chroma_basis @ power
    loudest = chroma.amax(dim=1, keepdim=True)
    tiny = torch.finfo(torch.float32).tiny
    chroma = torch.where(loudest > tiny, chroma / loudest.clamp(min=tiny), chroma)
    return torch.cat([decibels, dct_basis @ decibels, chroma], dim=1)


def _repeat_to_full(pictures: Tensor, filled: Sequence[int]) -> Tensor:
    """Repeat each picture's own frames until ``FRAMES`` are full, so that a mean over time holds.

    ``filled`` is the number of frames that are each picture's own.
    """
    steps = torch.arange(FRAMES)
    index = torch.stack([steps % n for n in filled])
    return torch.gather(pictures, 2, index[:, None, :].expand(-1, pictures.shape[1], -1))


@lru_cache(maxsize=4)
def _bases(options: ImageOptions) -> tuple[Tensor, Tensor, Tensor]:
    """Return the mel [128, bins], chroma [12, bins] and cosine [20, 128] matrices."""
    rate, size = options.sampling_rate, options.fft_samples
    mel = mel_filters(sampling_rate=rate, fft_samples=size, bands=MEL_ROWS)
    chroma = chroma_filters(sampling_rate=rate, fft_samples=size, pitches=CHROMA_ROWS)
    return (
        torch.from_numpy(mel),
        torch.from_numpy(chroma),
        _cosines(MFCC_ROWS, MEL_ROWS),
    )


def _cosines(rows: int, columns: int) -> Tensor:
    """Return the orthonormal DCT-II matrix, [rows, columns]."""
    n = torch.arange(columns, dtype=torch.float64)
    k = torch.arange(rows, dtype=torch.float64)[:, None]
    basis = torch.cos(torch.pi / columns * (n + 0.5) * k) * (2.0 / columns) ** 0.5
    basis[0] *= 0.5**0.5
    return torch.as_tensor(basis, dtype=torch.float32)
