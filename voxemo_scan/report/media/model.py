"""A clip's sound and pictures, ready to be embedded in a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from voxemo_scan.emotions import Emotion

PEAKS = 480
"""Columns of a waveform."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Compressed sound; ``bit_rate_kbps`` is what it was asked to take, kbit/s."""

    data: bytes
    media_type: str
    bit_rate_kbps: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A compressed picture, pixels wide and high."""

    data: bytes
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Poster:
    """A frame of the film, ``at_s`` in the clip's time."""

    picture: Picture
    at_s: float


@dataclass(frozen=True, slots=True)
class Spectrum:
    """The whole clip as the classic networks see sound, time from left to right, dark is much."""

    mel: Picture
    mfcc: Picture
    chroma: Picture


@dataclass(frozen=True, slots=True)
class Moment:
    """A window whose verdict is explained: see ``voxemo_scan.explain``.

    ``start_s`` to ``end_s`` is what ``picture``, a spectrogram, and ``sheet``, the colours over it,
    show; ``at_s`` is where the window begins. ``box`` is the marked part as left, top, width and
    height, 0..1 of the picture; ``pitches`` are where along its height (0 at the top) some pitches
    lie, with their names.
    """

    at_s: float
    start_s: float
    end_s: float
    emotion: Emotion
    probability: float
    says: str
    why: str
    picture: Picture
    sheet: Picture
    box: tuple[float, float, float, float]
    pitches: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class SceneMedia:
    """What there is of one scene's clip.

    ``peaks`` are the loudest samples of ``PEAKS`` even parts of the clip, 0..255 of the loudest
    of all; ``moments`` are those that are explained; ``silent_because`` and ``no_pictures_because``
    say, as part of a sentence, why there is no sound and why there are no pictures, where there
    might be.
    """

    sound: Sound | None = None
    peaks: bytes = b""
    poster: Poster | None = None
    spectrum: Spectrum | None = None
    moments: tuple[Moment, ...] = ()
    silent_because: str | None = None
    no_pictures_because: str | None = None

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All pictures there are."""
        poster = (self.poster.picture,) if self.poster else ()
        rows = (
            (self.spectrum.mel, self.spectrum.mfcc, self.spectrum.chroma) if self.spectrum else ()
        )
        return (*poster, *rows)


Media: TypeAlias = Mapping[str, SceneMedia]
"""Media by scene id; a scene that has none is left out."""
