"""How copies of clips differ from them: in speed, in level, in the silence around the speech."""

from __future__ import annotations

from typing import Final
from zlib import crc32

import numpy as np
import soxr
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from voxemo_scan.training.signals import SAMPLING_RATE, ClipKey, Sound

_AS_IT_IS: Final = 1.0


class Copy(BaseModel):
    """How a copy of each clip differs from it; as it stands, not at all.

    ``speed`` scales tempo and pitch together; ``margin`` is the largest fraction of the silence
    before and after the speech that is cut away, ``gain_db`` the most that the level is changed;
    both are drawn once a clip.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    speed: float = Field(default=1.0, gt=0.5, lt=2.0)
    margin: float = Field(default=0.0, ge=0, le=1)
    gain_db: float = Field(default=0.0, ge=0)

    def of(self, sound: Sound, *, key: ClipKey) -> NDArray[np.float32]:
        """Return the clip's copy, float32, [samples], 16 kHz; the same one every time."""
        rng = np.random.default_rng(crc32(f"{key} {self.model_dump_json()}".encode()))
        return vary(sound, rng, speed=self.speed, margin=self.margin, gain_db=self.gain_db)


class Variation(BaseModel):
    """How much copies differ that are drawn anew each time.

    A fraction ``varied`` of the copies has its speed drawn from ``1 / (1 + speed)`` to
    ``1 + speed``; as large a fraction, by a draw of its own, has the silence around the speech cut;
    ``margin`` and ``gain_db`` are as in ``Copy``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    varied: float = Field(default=0.7, ge=0, le=1)
    speed: float = Field(default=0.1, ge=0, lt=1)
    margin: float = Field(default=0.8, ge=0, le=1)
    gain_db: float = Field(default=6.0, ge=0)

    def of(self, sound: Sound, rng: np.random.Generator) -> NDArray[np.float32]:
        """Return a copy of the clip, float32, [samples], 16 kHz."""
        octaves, faster, cut = rng.uniform(-1, 1), *(rng.uniform(size=2) < self.varied)
        return vary(
            sound,
            rng,
            speed=float((1.0 + self.speed) ** octaves) if faster else _AS_IT_IS,
            margin=self.margin if cut else 0.0,
            gain_db=self.gain_db,
        )


def vary(
    sound: Sound, rng: np.random.Generator, *, speed: float, margin: float, gain_db: float
) -> NDArray[np.float32]:
    """Return a clip at another speed, its margins and its level changed at random.

    Args:
        sound: the clip.
        rng: where chances come from.
        speed: scales tempo and pitch together.
        margin: the largest fraction of the silence before and after the speech to cut away.
        gain_db: the most that the level is changed.

    Returns:
        float32, [samples], 16 kHz.
    """
    before, after, level = rng.uniform(0, 1, size=3)
    first = int(sound.start * margin * before)
    last = len(sound.pcm) - int((len(sound.pcm) - sound.end) * margin * after)
    gain = np.float32(10.0 ** (gain_db * (2.0 * level - 1.0) / 20.0))
    signal = gain * sound.whole()[first:last]
    if speed == _AS_IT_IS:
        return np.asarray(signal, dtype=np.float32)
    return np.asarray(soxr.resample(signal, SAMPLING_RATE * speed, SAMPLING_RATE), dtype=np.float32)
