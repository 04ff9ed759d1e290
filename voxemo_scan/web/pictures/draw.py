"""What a recording looks like: its waveform, mel spectrogram, MFCC and chroma."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.audio.decode import decode
from voxemo_scan.audio.recording import Recording
from voxemo_scan.errors import AudioError
from voxemo_scan.explore.columns import Columns, columns_of
from voxemo_scan.explore.spectra import MFCC_ROWS, TOP_DB, bases
from voxemo_scan.web.pictures.png import DUSK, EMBERS, TIDE, Ramp, data_address, picture

LONGEST_S: Final = 30.0
"""What pictures show at most, seconds."""

_COLUMNS: Final = 800
_TICKS_HZ: Final = (250, 500, 1000, 2000, 4000)
_PITCHES: Final = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
_DEVIATIONS: Final = 3.0

Ticks = tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: ``image`` is an address that holds it; ``ticks`` lie 0..1 from the bottom up."""

    id: str
    title: str
    says: str
    image: str
    label: str
    ticks: Ticks


@dataclass(frozen=True, slots=True)
class Pictured:
    """A recording, or a part of it, in pictures; times are the recording's.

    ``peaks`` are the wave's lowest and highest point of each column, -1..1.
    """

    start_s: float
    end_s: float
    peaks: tuple[tuple[float, float], ...]
    pictures: tuple[Picture, ...]


def pictured(path: Path, *, start_s: float, end_s: float) -> Pictured:
    """Return the pictures of a recording from ``start_s`` to ``end_s``.

    Raises:
        AudioError: it cannot be decoded, or has no sound there.
    """
    with Recording() as recording:
        for block in decode(path, start_s=start_s, end_s=end_s):
            recording.append(block)
        if not recording.duration_s:
            raise AudioError(f"{path} has no sound there", remedy="choose another part of it")
        columns = columns_of(recording, most=_COLUMNS)
        length_s = recording.duration_s
    reach = zip(columns.lowest.tolist(), columns.highest.tolist(), strict=True)
    return Pictured(
        start_s=start_s,
        end_s=start_s + length_s,
        peaks=tuple((round(low, 4), round(high, 4)) for low, high in reach),
        pictures=(_mel(columns), _mfcc(columns), _chroma(columns)),
    )


def _mel(columns: Columns) -> Picture:
    under = columns.mel_db - columns.mel_db.max()
    places = np.interp(_TICKS_HZ, bases().mel_hz, np.arange(len(under)) + 0.5) / len(under)
    return Picture(
        id="mel",
        title="Mel spectrogram",
        says="How strong each pitch range is, moment by moment, as the ear spaces them: bright is "
        "loud. Voices show as stacked lines, hisses as clouds high up.",
        image=_image(1.0 + under / TOP_DB, EMBERS),
        label="Hz",
        ticks=tuple((float(at), str(hz)) for at, hz in zip(places, _TICKS_HZ, strict=True)),
    )


def _mfcc(columns: Columns) -> Picture:
    rows = np.where(columns.silent, np.nan, columns.mfcc)
    spread = np.maximum(_over_time(np.nanstd, rows), 1e-9)
    standard = (rows - _over_time(np.nanmean, rows)) / spread
    return Picture(
        id="mfcc",
        title="MFCC",
        says="The spectrum's outline in twenty numbers, each against its own mean: red is more "
        "than usual, blue less. It changes with the shape of the mouth, hardly with pitch.",
        image=_image(np.nan_to_num(0.5 + standard / (2 * _DEVIATIONS), nan=0.5), TIDE),
        label="coefficient",
        ticks=tuple(((n - 0.5) / MFCC_ROWS, str(n)) for n in (1, 5, 10, 15, 20)),
    )


def _chroma(columns: Columns) -> Picture:
    return Picture(
        id="chroma",
        title="Chroma",
        says="Which of the twelve notes of the octave sounds most, whatever its octave. Melody and "
        "music draw lines; ordinary speech wanders.",
        image=_image(columns.chroma, DUSK),
        label="note",
        ticks=tuple(((n + 0.5) / 12, name) for n, name in enumerate(_PITCHES)),
    )


def _over_time(statistic: Callable[..., Any], rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a statistic of each row's columns that are not silent; 0 where all are."""
    if np.isnan(rows).all():
        return np.zeros((len(rows), 1))
    return np.asarray(statistic(rows, axis=1, keepdims=True))


def _image(rows: NDArray[np.float64], ramp: Ramp) -> str:
    return data_address(picture(rows, ramp=ramp))
