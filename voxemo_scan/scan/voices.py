"""Voices told apart: prints become turns of voices, with how sure it is who speaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.scan.voice_model import VoiceModelOptions, voice_posteriors
from voxemo_scan.speech.segments import Segment


@dataclass(frozen=True, slots=True)
class VoiceOptions:
    """Whether and how voices are told apart.

    A voice of less than ``shortest_s`` of speech is none of its own. Voices are told only where
    they are as sure as ``least_confidence``, 0..1.
    """

    tell: bool = True
    model: VoiceModelOptions = field(default_factory=VoiceModelOptions)
    shortest_s: float = 1.0
    least_confidence: float = 0.6


@dataclass(frozen=True)
class TimedPrints:
    """Voiceprints in a clip's time, in order.

    ``vectors``: [prints, dims]; ``times_s``: [prints], each one's middle; ``segments``: [prints],
    the number of its segment; ``between``: [dims], the variance of voices where that of one
    voice's prints is 1.
    """

    vectors: NDArray[np.float64]
    times_s: NDArray[np.float64]
    segments: NDArray[np.int64]
    between: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class VoiceTurn:
    """From when to when, seconds of the clip's time, one voice speaks; its number, from 0."""

    start_s: float
    end_s: float
    voice: int


@dataclass(frozen=True)
class ToldVoices:
    """The voices of a clip, most speech first.

    ``turns`` do not overlap and cover all segments, but for those of voices left out; ``centres``:
    [voices, dims], the mean of each voice's prints; ``confidences``: [voices], how sure it is that
    its turns are its own, 0..1.
    """

    turns: tuple[VoiceTurn, ...]
    centres: NDArray[np.float64]
    confidences: tuple[float, ...]

    def seconds(self, voice: int) -> float:
        """Return for how long a voice speaks."""
        return sum(turn.end_s - turn.start_s for turn in self.turns if turn.voice == voice)

    def only(self, voices: Sequence[int]) -> ToldVoices:
        """Return some of the voices, in this order and numbered anew, and their turns."""
        number = {voice: n for n, voice in enumerate(voices)}
        return ToldVoices(
            tuple(
                replace(turn, voice=number[turn.voice])
                for turn in self.turns
                if turn.voice in number
            ),
            self.centres[list(voices)],
            tuple(self.confidences[voice] for voice in voices),
        )


def tell_apart(
    prints: TimedPrints, segments: Sequence[Segment], *, options: VoiceOptions
) -> ToldVoices:
    """Return who speaks when.

    Args:
        prints: at least one in every segment.
        segments: where there is speech, in order.
        options: how voices are told apart.
    """
    begins = np.diff(prints.segments, prepend=-1) > 0
    found = voice_posteriors(
        prints.vectors, between=prints.between, begins=begins, options=options.model
    )
    lengths_s = _lengths(prints, segments)
    found = _without_short(found, lengths_s, shortest_s=options.shortest_s)
    order = np.argsort(-_spoken(found, lengths_s), kind="stable")
    found = found[:, order]
    labels = found.argmax(axis=1)
    return ToldVoices(
        turns=_turns(prints, labels, segments),
        centres=np.stack([prints.vectors[labels == n].mean(axis=0) for n in range(len(order))]),
        confidences=tuple(float(found[labels == n, n].mean()) for n in range(len(order))),
    )


def _bounds(times_s: NDArray[np.float64], segment: Segment) -> NDArray[np.float64]:
    """Return where each print's part of its segment starts, and the segment's end."""
    between = (times_s[:-1] + times_s[1:]) / 2
    return np.concatenate([[segment.start_s], between, [segment.end_s]])


def _lengths(prints: TimedPrints, segments: Sequence[Segment]) -> NDArray[np.float64]:
    """Return how many seconds of speech each print stands for."""
    parts = [
        np.diff(_bounds(prints.times_s[prints.segments == n], segment))
        for n, segment in enumerate(segments)
    ]
    return np.concatenate(parts)


def _spoken(found: NDArray[np.float64], lengths_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return for how many seconds each voice is the likeliest."""
    return np.asarray(
        np.bincount(found.argmax(axis=1), weights=lengths_s, minlength=found.shape[1]),
        dtype=np.float64,
    )


def _without_short(
    found: NDArray[np.float64], lengths_s: NDArray[np.float64], *, shortest_s: float
) -> NDArray[np.float64]:
    """Give the time of voices that hardly speak to the likeliest of the others."""
    while found.shape[1] > 1:
        spoken_s = _spoken(found, lengths_s)
        shortest = int(spoken_s.argmin())
        if spoken_s[shortest] >= shortest_s:
            break
        found = np.delete(found, shortest, axis=1) + 1e-12
        found = found / found.sum(axis=1, keepdims=True)
    return found


def _turns(
    prints: TimedPrints, labels: NDArray[np.int64], segments: Sequence[Segment]
) -> tuple[VoiceTurn, ...]:
    turns: list[VoiceTurn] = []
    for n, segment in enumerate(segments):
        own = prints.segments == n
        bounds = _bounds(prints.times_s[own], segment).tolist()
        for start_s, end_s, voice in zip(bounds, bounds[1:], labels[own].tolist(), strict=False):
            if turns and turns[-1].voice == voice and turns[-1].end_s == start_s:
                start_s = turns.pop().start_s  # noqa: PLW2901  (the turn goes on)
            turns.append(VoiceTurn(start_s, end_s, voice))
    return tuple(turns)
