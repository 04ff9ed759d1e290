"""Composing a scene of single clips: voices that take turns, pause, and sometimes overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.audio.level import gain, level_db
from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.scan.result import Gender
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.film.backgrounds import Backgrounds
from voxemo_scan.training.judge import Clip
from voxemo_scan.training.levels import SpeechOf
from voxemo_scan.training.scenes.recipe import SceneRecipe
from voxemo_scan.training.scenes.script import Cast, draw_cast, speaker_name, write_script
from voxemo_scan.training.signals import SAMPLING_RATE

VOICE_LEVEL_DB: Final = -24.0
"""The level that voices are brought to, before they are made to differ."""
_MARGIN_S: Final = 0.4
"""A clip's own sound around its speech that comes into the scene with it, at most."""
_FADE_S: Final = 0.02
_PEAK: Final = 0.98


@dataclass(frozen=True, slots=True)
class Turn:
    """What one voice says without a pause; seconds of the scene. ``speaker`` names the corpus."""

    start_s: float
    end_s: float
    speaker: str
    emotion: Emotion
    gender: Gender | None


@dataclass(frozen=True)
class ComposedScene:
    """A scene and the truth about it.

    ``signal``: float32, [samples], mono, -1..1, 16 kHz; ``turns``: by start, one a clip.
    """

    signal: NDArray[np.float32]
    turns: tuple[Turn, ...]

    @property
    def speakers(self) -> tuple[str, ...]:
        """Return who speaks, by name."""
        return tuple(sorted({turn.speaker for turn in self.turns}))

    @property
    def shares(self) -> dict[Emotion, float]:
        """Return the fraction of speech time of each emotion; overlaps count for both voices."""
        seconds = dict.fromkeys(EMOTIONS, 0.0)
        for turn in self.turns:
            seconds[turn.emotion] += turn.end_s - turn.start_s
        total = sum(seconds.values())
        return {emotion: each / total for emotion, each in seconds.items()}


def compose(
    recipe: SceneRecipe,
    *,
    utterances: Sequence[Utterance],
    signals: SpeechOf,
    backgrounds: Backgrounds | None = None,
    seed: int,
) -> ComposedScene:
    """Return the scene of ``recipe`` and ``seed``: the same one every time.

    Args:
        recipe: what it is composed of.
        utterances: the clips to choose from, in any order; those outside the six emotions are
            passed over.
        signals: their sound.
        backgrounds: what may lie under the scene, needed if the recipe has it sound like film.
        seed: tells scenes of one recipe apart.

    Raises:
        UsageError: no corpus has so many voices.
    """
    rng = np.random.default_rng([seed, *recipe.name.encode()])
    voices = draw_cast(utterances, voices=recipe.voices, rng=rng)
    script = write_script(recipe, voices, rng)
    clips = _levelled(script, voices, signals, spread_db=recipe.level_db, rng=rng)
    starts = _starts(recipe, script, clips, rng)
    signal = _lay(clips, starts, tail=round(rng.uniform(*recipe.pause_s) * SAMPLING_RATE))
    turns = tuple(
        _turn(utterance, clip, start)
        for utterance, clip, start in zip(script, clips, starts, strict=True)
    )
    if recipe.film is not None:
        if backgrounds is None:
            raise ValueError("scenes that sound like film need backgrounds")
        signal = recipe.film.apply(signal, rng, backgrounds, speech=_spoken(turns, len(signal)))
    peak = float(np.abs(signal).max(initial=0.0))
    quieter = np.float32(min(1.0, _PEAK / max(peak, _PEAK)))
    return ComposedScene(quieter * signal, tuple(sorted(turns, key=lambda turn: turn.start_s)))


def _levelled(
    script: Sequence[Utterance],
    cast: Cast,
    signals: SpeechOf,
    *,
    spread_db: float,
    rng: np.random.Generator,
) -> list[Clip]:
    """Return the script's clips, each voice brought to its level by all of the voice's clips.

    How loud one of a voice's clips is beside another stays as it is.
    """
    factors = {
        name: gain(
            from_db=level_db(signals.of(u) for u in clips),
            to_db=VOICE_LEVEL_DB + float(rng.uniform(-spread_db, spread_db)),
        )
        for name, clips in cast.items()
    }
    return [_trimmed(signals.clip(u), factors[speaker_name(u)]) for u in script]


def _trimmed(clip: Clip, factor: np.float32) -> Clip:
    """Return the clip with little around its speech, faded in and out."""
    margin, fade = round(_MARGIN_S * SAMPLING_RATE), round(_FADE_S * SAMPLING_RATE)
    first, last = max(0, clip.start - margin), min(len(clip.signal), clip.end + margin)
    signal = factor * clip.signal[first:last]
    fade = min(fade, len(signal) // 2)
    ramp = np.linspace(0.0, 1.0, fade, dtype=np.float32)
    signal[:fade] *= ramp
    signal[len(signal) - fade :] *= ramp[::-1]
    return Clip(signal, clip.start - first, clip.end - first)


def _starts(
    recipe: SceneRecipe,
    script: Sequence[Utterance],
    clips: Sequence[Clip],
    rng: np.random.Generator,
) -> list[int]:
    """Return the sample of the scene at which each clip's speech starts."""
    starts: list[int] = []
    at = 0
    for number, (utterance, clip) in enumerate(zip(script, clips, strict=True)):
        gap_s = float(rng.uniform(*recipe.pause_s))
        changes = number > 0 and speaker_name(script[number - 1]) != speaker_name(utterance)
        if changes and rng.uniform() < recipe.overlap:
            shorter = min(len(clips[number - 1].speech), len(clip.speech)) / SAMPLING_RATE
            gap_s = -min(float(rng.uniform(*recipe.overlap_s)), 0.5 * shorter)
        start = at + round(gap_s * SAMPLING_RATE)
        starts.append(start)
        at = max(at, start + len(clip.speech))
    return starts


def _lay(clips: Sequence[Clip], starts: Sequence[int], *, tail: int) -> NDArray[np.float32]:
    """Return the clips' sum, each with its speech at its start, ``tail`` samples after the last."""
    total = max(start + len(clip.speech) for start, clip in zip(starts, clips, strict=True)) + tail
    signal = np.zeros(total, dtype=np.float32)
    for start, clip in zip(starts, clips, strict=True):
        first = start - clip.start
        inside = slice(max(0, -first), min(len(clip.signal), total - first))
        signal[first + inside.start : first + inside.stop] += clip.signal[inside]
    return signal


def _turn(utterance: Utterance, clip: Clip, start: int) -> Turn:
    return Turn(
        start_s=start / SAMPLING_RATE,
        end_s=(start + len(clip.speech)) / SAMPLING_RATE,
        speaker=speaker_name(utterance),
        emotion=cast("Emotion", utterance.emotion),  # others are not cast
        gender=utterance.gender,
    )


def _spoken(turns: Sequence[Turn], samples: int) -> NDArray[np.bool_]:
    """Say of each sample whether anybody speaks."""
    spoken = np.zeros(samples, dtype=np.bool_)
    for turn in turns:
        spoken[round(turn.start_s * SAMPLING_RATE) : round(turn.end_s * SAMPLING_RATE)] = True
    return spoken
