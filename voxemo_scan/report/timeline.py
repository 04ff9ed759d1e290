"""Where everything lies on a scene's timeline: a drawing in numbers, for the page to draw.

Times become fractions of the clip's length; the stacked areas are SVG path data in a box of
``BOX_WIDTH`` x ``BOX_HEIGHT`` that stretches to whatever width the page has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.report.intervals import merged, without
from voxemo_scan.report.track import Span, lay_flat, stretches, thin
from voxemo_scan.scan.result import SceneResult
from voxemo_scan.text import clock

BOX_WIDTH: Final = 2000
BOX_HEIGHT: Final = 200
OTHERS: Final = "\u2026"
_MOST_LANES: Final = 8
_COLUMNS: Final = 300
_TICKS: Final = 10
_STEPS_S: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of time, as fractions of the timeline's width."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the time axis; ``major`` ones stay when the page is narrow."""

    x: float
    label: str
    major: bool


@dataclass(frozen=True, slots=True)
class Name:
    """An emotion's name above the stretch that it dominates."""

    x: float
    width: float
    emotion: Emotion


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything that one scene's timeline shows.

    ``lanes`` are the voices told apart, most speech first, by letter, each with its turns.
    """

    length_s: float
    areas: tuple[tuple[Emotion, str], ...]
    speech: tuple[Bar, ...]
    unjudged: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    names: tuple[Name, ...]
    lanes: tuple[tuple[str, tuple[Bar, ...]], ...] = ()


def draw(result: SceneResult) -> Timeline | None:
    """Return the timeline of a scene, or None when there is nothing to draw.

    ``unjudged`` is speech in which no window gave a verdict.
    """
    ends = [end for _, end in result.segments] + [window.end_s for window in result.windows]
    length_s = max([result.duration_s, *ends])
    if length_s <= 0 or not ends:
        return None
    flat = lay_flat(result.windows)
    spans = thin(flat, step_s=length_s / _COLUMNS) if len(flat) > _COLUMNS else flat
    heard = merged((span.start_s, span.end_s) for span in flat)
    return Timeline(
        length_s=length_s,
        areas=_areas(spans, length_s=length_s),
        speech=_bars(merged(result.segments), length_s=length_s),
        unjudged=_bars(without(merged(result.segments), taken=heard), length_s=length_s),
        ticks=_ticks(length_s),
        names=_names(flat, length_s=length_s),
        lanes=_lanes(result, length_s=length_s),
    )


def _lanes(result: SceneResult, *, length_s: float) -> tuple[tuple[str, tuple[Bar, ...]], ...]:
    """Return a lane for each voice; those after the first few share the last."""
    order = [speaker.id for speaker in result.speakers]
    few = order if len(order) <= _MOST_LANES else order[: _MOST_LANES - 1]
    spoken: dict[str, list[tuple[float, float]]] = {voice: [] for voice in few}
    for turn in result.turns:
        name = turn.voice if turn.voice in few else OTHERS
        spoken.setdefault(name, []).append((turn.start_s, turn.end_s))
    return tuple(
        (voice, _bars(merged(parts), length_s=length_s)) for voice, parts in spoken.items()
    )


def _areas(spans: tuple[Span, ...], *, length_s: float) -> tuple[tuple[Emotion, str], ...]:
    """Return one path per emotion, the six stacked in their order from the bottom up."""
    runs = _runs(spans)
    scale = BOX_WIDTH / length_s
    paths = []
    for index, emotion in enumerate(EMOTIONS):
        data = "".join(_area(run, index=index, scale=scale) for run in runs)
        if data:
            paths.append((emotion, data))
    return tuple(paths)


def _runs(spans: tuple[Span, ...]) -> list[list[Span]]:
    """Return spans in groups that touch."""
    runs: list[list[Span]] = []
    for span in spans:
        if runs and span.start_s - runs[-1][-1].end_s < 1e-6:
            runs[-1].append(span)
        else:
            runs.append([span])
    return runs


def _area(run: list[Span], *, index: int, scale: float) -> str:
    """Return the outline of one emotion over one run: along its top and back along its bottom."""
    steps = [
        (_level(span, index + 1), _level(span, index), round(span.end_s * scale)) for span in run
    ]
    left = round(run[0].start_s * scale)
    outline = [f"M{left} {steps[0][1]}"]
    for top, _, right in steps:
        outline.append(f"V{top}H{right}")
    for position in range(len(steps) - 1, -1, -1):
        back = steps[position - 1][2] if position else left
        outline.append(f"V{steps[position][1]}H{back}")
    return "".join(outline) + "z"


def _level(span: Span, count: int) -> int:
    """Return the height, from the top of the box, of the first ``count`` emotions stacked."""
    return round(BOX_HEIGHT * (1 - min(sum(span.probabilities[:count]), 1.0)))


def _names(flat: tuple[Span, ...], *, length_s: float) -> tuple[Name, ...]:
    shortest_s = length_s / 60
    return tuple(
        Name(
            x=part.start_s / length_s,
            width=(part.end_s - part.start_s) / length_s,
            emotion=part.emotion,
        )
        for part in stretches(flat, shortest_s=shortest_s)
    )


def _bars(parts: Iterable[tuple[float, float]], *, length_s: float) -> tuple[Bar, ...]:
    return tuple(Bar(start / length_s, (end - start) / length_s) for start, end in parts)


def _ticks(length_s: float) -> tuple[Tick, ...]:
    """Return round times along the axis, at most about ten; every third is major."""
    step = next((s for s in _STEPS_S if length_s / s <= _TICKS), _STEPS_S[-1])
    while length_s / step > _TICKS:
        step *= 2
    count = int(length_s / step)
    every = 3 if count > 5 else 1
    return tuple(
        Tick(x=index * step / length_s, label=clock(index * step), major=index % every == 0)
        for index in range(count + 1)
    )
