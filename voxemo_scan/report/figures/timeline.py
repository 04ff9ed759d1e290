"""A scene's timeline: what its voices carry from moment to moment, and who speaks when."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.report import wording
from voxemo_scan.report.document import Report, ReportScene
from voxemo_scan.report.figures.lettering import wrapped
from voxemo_scan.report.figures.parts import (
    AXIS_IN,
    EDGE_IN,
    FOOT_IN,
    KEY_LINE_IN,
    axes_at,
    bare,
    fitting,
    footnote,
    heading,
    heading_in,
    key,
    stack,
)
from voxemo_scan.report.figures.style import BODY_PT, SMALL_PT, WIDTH_IN
from voxemo_scan.report.intervals import Interval, merged, without
from voxemo_scan.report.palette import LIGHT
from voxemo_scan.report.track import Span, lay_flat, stretches, thin
from voxemo_scan.scan.result import SceneResult, Speaker
from voxemo_scan.text import clean, clock, whole_percents

_LEFT_IN: Final = 1.15
_RIGHT_IN: Final = 0.28
_PLOT_IN: Final = WIDTH_IN - _LEFT_IN - _RIGHT_IN
_STACK_IN: Final = 1.5
_NAMES_IN: Final = 0.2
_GAP_IN: Final = 0.06
_LANE_IN: Final = 0.18
_MOST_LANES: Final = 8
_MOST_SPANS: Final = 400
_COLUMNS: Final = 150
_CRUMBS: Final = 400
_MOST_TICKS: Final = 10
_STEPS_S: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_SAYS: Final = (
    "Expressed emotion, as heard in the voices; behind each emotion its share of speech time with "
    "the 95 % interval. Blank: no speech, or speech that was not judged, which is hatched below."
)


def draw_timeline(scene: ReportScene, *, report: Report) -> Figure:
    """Return the timeline of a scene that was heard.

    From the top: the shares, the distribution at each moment with the names of those that
    dominate, speech (hatched where it was not judged), and a lane for each voice told apart.
    """
    result = scene.result
    title = clean(result.title) or clean(result.source)
    about = _about(result)
    lanes = _lanes(result)
    top_in = heading_in(title, about=about) + 2 * KEY_LINE_IN + _NAMES_IN
    plots_in = _STACK_IN + _GAP_IN + _LANE_IN * len(lanes)
    figure = Figure(figsize=(WIDTH_IN, top_in + plots_in + AXIS_IN + FOOT_IN))
    at_in = heading(figure, title, about=about)
    at_in = key(figure, _shares(result), top_in=at_in, columns=3) + _NAMES_IN
    length_s = _length_s(result)
    axes = axes_at(figure, left_in=_LEFT_IN, top_in=at_in, width_in=_PLOT_IN, height_in=_STACK_IN)
    _draw_stack(axes, result, length_s=length_s)
    below = axes_at(
        figure, left_in=_LEFT_IN, top_in=at_in + _STACK_IN + _GAP_IN,
        width_in=_PLOT_IN, height_in=_LANE_IN * len(lanes),
    )  # fmt: skip
    _draw_lanes(below, lanes, length_s=length_s)
    footnote(figure, report, says=_SAYS + _columns_note(result, length_s=length_s))
    return figure


def _about(result: SceneResult) -> str:
    parts = (wording.source_range, wording.speech_time, wording.voices_listing)
    return " · ".join(text for part in parts if (text := part(result)))


def _shares(result: SceneResult) -> dict[Emotion, str]:
    """Return ``angry 45 % (38-52 %)`` for each emotion."""
    figures = whole_percents(result.shares)
    return {
        emotion: f"{emotion} {figures.get(emotion, 0)} % ({wording.interval(result, emotion)})"
        for emotion in EMOTIONS
    }


def _length_s(result: SceneResult) -> float:
    ends = [end for _, end in result.segments] + [window.end_s for window in result.windows]
    return max(result.duration_s, *ends, 0.001)


def _draw_stack(axes: Axes, result: SceneResult, *, length_s: float) -> None:
    spans = _spans(result, length_s=length_s)
    stack(axes, spans)
    axes.set_xlim(0, length_s)
    axes.set_yticks([0, 0.5, 1], ["0", "50", "100 %"])
    axes.set_ylabel("probability", fontsize=BODY_PT, labelpad=2)
    axes.set_xticks([])
    bare(axes, keep=("left", "bottom"))
    for part in stretches(spans, shortest_s=length_s / 60):
        middle_s = (part.start_s + part.end_s) / 2
        room_in = (part.end_s - part.start_s) / length_s * _PLOT_IN
        if fitting(part.emotion, within_in=room_in):
            above: dict[str, Any] = {"transform": axes.get_xaxis_transform(), "clip_on": False}
            ends = (
                part.start_s + 0.02 * length_s / _PLOT_IN,
                part.end_s - 0.02 * length_s / _PLOT_IN,
            )
            axes.plot(ends, (1.025, 1.025), color=LIGHT.ink, linewidth=0.7, **above)
            axes.text(
                middle_s, 1.04, part.emotion, ha="center", va="bottom", fontsize=SMALL_PT, **above
            )


def _spans(result: SceneResult, *, length_s: float) -> tuple[Span, ...]:
    """Return what is drawn: each moment's distribution, in a long scene each column's mean."""
    flat = lay_flat(result.windows)
    if len(flat) <= _MOST_SPANS:
        return flat
    step_s = length_s / _COLUMNS
    columns = ((int((s.start_s + s.end_s) / 2 / step_s), s) for s in thin(flat, step_s=step_s))
    return tuple(
        replace(span, start_s=number * step_s, end_s=(number + 1) * step_s)
        for number, span in columns
    )


def _columns_note(result: SceneResult, *, length_s: float) -> str:
    if len(lay_flat(result.windows)) <= _MOST_SPANS:
        return ""
    return f" A column is the mean of what is said in {length_s / _COLUMNS:.0f} s."


def _lanes(result: SceneResult) -> list[tuple[str, list[Interval], list[Interval]]]:
    """Return names, times that are sure and times that are hatched, from the top down."""
    segments = merged(part for part in result.segments if part[1] > part[0])
    heard = [(w.start_s, w.end_s) for w in result.windows if w.end_s > w.start_s]
    silent = without(segments, taken=heard)
    length_s = _length_s(result)
    silent = [(start, end) for start, end in silent if end - start > length_s / _CRUMBS]
    lanes = [("speech", without(segments, taken=silent), silent)]
    for name, voices in _groups(result.speakers):
        turns = ((t.start_s, t.end_s) for t in result.turns if t.voice in voices)
        lanes.append((name, merged(turns), []))
    return lanes


def _groups(speakers: Sequence[Speaker]) -> Iterator[tuple[str, set[str]]]:
    """Yield a name for each voice, most speech first; those after the first few share the last."""
    few = len(speakers) if len(speakers) <= _MOST_LANES else _MOST_LANES - 1
    for speaker in speakers[:few]:
        yield clean(wording.speaker_name(speaker)), {speaker.id}
    if few < len(speakers):
        yield f"{len(speakers) - few} other voices", {speaker.id for speaker in speakers[few:]}


def _draw_lanes(
    axes: Axes, lanes: list[tuple[str, list[Interval], list[Interval]]], *, length_s: float
) -> None:
    for place, (_, sure, hatched) in enumerate(lanes):
        axes.broken_barh(_bars(sure), (place + 0.2, 0.6), facecolor=LIGHT.ink, linewidth=0)
        axes.broken_barh(
            _bars(hatched), (place + 0.2, 0.6), facecolor=LIGHT.paper, hatch="//////",
            edgecolor=LIGHT.muted, linewidth=0.5,
        )  # fmt: skip
    names = [_lane_name(name) for name, _, _ in lanes]
    axes.set_yticks([place + 0.5 for place in range(len(lanes))], names)
    axes.set_ylim(len(lanes), 0)
    axes.set_xlim(0, length_s)
    axes.tick_params(axis="y", length=0)
    ticks_s = _ticks_s(length_s)
    axes.set_xticks(ticks_s, [clock(at_s) for at_s in ticks_s])
    unit = "h:min:s" if length_s >= 3600 else "min:s"
    axes.set_xlabel(f"time in the scene ({unit})", fontsize=BODY_PT, labelpad=2)
    bare(axes, keep=("bottom",))


def _ticks_s(length_s: float) -> list[float]:
    """Return round times, at most about ten."""
    hours = math.ceil(length_s / 3600 / _MOST_TICKS)
    step_s = next((step for step in _STEPS_S if length_s / step <= _MOST_TICKS), 3600 * hours)
    return [float(number * step_s) for number in range(int(length_s / step_s) + 1)]


def _lane_name(name: str) -> str:
    return wrapped(name, within_in=_LEFT_IN - EDGE_IN - 0.1, size_pt=SMALL_PT)


def _bars(parts: list[Interval]) -> list[tuple[float, float]]:
    return [(start, end - start) for start, end in parts]
