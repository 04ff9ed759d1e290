"""A whole clip's spectrogram, MFCC and chroma as small grey pictures.

The rows are those of :mod:`voxemo_scan.features.image` (the classic networks' input), by the same
definitions, without torch and in bounded memory: a column is the mean power of its stretch of the
clip.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.audio.decode import SAMPLING_RATE
from voxemo_scan.features.filters import chroma_filters, mel_filters
from voxemo_scan.report.media.model import Spectrum
from voxemo_scan.report.media.still import grey_picture

Floats = NDArray[np.float64]

MEL_ROWS: Final = 128
MFCC_ROWS: Final = 20
CHROMA_ROWS: Final = 12
COLUMNS: Final = 900
_FFT: Final = 1024
_HOP: Final = 256
_FRAMES_PER_CELL: Final = 4
_FLOOR: Final = 1e-10
_RANGE_DB: Final = 80.0


class SpectrumMaker:
    """Makes the pictures of a clip while it passes, block by block, however long it is.

    Frames are added up in cells: of one frame each at first, of twice as many whenever there come
    to be twice as many cells as columns. Of a cell of many frames a few are looked at.

    Args:
        sampling_rate: of the clip, Hz, 16 kHz or above; what lies above 8 kHz is left out.
        columns: of the pictures at most; a short clip has fewer, a frame each.
    """

    def __init__(self, *, sampling_rate: int, columns: int = COLUMNS) -> None:
        self._fft = _FFT * sampling_rate // SAMPLING_RATE
        self._hop = _HOP * sampling_rate // SAMPLING_RATE
        self._window = np.hanning(self._fft + 1)[:-1] * (SAMPLING_RATE / sampling_rate / 32768)
        self._columns = columns
        self._cell = 1  # frames in a cell
        self._power = np.zeros((2 * columns, _FFT // 2 + 1))
        self._counts = np.zeros(2 * columns)
        self._held = np.zeros(self._fft // 2, dtype=np.int16)
        self._first = 0  # the number of the frame that begins where ``_held`` does

    def feed(self, block: NDArray[np.int16]) -> None:
        """Take the next ``block``: int16, [samples], mono."""
        held = np.concatenate([self._held, block])
        count = max(0, (held.size - self._fft) // self._hop + 1)
        last = self._first + count
        while (last - 1) // self._cell >= len(self._counts):
            self._halve()
        every = max(1, self._cell // _FRAMES_PER_CELL)
        numbers = np.arange(-(-self._first // every), -(-last // every)) * every
        starts = (numbers - self._first) * self._hop
        pieces = held[starts[:, None] + np.arange(self._fft)] * self._window
        spectra = np.abs(np.fft.rfft(pieces, axis=1)[:, : _FFT // 2 + 1]) ** 2
        np.add.at(self._power, numbers // self._cell, spectra)
        np.add.at(self._counts, numbers // self._cell, 1)
        self._held, self._first = held[count * self._hop :], last

    def _halve(self) -> None:
        """Make each two cells one."""
        self._cell *= 2
        for cells in (self._power, self._counts):
            half = len(cells) // 2
            cells[:half] = cells[0::2] + cells[1::2]
            cells[half:] = 0

    def rows(self) -> tuple[Floats, Floats, Floats]:
        """Return log-mel [128, columns] in dB, MFCC [20, columns] and chroma [12, columns], 0..1.

        All has passed by then.
        """
        self.feed(np.zeros(self._fft // 2, dtype=np.int16))
        cells = -(-self._first // self._cell)
        columns = min(self._columns, cells)
        starts = np.arange(columns) * cells // columns
        counts = np.add.reduceat(self._counts[:cells], starts)
        power = (np.add.reduceat(self._power[:cells], starts) / counts[:, None]).T
        mel, chroma, cosines = _bases()
        decibels = 10 * np.log10(np.maximum(mel @ power, _FLOOR))
        decibels = np.maximum(decibels, decibels.max() - _RANGE_DB)
        pitches = chroma @ power
        loudest = pitches.max(axis=0, keepdims=True)
        return decibels, cosines @ decibels, pitches / np.where(loudest > 1e-30, loudest, 1.0)

    def spectrum(self) -> Spectrum:
        """Return the pictures; all has passed by then."""
        mel, mfcc, chroma = self.rows()
        return Spectrum(
            mel=grey_picture(_ink(1 + (mel - mel.max(initial=-200.0)) / _RANGE_DB), quality=50),
            mfcc=grey_picture(_ink(_standing(mfcc)).repeat(2, axis=0), quality=30),
            chroma=grey_picture(_ink(chroma * _loudness(mel)).repeat(3, axis=0), quality=30),
        )


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
    from scipy.fft import dct  # noqa: PLC0415  (only pages with a clip need it)

    mel = mel_filters(sampling_rate=SAMPLING_RATE, fft_samples=_FFT, bands=MEL_ROWS)
    chroma = chroma_filters(sampling_rate=SAMPLING_RATE, fft_samples=_FFT, pitches=CHROMA_ROWS)
    cosines = dct(np.eye(MEL_ROWS), axis=0, norm="ortho")[:MFCC_ROWS]
    return mel.astype(np.float64), chroma.astype(np.float64), cosines
