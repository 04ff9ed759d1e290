"""A scene's windows laid flat: what was heard at each moment, overlaps counted once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.scan.result import Turn, WindowResult

_TOUCHING_S: Final = 1e-5
_ROUNDING_S: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, seconds in the clip's time, over which one distribution holds."""

    start_s: float
    end_s: float
    probabilities: tuple[float, ...]

    @property
    def length_s(self) -> float:
        """How long it lasts."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time over which one emotion is the strongest; ``share`` is its mean there."""

    start_s: float
    end_s: float
    emotion: Emotion
    share: float


def lay_flat(windows: Iterable[WindowResult]) -> tuple[Span, ...]:
    """Return spans in order that do not overlap; where windows do, their mean distribution."""
    todo = sorted((w for w in windows if w.end_s > w.start_s), key=lambda w: w.start_s)
    edges = sorted({edge for window in todo for edge in (window.start_s, window.end_s)})
    spans: list[Span] = []
    active: list[WindowResult] = []
    waiting = iter([*todo, None])
    upcoming = next(waiting)
    for start_s, end_s in pairwise(edges):
        active = [window for window in active if window.end_s > start_s]
        while upcoming is not None and upcoming.start_s <= start_s:
            active.append(upcoming)
            upcoming = next(waiting)
        if active:
            spans.append(Span(start_s, end_s, _mean((w.probabilities, 1.0) for w in active)))
    return tuple(spans)


def within(spans: Sequence[Span], *, start_s: float, end_s: float) -> tuple[Span, ...]:
    """Return what of ``spans``, which are in order, lies from ``start_s`` to ``end_s``."""
    first = bisect_right(spans, start_s, key=lambda span: span.end_s)
    last = bisect_left(spans, end_s, key=lambda span: span.start_s)
    return tuple(
        replace(span, start_s=max(span.start_s, start_s), end_s=min(span.end_s, end_s))
        for span in spans[first:last]
    )


def long_turns(turns: Iterable[Turn], *, shortest_s: float) -> tuple[Turn, ...]:
    """Return turns in order, those under ``shortest_s`` given to the one that they touch.

    Touching turns of one voice are one.
    """
    kept: list[Turn] = []
    for turn in sorted(turns, key=lambda turn: turn.start_s):
        last = kept[-1] if kept and turn.start_s - kept[-1].end_s < _TOUCHING_S else None
        short = turn.end_s - turn.start_s < shortest_s
        if last is not None and (short or last.voice == turn.voice):
            kept[-1] = replace(last, end_s=max(last.end_s, turn.end_s))
        elif last is not None and last.end_s - last.start_s < shortest_s:
            kept[-1] = replace(turn, start_s=last.start_s)
        else:
            kept.append(turn)
    return tuple(kept)


def thin(spans: tuple[Span, ...], *, step_s: float) -> tuple[Span, ...]:
    """Return spans no denser than one every ``step_s``, each the mean over its step by time."""
    steps: dict[int, list[Span]] = {}
    for span in spans:
        low, index = span.start_s, int(span.start_s // step_s)
        while low < span.end_s:
            index += 1
            high = index * step_s
            if high > span.end_s - _ROUNDING_S:
                high = span.end_s
            if high > low:
                steps.setdefault(index, []).append(Span(low, high, span.probabilities))
                low = high
    return tuple(_joined(parts) for _, parts in sorted(steps.items()))


def stretches(spans: Iterable[Span], *, shortest_s: float = 0.0) -> tuple[Stretch, ...]:
    """Merge touching spans with the same strongest emotion.

    A stretch under ``shortest_s`` joins the one that touches it, the next or else the previous:
    nobody can read a caption that flickers.
    """
    groups: list[_Group] = []
    for span in spans:
        last = groups[-1] if groups else None
        if last is not None and last.touches(span.start_s) and last.takes(span, shortest_s):
            last.add(span.start_s, span.end_s, span.probabilities)
        else:
            groups.append(_Group(span.start_s))
            groups[-1].add(span.start_s, span.end_s, span.probabilities)
    return tuple(group.stretch() for group in _absorb(groups, shortest_s=shortest_s))


class _Group:
    """Spans being merged: their time and the integral of their distributions over it."""

    def __init__(self, start_s: float) -> None:
        self.start_s = self.end_s = start_s
        self.sums = [0.0] * len(EMOTIONS)

    @property
    def length_s(self) -> float:
        return self.end_s - self.start_s

    def touches(self, start_s: float) -> bool:
        return start_s - self.end_s < 1e-6

    def takes(self, span: Span, shortest_s: float) -> bool:
        return self.length_s < shortest_s or strongest(self.sums) == strongest(span.probabilities)

    def add(self, start_s: float, end_s: float, probabilities: Sequence[float]) -> None:
        self.end_s = end_s
        for index, probability in enumerate(probabilities):
            self.sums[index] += probability * (end_s - start_s)

    def stretch(self) -> Stretch:
        emotion = strongest(self.sums)
        share = self.sums[EMOTIONS.index(emotion)] / self.length_s
        return Stretch(self.start_s, self.end_s, emotion, share)


def _absorb(groups: list[_Group], *, shortest_s: float) -> list[_Group]:
    """Give what is still too short to the group before it, where they touch."""
    kept: list[_Group] = []
    for group in groups:
        before = kept[-1] if kept and kept[-1].touches(group.start_s) else None
        if before is not None and group.length_s < shortest_s:
            means = [total / group.length_s for total in group.sums]
            before.add(group.start_s, group.end_s, means)
        else:
            kept.append(group)
    return kept


def strongest(probabilities: Sequence[float]) -> Emotion:
    """Return the emotion with the largest probability, the first of equals."""
    return EMOTIONS[max(range(len(EMOTIONS)), key=probabilities.__getitem__)]


def _joined(parts: list[Span]) -> Span:
    mean = _mean((part.probabilities, part.length_s) for part in parts)
    return replace(parts[0], end_s=parts[-1].end_s, probabilities=mean)


def _mean(weighted: Iterable[tuple[tuple[float, ...], float]]) -> tuple[float, ...]:
    pairs = list(weighted)
    total = sum(weight for _, weight in pairs)
    return tuple(
        sum(values[index] * weight for values, weight in pairs) / total
        for index in range(len(pairs[0][0]))
    )
