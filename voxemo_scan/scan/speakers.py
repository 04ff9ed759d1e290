"""The voices of a scene as its result tells them: each one's shares, gender and turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.scan.estimate import estimate_point
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.passages import PlannedPassage
from voxemo_scan.scan.result import SWITCHED_OFF, Gender, SceneResult, Speaker, Turn
from voxemo_scan.scan.shares import by_emotion
from voxemo_scan.scan.voices import TimedPrints, ToldVoices, VoiceOptions, tell_apart
from voxemo_scan.speech.detector import SAMPLING_RATE
from voxemo_scan.speech.segments import Segment
from voxemo_scan.speech.windows import Window, speech_weights

if TYPE_CHECKING:
    from voxemo_scan.models.judgement import Prints

NO_PRINTS: Final = "this model does not tell voices apart"
UNSURE: Final = "too unsure who speaks when"
_CLEAR: Final = 0.65
"""A gender is named from this probability on."""
_DIGITS: Final = 6
_CENTRE_DIGITS: Final = 4


@dataclass(frozen=True)
class Told:
    """Who speaks when in a scene; ``parts``: [windows, voices], which fraction of each is whose.

    ``confidences``: [voices], how sure it is that what is a voice's is one voice's, by its prints
    and its windows' gender; ``spread``: [dims], by how much voices differ along each direction of
    their prints.
    """

    voices: ToldVoices
    parts: NDArray[np.float64]
    confidences: tuple[float, ...]
    spread: NDArray[np.float32]

    def sure(self, options: VoiceOptions) -> bool:
        """Return whether it is sure enough who speaks when to say so, and to build on it."""
        spoken_s = [self.voices.seconds(voice) for voice in range(len(self.confidences))]
        return _mean_confidence(self.confidences, spoken_s) >= options.least_confidence

    @property
    def owners(self) -> NDArray[np.int64]:
        """Return the number of the voice that speaks most of each window, -1 where none does."""
        most = self.parts.argmax(axis=1)
        return np.where(self.parts.max(axis=1) > 0, most, -1)


def tell(
    prints: Prints,
    plan: Sequence[PlannedPassage],
    *,
    segments: Sequence[Segment],
    windows: Sequence[Window],
    female: NDArray[np.float64],
    options: ScanOptions,
) -> Told:
    """Return who speaks when, of the voices that speak in a window.

    Args:
        prints: the voiceprints of a scene's passages.
        plan: the passages.
        segments: the scene's segments, in order.
        windows: those that were judged.
        female: how likely each one's voice is a woman's.
        options: how scenes are analysed.
    """
    told = tell_apart(_timed(prints, plan, segments), segments, options=options.voices)
    judged = np.flatnonzero(_parts(windows, told).sum(axis=0) > 0)
    told = told.only(judged.tolist())
    parts = _parts(windows, told)
    seconds = speech_weights(windows)
    confidences = [
        sure * _agreement(female, seconds * part)
        for sure, part in zip(told.confidences, parts.T, strict=True)
    ]
    return Told(told, parts, tuple(confidences), prints.between)


def with_speakers(
    result: SceneResult, told: Told | None, *, window_s: float, options: ScanOptions
) -> SceneResult:
    """Return ``result`` with its voices told apart, or with the reason why they are not.

    Args:
        result: an analysed scene's.
        told: who speaks when, None from a model that does not tell.
        window_s: a window's length.
        options: how scenes are analysed.
    """
    if not options.voices.tell:
        return replace(result, untold=SWITCHED_OFF)
    if told is None:
        return replace(result, untold=NO_PRINTS)
    if not told.sure(options.voices):
        return replace(result, untold=UNSURE)
    voices = [
        _speaker(n, result, told, window_s=window_s, options=options)
        for n in range(len(told.confidences))
    ]
    named = [voices[n].id if n >= 0 else None for n in told.owners.tolist()]
    return replace(
        result,
        speakers=tuple(voices),
        turns=tuple(
            Turn(_rounded(t.start_s), _rounded(t.end_s), voices[t.voice].id)
            for t in told.voices.turns
        ),
        windows=tuple(
            replace(window, voice=name) for window, name in zip(result.windows, named, strict=True)
        ),
        voice_spread=tuple(round(float(each), _CENTRE_DIGITS) for each in told.spread),
    )


def scene_confidence(voices: Sequence[Speaker]) -> float:
    """Return how sure it is who speaks when, 0..1: the voices' confidences, by their speech."""
    return _mean_confidence([v.confidence for v in voices], [v.speech_s for v in voices])


def _mean_confidence(confidences: Sequence[float], spoken_s: Sequence[float]) -> float:
    sure_s = sum(sure * seconds for sure, seconds in zip(confidences, spoken_s, strict=True))
    return sure_s / max(sum(spoken_s), 1e-9)


def letters(number: int) -> str:
    """Return the name of a voice: A, B, ..., Z, AA, AB, ..."""
    before, last = divmod(number, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def _timed(
    prints: Prints, plan: Sequence[PlannedPassage], segments: Sequence[Segment]
) -> TimedPrints:
    """Return the prints in the clip's time, in order."""
    starts_s = np.array([passage.start_s for passage in plan])
    speech_s = np.array([passage.windows[0].start_s for passage in plan])
    times_s = starts_s[prints.passages] + prints.spans.mean(axis=1) / SAMPLING_RATE
    firsts_s = np.array([segment.start_s for segment in segments])
    numbers = np.searchsorted(firsts_s, speech_s[prints.passages] + 1e-3, side="right") - 1
    order = np.lexsort((times_s, numbers))
    return TimedPrints(
        prints.vectors[order], times_s[order], numbers[order], prints.between.astype(np.float64)
    )


def _parts(windows: Sequence[Window], told: ToldVoices) -> NDArray[np.float64]:
    """Return which fraction of each window is each voice's, [windows, voices]."""
    starts = np.array([window.start_s for window in windows])
    ends = np.array([window.end_s for window in windows])
    spoken = [
        _spoken_until(ends, told, voice=n) - _spoken_until(starts, told, voice=n)
        for n in range(len(told.centres))
    ]
    return np.asarray(np.stack(spoken, axis=1) / np.maximum(ends - starts, 1e-9)[:, None])


def _spoken_until(
    times_s: NDArray[np.float64], told: ToldVoices, *, voice: int
) -> NDArray[np.float64]:
    """Return for how many seconds a voice has spoken at each time."""
    own = [turn for turn in told.turns if turn.voice == voice]
    edges = np.array([edge for turn in own for edge in (turn.start_s, turn.end_s)])
    lengths = np.array([length for t in own for length in (0.0, t.end_s - t.start_s)])
    return np.asarray(np.interp(times_s, edges, np.cumsum(lengths)))


def _speaker(
    number: int,
    result: SceneResult,
    told: Told,
    *,
    window_s: float,
    options: ScanOptions,
) -> Speaker:
    windows = [Window(window.start_s, window.end_s) for window in result.windows]
    seconds = speech_weights(windows) * told.parts[:, number]
    own = seconds > 0
    starts_s = [start_s for start_s, _ in result.segments]
    of = np.searchsorted(starts_s, [w.start_s + 1e-3 for w in result.windows], side="right")
    shares = estimate_point(
        np.array([window.probabilities for window in result.windows])[own],
        seconds[own],
        segments=np.unique(of[own], return_inverse=True)[1],
        window_s=window_s,
        options=options,
    )
    women = np.array([window.female for window in result.windows])
    female = _female(women, seconds)
    return Speaker(
        id=letters(number),
        gender=_gender(female),
        female=round(female, _DIGITS),
        speech_s=_rounded(told.voices.seconds(number)),
        shares=by_emotion(shares),
        confidence=round(told.confidences[number], _DIGITS),
        centre=tuple(round(float(each), _CENTRE_DIGITS) for each in told.voices.centres[number]),
    )


def _female(female: NDArray[np.float64], seconds: NDArray[np.float64]) -> float:
    """Return the probability of a woman's voice: the windows' mean log odds, by speech."""
    clipped = np.clip(female, 1e-6, 1 - 1e-6)
    odds = float(seconds @ np.log(clipped / (1 - clipped)) / seconds.sum())
    return float(1.0 / (1.0 + np.exp(-odds)))


def _agreement(female: NDArray[np.float64], seconds: NDArray[np.float64]) -> float:
    """Return how far the windows agree on the voice's gender: 1 if all do, 0 if half and half.

    They are heard by other means than the prints, and bear witness against a voice that is two.
    """
    women_s, men_s = float(seconds @ female), float(seconds @ (1.0 - female))
    return abs(women_s - men_s) / max(women_s + men_s, 1e-9)


def _gender(female: float) -> Gender | None:
    if female >= _CLEAR:
        return "female"
    return "male" if female <= 1.0 - _CLEAR else None


def _rounded(seconds: float) -> float:
    return round(seconds, _DIGITS)
