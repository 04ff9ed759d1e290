"""Takes a part out of a sound: a stretch of time in a band of pitch sinks into the background."""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

_FFT: Final = 512
_HOP: Final = 128
_BACKGROUND: Final = 0.1


def without_part(
    signal: NDArray[np.float32],
    *,
    start: int,
    end: int,
    low_hz: float,
    high_hz: float,
    sampling_rate: int,
) -> NDArray[np.float32]:
    """Return ``signal`` with a part no louder than the tenth quietest moments in that band.

    Args:
        signal: float32, [samples].
        start: the part's first sample; ``end`` the one after its last.
        end: see ``start``.
        low_hz: where its band begins; ``high_hz`` where it ends.
        high_hz: see ``low_hz``.
        sampling_rate: Hz.
    """
    window = torch.hann_window(_FFT)
    spectrum = torch.stft(
        torch.from_numpy(signal), _FFT, hop_length=_HOP, window=window, return_complex=True
    )
    size = spectrum.abs()
    quiet = size.quantile(_BACKGROUND, dim=1, keepdim=True)
    hertz = torch.arange(size.shape[0]) * sampling_rate / _FFT
    rows = ((hertz >= low_hz) & (hertz < high_hz))[:, None]
    frames = torch.arange(size.shape[1]) * _HOP
    columns = ((frames >= start) & (frames < end))[None, :]
    factor = torch.where(rows & columns, (quiet / size.clamp(min=1e-12)).clamp(max=1.0), 1.0)
    back = torch.istft(spectrum * factor, _FFT, hop_length=_HOP, window=window, length=len(signal))
    return np.asarray(back.numpy(), dtype=np.float32)
