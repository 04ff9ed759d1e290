"""Test clips under the conditions of a film, each by its own seed, or said otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.film.backgrounds import Backgrounds, mix
from voxemo_scan.training.film.chain import FilmSound
from voxemo_scan.training.judge import Clip
from voxemo_scan.training.levels import SpeechOf
from voxemo_scan.training.tempo import said_at_pitch, said_at_tempo

SNRS_DB: Final = (20.0, 10.0, 5.0, 0.0)
"""How far speech stands above music or noise in the ``music`` protocol, dB."""

TEMPOS: Final = (0.65, 0.8, 1.25, 1.5)
"""How many times as fast as they were said clips of the ``delivery`` protocol are, pitch kept."""

SEMITONES: Final = (-3.0, 3.0)
"""How much higher they are, tempo kept."""

_SEED: Final = "film-like 1"


@dataclass(frozen=True)
class Changed:
    """Clips whose sound is changed on its way; where their speech lies stays the same."""

    speech: SpeechOf
    change: Callable[[Clip, np.random.Generator], NDArray[np.float32]]
    seed: str = _SEED

    def of(self, utterance: Utterance) -> NDArray[np.float32]:
        """Return the changed clip's speech."""
        return self.clip(utterance).speech

    def clip(self, utterance: Utterance) -> Clip:
        """Return the whole changed clip; the same one every time."""
        clip = self.speech.clip(utterance)
        rng = np.random.default_rng(
            crc32(f"{self.seed} {utterance.corpus} {utterance.clip}".encode())
        )
        return replace(clip, signal=self.change(clip, rng))


@dataclass(frozen=True)
class Delivered:
    """Clips said ``tempo`` times as fast and ``semitones`` higher."""

    speech: SpeechOf
    tempo: float = 1.0
    semitones: float = 0.0

    def of(self, utterance: Utterance) -> NDArray[np.float32]:
        """Return the changed clip's speech."""
        return self.clip(utterance).speech

    def clip(self, utterance: Utterance) -> Clip:
        """Return the whole changed clip."""
        return said_at_pitch(said_at_tempo(self.speech.clip(utterance), self.tempo), self.semitones)


def deliveries(speech: SpeechOf) -> dict[str, SpeechOf]:
    """Return clips at each of ``TEMPOS`` and ``SEMITONES``, by what reports call it."""
    tempos: dict[str, SpeechOf] = {f"{t:g} times as fast": Delivered(speech, t) for t in TEMPOS}
    return tempos | {f"{s:+g} semitones": Delivered(speech, semitones=s) for s in SEMITONES}


def film_like(speech: SpeechOf, backgrounds: Backgrounds) -> Changed:
    """Return clips as they might sound in a film."""
    chain = FilmSound()

    def change(clip: Clip, rng: np.random.Generator) -> NDArray[np.float32]:
        return chain.apply(clip.signal, rng, backgrounds, speech=slice(clip.start, clip.end))

    return Changed(speech, change)


def under(speech: SpeechOf, backgrounds: Backgrounds, *, snr_db: float) -> Changed:
    """Return every other clip under music, the others under noise, so far under the speech.

    A clip has the same background at every distance.
    """

    def change(clip: Clip, rng: np.random.Generator) -> NDArray[np.float32]:
        sounds = backgrounds.music if rng.uniform() < 0.5 else backgrounds.noise
        chosen = sounds[int(rng.integers(len(sounds)))].stretch(len(clip.signal), rng)
        return mix(clip.signal, chosen, speech=slice(clip.start, clip.end), snr_db=snr_db)

    return Changed(speech, change)
