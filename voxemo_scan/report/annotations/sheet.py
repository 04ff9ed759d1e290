"""What every annotation format is written from: a scene's marks, in the time base asked for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeVar

from voxemo_scan.emotions import Emotion
from voxemo_scan.report.annotations.frames import FrameRate
from voxemo_scan.report.intervals import merged, without
from voxemo_scan.report.track import lay_flat, long_turns, stretches, within
from voxemo_scan.scan.result import SceneResult, WindowResult
from voxemo_scan.text import clean, percent

TimeBase = Literal["clip", "source"]

_SHORTEST_S: Final = 0.7
"""A caption any shorter cannot be read."""

_FLASH_S: Final = 1e-3
"""No format but a few tells moments apart that are nearer than this."""

_EVEN: Final = 0.5
_SUREST: Final = 1e-6

Timed = TypeVar("Timed", "Mark", "Label")


@dataclass(frozen=True, slots=True)
class Mark:
    """From when to when one emotion is the strongest, how sure that is (0..1), and whose voice."""

    start_s: float
    end_s: float
    emotion: Emotion
    confidence: float
    voice: str | None = None

    @property
    def text(self) -> str:
        """Return ``angry 47 %``."""
        return f"{self.emotion} {percent(self.confidence)}"

    @property
    def caption(self) -> str:
        """Return ``Voice A: angry 47 %``, without a voice where none is told apart."""
        return f"Voice {self.voice}: {self.text}" if self.voice else self.text


@dataclass(frozen=True, slots=True)
class Label:
    """From when to when something holds, and how sure that is (0..1) where it is known."""

    start_s: float
    end_s: float
    text: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One scene's annotations; all times are seconds in the time base.

    ``start_s`` to ``end_s`` is the scene; ``clip_start_s`` is where the clip lies in its source,
    ``base`` the time base. ``rate`` are the frames that captions and edit marks lie on, None where
    there are none; ``first_frame`` is the number that timecode gives to the time base's 0.
    ``turns`` are the voices told apart; ``speech`` tells ``speech`` from ``abstained``: speech
    that got no verdict.
    """

    name: str
    title: str
    source: str
    created: str
    base: TimeBase
    start_s: float
    end_s: float
    clip_start_s: float
    marks: tuple[Mark, ...] = ()
    turns: tuple[Label, ...] = ()
    genders: tuple[Label, ...] = ()
    speech: tuple[Label, ...] = ()
    rate: FrameRate | None = None
    first_frame: int = 0

    def milliseconds(self, seconds: float) -> int:
        """Return ``seconds`` in whole milliseconds, on a frame where there are frames.

        A frame is written as the first millisecond at which it shows: players that round down and
        players that round to the nearest frame both find it.
        """
        if self.rate is not None:
            return self.rate.milliseconds(self.rate.frame(max(seconds, 0.0)))
        return max(math.floor(seconds * 1000 + 0.5), 0)


def make_sheet(
    result: SceneResult,
    *,
    name: str,
    created: str,
    base: TimeBase = "clip",
    rate: FrameRate | None = None,
    first_frame: int = 0,
) -> Sheet:
    """Return the annotations of ``result``; ``name`` is that of its files, without an ending."""
    shift_s = result.range_start_s if base == "source" else 0.0
    heard = [(window.start_s, window.end_s) for window in result.windows]
    turns = [(turn.start_s, turn.end_s) for turn in result.turns]
    ends = [end for _, end in (*result.segments, *heard, *turns)]
    return Sheet(
        name=name,
        title=clean(result.title) or clean(result.source),
        source=result.source,
        created=created,
        base=base,
        start_s=shift_s,
        end_s=shift_s + max(result.duration_s, *ends, 0.0),
        clip_start_s=result.range_start_s,
        marks=_moved((m for m in _marks(result) if m.end_s - m.start_s >= _FLASH_S), shift_s),
        turns=_moved(_turns(result), shift_s),
        genders=_moved(_genders(result), shift_s),
        speech=_moved(_speech(result), shift_s),
        rate=rate,
        first_frame=first_frame,
    )


def _marks(result: SceneResult) -> Iterator[Mark]:
    """Yield what is to be shown and whose voice it is; each mark is one voice's."""
    spans = lay_flat(result.windows)
    if not result.turns:
        for part in stretches(spans, shortest_s=_SHORTEST_S):
            yield Mark(part.start_s, part.end_s, part.emotion, part.share)
    at_s = 0.0
    for turn in long_turns(result.turns, shortest_s=_SHORTEST_S):
        own = within(spans, start_s=max(turn.start_s, at_s), end_s=turn.end_s)
        at_s = max(at_s, turn.end_s)
        for part in stretches((s for s in own if s.length_s > 0), shortest_s=_SHORTEST_S):
            yield Mark(part.start_s, part.end_s, part.emotion, part.share, clean(turn.voice))


def _turns(result: SceneResult) -> Iterator[Label]:
    """Yield who speaks when, in order, no turn beginning before the one before it has ended."""
    confidence = {speaker.id: speaker.confidence for speaker in result.speakers}
    at_s = 0.0
    for turn in sorted(result.turns, key=lambda turn: turn.start_s):
        start_s = max(turn.start_s, at_s)
        if turn.end_s > start_s:
            yield Label(start_s, turn.end_s, clean(turn.voice), confidence.get(turn.voice))
            at_s = turn.end_s


def _genders(result: SceneResult) -> Iterator[Label]:
    """Yield where a woman's and where a man's voice is heard.

    By voice where voices are told apart, and none for a voice of which it is too unsure; else by
    segment, as the scene's fractions of women and men are.
    """
    if result.turns:
        speakers = {clean(speaker.id): speaker for speaker in result.speakers}
        for turn in _turns(result):
            speaker = speakers.get(turn.text)
            if speaker and speaker.gender:
                yield replace(turn, text=speaker.gender, confidence=_sure(speaker.female))
        return
    for start_s, end_s in merged(part for part in result.segments if part[1] > part[0]):
        inside = [w for w in result.windows if start_s <= (w.start_s + w.end_s) / 2 <= end_s]
        if inside:
            female = _together(inside)
            gender = "female" if female > _EVEN else "male"
            yield Label(start_s, end_s, gender, _sure(female))


def _together(windows: list[WindowResult]) -> float:
    """Return the probability that windows of one voice are a woman's: their mean log odds."""
    odds = total_s = 0.0
    for window in windows:
        female = min(max(window.female, _SUREST), 1 - _SUREST)
        odds += (window.end_s - window.start_s) * math.log(female / (1 - female))
        total_s += window.end_s - window.start_s
    return 1 / (1 + math.exp(-odds / total_s)) if total_s else _EVEN


def _sure(female: float) -> float:
    return max(female, 1 - female)


def _speech(result: SceneResult) -> list[Label]:
    """Return speech that was judged and speech that was not, in order."""
    segments = merged(part for part in result.segments if part[1] > part[0])
    heard = merged((w.start_s, w.end_s) for w in result.windows if w.end_s > w.start_s)
    silent = without(segments, taken=heard)
    labels = [Label(*part, "speech") for part in without(segments, taken=silent)]
    labels += [Label(*part, "abstained") for part in silent]
    return sorted(labels, key=lambda label: label.start_s)


def _moved(items: Iterable[Timed], shift_s: float) -> tuple[Timed, ...]:
    """Return ``items`` later by ``shift_s``."""
    if not shift_s:
        return tuple(items)
    return tuple(
        replace(item, start_s=item.start_s + shift_s, end_s=item.end_s + shift_s) for item in items
    )
