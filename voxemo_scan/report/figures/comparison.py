"""Scenes side by side on normalised time: how each goes from its beginning to its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.report.document import Report, ReportScene
from voxemo_scan.report.figures.lettering import wrapped, write
from voxemo_scan.report.figures.parts import (
    AXIS_IN,
    EDGE_IN,
    FOOT_IN,
    KEY_LINE_IN,
    axes_at,
    bare,
    footnote,
    heading,
    heading_in,
    key,
    stack,
)
from voxemo_scan.report.figures.style import BODY_PT, WIDTH_IN
from voxemo_scan.report.palette import LIGHT
from voxemo_scan.report.track import Span, lay_flat, thin
from voxemo_scan.scan.result import SceneResult
from voxemo_scan.text import clean, clock

MOST_ROWS: Final = 10
_LEFT_IN: Final = 1.75
_PLOT_IN: Final = WIDTH_IN - _LEFT_IN - 0.2
_ROW_IN: Final = 0.62
_GAP_IN: Final = 0.12
_STEPS: Final = 100
_MEAN_STEPS: Final = 25
_SAYS: Final = (
    "Expressed emotion, as heard in the voices, from each scene's beginning (0 %) to its end "
    "(100 %): the mean distribution over each hundredth of it. Blank: no speech, or speech that "
    "was not judged."
)


def draw_comparison(
    scenes: Sequence[ReportScene], *, report: Report, page: str = "", mean: bool = True
) -> Figure:
    """Return ``scenes`` of ``report`` below one another on one axis, 0 to 100 %.

    ``mean`` adds, below, the mean of all of the report's scenes: each counts alike wherever it
    speaks.
    """
    courses = [normalised(scene.result) for scene in scenes]
    names = [_name(scene.result) for scene in scenes]
    everyone = heard(report)
    if mean and len(everyone) > 1:
        courses.append(mean_course([normalised(scene.result) for scene in everyone]))
        names.append(f"Mean of {len(everyone)} scenes\n(by 4 %)")
    title = f"{clean(report.manifest_name)}: scenes compared{page}"
    rows_in = (_ROW_IN + _GAP_IN) * len(courses)
    top_in = heading_in(title) + KEY_LINE_IN + _GAP_IN / 2
    figure = Figure(figsize=(WIDTH_IN, top_in + rows_in - _GAP_IN + AXIS_IN + FOOT_IN))
    keyed: dict[Emotion, str] = {emotion: emotion for emotion in EMOTIONS}
    at_in = key(figure, keyed, top_in=heading(figure, title)) + _GAP_IN / 2
    for row, (name, course) in enumerate(zip(names, courses, strict=True)):
        last = row == len(courses) - 1
        _draw_row(figure, name, course, top_in=at_in + row * (_ROW_IN + _GAP_IN), last=last)
    footnote(figure, report, says=_SAYS)
    return figure


def heard(report: Report) -> list[ReportScene]:
    """Return the scenes that have a course."""
    return [scene for scene in report.scenes if scene.result.windows]


def normalised(result: SceneResult) -> tuple[Span, ...]:
    """Return the scene's distributions with its length as 1, by hundredths of it."""
    flat = lay_flat(result.windows)
    length_s = max(result.duration_s, flat[-1].end_s) if flat else 1.0
    spans = (replace(s, start_s=s.start_s / length_s, end_s=s.end_s / length_s) for s in flat)
    return thin(tuple(spans), step_s=1 / _STEPS)


def mean_course(courses: Sequence[Sequence[Span]]) -> tuple[Span, ...]:
    """Return the mean distribution over each 25th of the time, of the scenes that speak in it."""
    steps: list[list[tuple[float, ...]]] = [[] for _ in range(_MEAN_STEPS)]
    for course in courses:
        for span in thin(tuple(course), step_s=1 / _MEAN_STEPS):
            middle = (span.start_s + span.end_s) / 2
            steps[min(int(middle * _MEAN_STEPS), _MEAN_STEPS - 1)].append(span.probabilities)
    return tuple(
        Span(step / _MEAN_STEPS, (step + 1) / _MEAN_STEPS, _mean(found))
        for step, found in enumerate(steps)
        if found
    )


def _mean(distributions: list[tuple[float, ...]]) -> tuple[float, ...]:
    return tuple(sum(values) / len(distributions) for values in zip(*distributions, strict=True))


def _draw_row(
    figure: Figure, name: str, course: Sequence[Span], *, top_in: float, last: bool
) -> None:
    axes: Axes = axes_at(
        figure, left_in=_LEFT_IN, top_in=top_in, width_in=_PLOT_IN, height_in=_ROW_IN
    )
    stack(axes, course)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    axes.set_xticklabels(["0", "25", "50", "75", "100 %"] if last else [])
    axes.set_yticks([0, 1], ["0", "100 %"])
    bare(axes, keep=("left", "bottom"))
    if last:
        axes.set_xlabel("time in the scene", fontsize=BODY_PT, labelpad=2)
    write(
        figure, name, left_in=EDGE_IN, top_in=top_in + _ROW_IN / 2, size_pt=BODY_PT, va="center",
        color=LIGHT.ink,
    )  # fmt: skip


def _name(result: SceneResult) -> str:
    title = clean(result.title) or clean(result.source)
    within_in = _LEFT_IN - EDGE_IN - 0.4
    name = wrapped(title, within_in=within_in, size_pt=BODY_PT, lines=3)
    return f"{name}\n{clock(result.duration_s)}"
