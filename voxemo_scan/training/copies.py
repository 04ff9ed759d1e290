"""How copies of clips differ from them: in speed, in level, in the silence around the speech."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from zlib import crc32

import numpy as np
import soxr
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from voxemo_scan.training.film.backgrounds import Backgrounds
from voxemo_scan.training.film.chain import FilmSound
from voxemo_scan.training.judge import Clip
from voxemo_scan.training.signals import SAMPLING_RATE, ClipKey, Sound
from voxemo_scan.training.tempo import said_at_pitch, said_at_tempo

_AS_IT_IS: Final = 1.0


class Copy(BaseModel):
    """How a copy of each clip differs from it; as it stands, not at all.

    ``speed`` scales tempo and pitch together; ``margin`` is the largest fraction of the silence
    before and after the speech that is cut away, ``gain_db`` the most that the level is changed;
    both are drawn once a clip. With ``tight_s`` it is first cut to its speech and at most so much
    before and after it. ``tempo`` is how many times faster or slower it is said at most, at the
    same pitch, and ``semitones`` how much higher or lower at most, at the same tempo, drawn once a
    clip, too: people differ more in both than those who are learned from. ``film`` says how it
    sounds like film, if at all.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    speed: float = Field(default=1.0, gt=0.5, lt=2.0)
    margin: float = Field(default=0.0, ge=0, le=1)
    gain_db: float = Field(default=0.0, ge=0)
    tight_s: float | None = Field(default=None, ge=0)
    tempo: float | None = Field(default=None, ge=1, le=2)
    semitones: float | None = Field(default=None, ge=0, le=12)
    film: FilmSound | None = None

    def of(
        self, sound: Sound, *, key: ClipKey, backgrounds: Backgrounds | None = None
    ) -> NDArray[np.float32]:
        """Return the clip's copy, float32, [samples], 16 kHz; the same one every time.

        ``backgrounds`` are what may lie under a copy that sounds like film.
        """
        rng = np.random.default_rng(
            crc32(f"{key} {self.model_dump_json(exclude_none=True)}".encode())
        )
        if self.tight_s is not None:
            sound = _tight(sound, rng, most=round(self.tight_s * SAMPLING_RATE))
        copy = vary(sound, rng, speed=self.speed, margin=self.margin, gain_db=self.gain_db)
        if self.tempo is not None:
            copy = said_at_tempo(copy, float(self.tempo ** rng.uniform(-1, 1)))
        if self.semitones is not None:
            copy = said_at_pitch(copy, float(self.semitones * rng.uniform(-1, 1)))
        return _filmed(copy, rng, self.film, backgrounds) if self.film else copy.signal


class Variation(BaseModel):
    """How much copies differ that are drawn at random.

    A fraction ``varied`` of the copies has its speed drawn from ``1 / (1 + speed)`` to
    ``1 + speed``; as large a fraction, by a draw of its own, has the silence around the speech cut;
    ``margin`` and ``gain_db`` are as in ``Copy``. A fraction ``filmed`` sounds like film.
    A fraction ``tight`` is first cut to its speech and at most ``tight_s`` before and after it:
    how the silence around speech is, is a corpus's own. ``number`` is how many such copies there
    are of each clip.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int = Field(default=1, ge=1)
    varied: float = Field(default=0.7, ge=0, le=1)
    speed: float = Field(default=0.1, ge=0, lt=1)
    margin: float = Field(default=0.8, ge=0, le=1)
    gain_db: float = Field(default=6.0, ge=0)
    tight: float = Field(default=0.0, ge=0, le=1)
    tight_s: float = Field(default=0.2, ge=0)
    filmed: float = Field(default=0.0, ge=0, le=1)
    film: FilmSound = FilmSound()

    def of(
        self, sound: Sound, rng: np.random.Generator, backgrounds: Backgrounds | None = None
    ) -> NDArray[np.float32]:
        """Return a copy of the clip, float32, [samples], 16 kHz."""
        if self.tight and rng.uniform() < self.tight:
            sound = _tight(sound, rng, most=round(self.tight_s * SAMPLING_RATE))
        tempo, faster, cut = rng.uniform(-1, 1), *(rng.uniform(size=2) < self.varied)
        copy = vary(
            sound,
            rng,
            speed=float((1.0 + self.speed) ** tempo) if faster else _AS_IT_IS,
            margin=self.margin if cut else 0.0,
            gain_db=self.gain_db,
        )
        if self.filmed and rng.uniform() < self.filmed:
            return _filmed(copy, rng, self.film, backgrounds)
        return copy.signal


def _tight(sound: Sound, rng: np.random.Generator, *, most: int) -> Sound:
    """Return the clip's speech with up to ``most`` samples of what is before and after it."""
    before, after = (int(each) for each in rng.integers(most + 1, size=2))
    first, last = max(0, sound.start - before), min(len(sound.pcm), sound.end + after)
    return replace(
        sound, pcm=sound.pcm[first:last], start=sound.start - first, end=sound.end - first
    )


def _filmed(
    copy: Clip, rng: np.random.Generator, film: FilmSound, backgrounds: Backgrounds | None
) -> NDArray[np.float32]:
    if backgrounds is None:
        raise ValueError("copies that sound like film need backgrounds")
    return film.apply(copy.signal, rng, backgrounds, speech=slice(copy.start, copy.end))


def vary(
    sound: Sound, rng: np.random.Generator, *, speed: float, margin: float, gain_db: float
) -> Clip:
    """Return a clip at another speed, its margins and its level changed at random.

    Args:
        sound: the clip.
        rng: where chances come from.
        speed: scales tempo and pitch together.
        margin: the largest fraction of the silence before and after the speech to cut away.
        gain_db: the most that the level is changed.
    """
    before, after, level = rng.uniform(0, 1, size=3)
    first = int(sound.start * margin * before)
    last = len(sound.pcm) - int((len(sound.pcm) - sound.end) * margin * after)
    gain = np.float32(10.0 ** (gain_db * (2.0 * level - 1.0) / 20.0))
    signal = gain * sound.whole()[first:last]
    start, end = sound.start - first, sound.end - first
    if speed == _AS_IT_IS:
        return Clip(np.asarray(signal, dtype=np.float32), start, end)
    resampled = soxr.resample(signal, SAMPLING_RATE * speed, SAMPLING_RATE)
    return Clip(np.asarray(resampled, dtype=np.float32), int(start / speed), int(end / speed))
