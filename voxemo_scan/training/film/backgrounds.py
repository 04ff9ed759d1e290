"""Noise and music to lay under speech, in parts that never meet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.audio.decode import decode
from voxemo_scan.audio.level import level_db
from voxemo_scan.errors import UsageError
from voxemo_scan.training.cores import over_cores

Part = Literal["train", "test"]

_AUDIBLE: Final = 1e-4
"""Full scale times this: quieter samples at a file's ends are filling, not sound (-80 dB)."""
_ENDINGS: Final = frozenset({".opus", ".wav", ".flac", ".mp3", ".ogg", ".m4a"})


@dataclass(frozen=True)
class Background:
    """One recording: float32, [samples], 16 kHz, -1..1, and its file's name."""

    name: str
    sound: NDArray[np.float32]

    def stretch(self, samples: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """Return so many samples from a random place on, from the start again at the end."""
        return np.take(self.sound, np.arange(samples) + rng.integers(len(self.sound)), mode="wrap")


@dataclass(frozen=True)
class Backgrounds:
    """A part's noises and pieces of music."""

    noise: tuple[Background, ...]
    music: tuple[Background, ...]


def load_backgrounds(data: Path, part: Part) -> Backgrounds:
    """Return the sounds under ``data``/noise/``part`` and ``data``/music/``part``.

    Raises:
        UsageError: a folder is missing or holds no sound.
        AudioError: a file cannot be decoded.
    """
    return Backgrounds(_load(data / "noise" / part), _load(data / "music" / part))


def _load(folder: Path) -> tuple[Background, ...]:
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in _ENDINGS)
    if not paths:
        raise UsageError(
            f"{folder} holds no sound",
            remedy="put recordings to lay under speech there, or give another --data",
        )
    sounds = over_cores(_sound, paths)
    found = [Background(p.stem, s) for p, s in zip(paths, sounds, strict=True)]
    return tuple(b for b in found if len(b.sound))


def _sound(path: Path) -> NDArray[np.float32]:
    """Return a file's sound without the silence that it was filled up with at its ends."""
    sound = np.concatenate(list(decode(path))).astype(np.float32) / np.float32(32768)
    loud = np.flatnonzero(np.abs(sound) > _AUDIBLE)
    return sound[loud[0] : loud[-1] + 1] if len(loud) else sound[:0]


def mix(
    voice: NDArray[np.float32],
    background: NDArray[np.float32],
    *,
    speech: slice | NDArray[np.bool_],
    snr_db: float,
) -> NDArray[np.float32]:
    """Return ``voice`` with ``background``, as long, under it.

    ``snr_db`` is how far the speech, the voice's samples in ``speech``, stands above the
    background, taken over the same samples; a mask of all samples will do as well.
    """
    here = level_db([background[speech]])
    wanted = level_db([voice[speech]]) - snr_db
    factor = 10.0 ** (min(wanted - here, _MOST_GAIN_DB) / 20.0)
    return np.asarray(voice + np.float32(factor) * background, dtype=np.float32)


_MOST_GAIN_DB: Final = 60.0
"""A background that falls silent under the speech is not raised without end."""
