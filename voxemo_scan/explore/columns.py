"""A recording of any length as so many columns: what a picture can show, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.audio.recording import Recording, samples
from voxemo_scan.explore.spectra import (
    CHROMA_ROWS,
    FFT_SAMPLES,
    HOP_SAMPLES,
    MEL_ROWS,
    SAMPLING_RATE,
    TOP_DB,
    bases,
    decibels,
    frame_count,
    mfcc,
    power,
)

_FRAMES_AT_A_TIME: Final = 640
_SILENT_DB: Final = 60.0
_FLOOR_DB: Final = -100.0

Row = NDArray[np.float64]


@dataclass(frozen=True)
class Columns:
    """What a recording sounds like, column by column of equal time.

    ``times_s``: each column's middle, [columns]. ``lowest``, ``highest``: the wave's extent, -1..1.
    ``rms_db``: energy, dB of full scale. ``mel_db``: [128, columns], mean decibels of the
    column's frames, at most 80 under the loudest. ``mfcc``: [20, columns]. ``chroma``:
    [12, columns], the strongest pitch class of a column 1, silent columns 0. ``silent``: bool,
    [columns], 60 dB under the loudest column (none where all are). ``peak``: 0..1. ``clipped``:
    samples at full scale. ``level_db``: of all of it, dB of full scale.
    """

    times_s: Row
    lowest: Row
    highest: Row
    rms_db: Row
    mel_db: Row
    mfcc: Row
    chroma: Row
    silent: NDArray[np.bool_]
    peak: float
    clipped: int
    level_db: float


def columns_of(
    recording: Recording,
    *,
    most: int,
    progress: Callable[[float, float], None] = lambda _done, _total: None,
) -> Columns:
    """Return a recording as at most ``most`` columns; one a frame where it is short.

    Args:
        recording: 16 kHz.
        most: how many columns there may be.
        progress: called with the seconds done and the seconds in all.
    """
    total = max(round(recording.duration_s * SAMPLING_RATE), 1)
    frames = frame_count(total)
    gathered = _Gathered(columns=min(most, frames), frames=frames)
    for first in range(0, frames, _FRAMES_AT_A_TIME):
        last = min(first + _FRAMES_AT_A_TIME, frames)
        gathered.add(_padded(recording, first=first, last=last), first=first, last=last)
        progress(last * HOP_SAMPLES / SAMPLING_RATE, recording.duration_s)
    return gathered.columns(duration_s=recording.duration_s)


def _padded(recording: Recording, *, first: int, last: int) -> NDArray[np.float32]:
    """Return what frames ``first`` up to ``last`` see, with zeros beyond the recording's ends."""
    begin = first * HOP_SAMPLES - FFT_SAMPLES // 2
    end = (last - 1) * HOP_SAMPLES + FFT_SAMPLES // 2
    signal = samples(recording.cut(max(begin, 0) / SAMPLING_RATE, end / SAMPLING_RATE))
    before = max(-begin, 0)
    return np.pad(signal, (before, end - begin - before - signal.size))


class _Gathered:
    """Sums over the frames of each column."""

    def __init__(self, *, columns: int, frames: int) -> None:
        self._frames = frames
        self._columns = columns
        self._count = np.zeros(columns)
        self._lowest = np.zeros(columns)
        self._highest = np.zeros(columns)
        self._squares = np.zeros(columns)
        self._mel = np.zeros((columns, MEL_ROWS))
        self._chroma = np.zeros((columns, CHROMA_ROWS))
        self._clipped = 0

    def add(self, padded: NDArray[np.float32], *, first: int, last: int) -> None:
        """Add the frames ``first`` up to ``last``, seen in ``padded``."""
        owners = np.arange(first, last) * self._columns // self._frames
        spectrum = power(padded)
        np.add.at(self._count, owners, 1.0)
        np.add.at(self._mel, owners, decibels(bases().mel @ spectrum).T)
        np.add.at(self._chroma, owners, (bases().chroma @ spectrum).T)
        # The hop that begins at each frame's centre: together they are all samples, each once.
        begin = FFT_SAMPLES // 2
        hops = padded[begin : begin + (last - first) * HOP_SAMPLES].reshape(-1, HOP_SAMPLES)
        np.minimum.at(self._lowest, owners, hops.min(axis=1))
        np.maximum.at(self._highest, owners, hops.max(axis=1))
        np.add.at(self._squares, owners, (hops.astype(np.float64) ** 2).sum(axis=1))
        self._clipped += int((np.abs(hops) >= 32767 / 32768).sum())

    def columns(self, *, duration_s: float) -> Columns:
        """Return the columns."""
        mel_db = (self._mel / self._count[:, None]).T
        rms_db = _db(self._squares / (self._count * HOP_SAMPLES))
        chroma = self._chroma / np.maximum(self._chroma.max(axis=1, keepdims=True), 1e-30)
        silent = rms_db < max(rms_db.max() - _SILENT_DB, _FLOOR_DB + 1.0)
        chroma[silent] = 0.0
        edges = np.linspace(0.0, duration_s, self._columns + 1)
        mel_db = np.maximum(mel_db, mel_db.max() - TOP_DB)
        total = max(duration_s * SAMPLING_RATE, 1.0)
        return Columns(
            times_s=(edges[:-1] + edges[1:]) / 2,
            lowest=self._lowest,
            highest=self._highest,
            rms_db=rms_db,
            mel_db=mel_db,
            mfcc=mfcc(mel_db),
            chroma=chroma.T,
            silent=silent & (not silent.all()),
            peak=float(max(-self._lowest.min(), self._highest.max())),
            clipped=self._clipped,
            level_db=float(_db(np.array([self._squares.sum() / total]))[0]),
        )


def _db(squares: Row) -> Row:
    return np.asarray(np.maximum(10.0 * np.log10(np.maximum(squares, 1e-12)), _FLOOR_DB))
