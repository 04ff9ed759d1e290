"""A run's overview: each scene's shares in a row, with the largest one's interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.report import wording
from voxemo_scan.report.document import Report, ReportScene
from voxemo_scan.report.figures.lettering import wrapped
from voxemo_scan.report.figures.parts import (
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
    paint,
)
from voxemo_scan.report.figures.style import BODY_PT, SMALL_PT, WIDTH_IN, on
from voxemo_scan.report.palette import LIGHT
from voxemo_scan.scan.result import SceneResult
from voxemo_scan.text import clean, clock, percent, whole_percents

MOST_ROWS: Final = 20
_LEFT_IN: Final = 1.75
_RIGHT_IN: Final = 1.55
_PLOT_IN: Final = WIDTH_IN - _LEFT_IN - _RIGHT_IN
_ROW_IN: Final = 0.43
_TICKS_IN: Final = 0.22
_SAYS: Final = (
    "Shares of speech time by expressed emotion, as heard in the voices; at the right the largest "
    "with its 95 % interval."
)
_PUBLISHED: Final = " The thin bars are published figures."


def draw_overview(scenes: Sequence[ReportScene], *, report: Report, page: str = "") -> Figure:
    """Return ``scenes`` of ``report`` as rows of stacked shares."""
    title = clean(report.manifest_name) + page
    about = wording.outcome(report)
    plot_in = _ROW_IN * len(scenes)
    top_in = heading_in(title, about=about) + KEY_LINE_IN
    figure = Figure(figsize=(WIDTH_IN, top_in + plot_in + _TICKS_IN + FOOT_IN))
    names: dict[Emotion, str] = {emotion: emotion for emotion in EMOTIONS}
    at_in = key(figure, names, top_in=heading(figure, title, about=about))
    axes = axes_at(figure, left_in=_LEFT_IN, top_in=at_in, width_in=_PLOT_IN, height_in=plot_in)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(scenes), 0)
    for row, scene in enumerate(scenes):
        _draw_row(axes, scene, row=row)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100 %"])
    axes.set_yticks([row + 0.5 for row in range(len(scenes))], [_name(s.result) for s in scenes])
    axes.tick_params(axis="y", length=0, labelsize=BODY_PT, pad=4)
    bare(axes, keep=("bottom",))
    published = any(scene.published for scene in scenes)
    footnote(figure, report, says=_SAYS + (_PUBLISHED if published else ""))
    return figure


def _draw_row(axes: Axes, scene: ReportScene, *, row: int) -> None:
    result = scene.result
    if result.status != "ok":
        axes.text(0.01, row + 0.5, _why(result), va="center", style="italic", color=LIGHT.muted)
    else:
        _draw_shares(axes, result, row=row)
    if scene.published:
        _draw_published(axes, scene, row=row)
    axes.text(
        1.02, row + 0.5, _beside(scene), va="center", fontsize=SMALL_PT, linespacing=1.3,
        clip_on=False,
    )  # fmt: skip


def _draw_shares(axes: Axes, result: SceneResult, *, row: int) -> None:
    figures = whole_percents(result.shares)
    left = 0.0
    for emotion in EMOTIONS:
        share = result.shares.get(emotion, 0.0)
        axes.barh(row + 0.46, share, left=left, height=0.58, **paint(emotion))
        for text in (f"{emotion} {figures.get(emotion, 0)}", str(figures.get(emotion, 0))):
            if fitting(text, within_in=share * _PLOT_IN - 0.08):
                _draw_label(axes, text, emotion, (left + share / 2, row + 0.46))
                break
        left += share


def _draw_label(axes: Axes, text: str, emotion: Emotion, place: tuple[float, float]) -> None:
    ground = {"facecolor": LIGHT.emotions[emotion], "edgecolor": "none", "pad": 1.2}
    axes.text(
        *place, text, ha="center", va="center", fontsize=SMALL_PT, color=on(emotion), bbox=ground
    )


def _draw_published(axes: Axes, scene: ReportScene, *, row: int) -> None:
    left = 0.0
    for emotion in EMOTIONS:
        share = min(scene.published.get(emotion, 0.0), 1 - left)
        axes.barh(row + 0.84, share, left=left, height=0.13, **paint(emotion))
        left += share


def _beside(scene: ReportScene) -> str:
    """Return the largest share with its interval, the speech, the verdict, what is published."""
    result = scene.result
    lines = []
    if result.dominant is not None:
        share = whole_percents(result.shares)[result.dominant]
        interval = wording.interval(result, result.dominant)
        lines.append(f"{result.dominant} {share} %" + (f" ({interval})" if interval else ""))
    verdict = "" if scene.verdict == "not-checked" else wording.VERDICTS[scene.verdict]
    spoken = f"{clock(result.speech_s)} speech" if result.status == "ok" else ""
    lines.append(", ".join(part for part in (spoken, verdict) if part))
    if scene.published:
        largest = max(scene.published, key=scene.published.__getitem__)
        lines.append(f"published: {largest} {percent(scene.published[largest])}")
    return "\n".join(line for line in lines if line)


def _why(result: SceneResult) -> str:
    if result.status == "no-speech":
        return "no speech found"
    text = f"not analysed: {clean(result.error or 'no reason given')}"
    return wrapped(text, within_in=_PLOT_IN - 0.1, size_pt=BODY_PT, lines=2)


def _name(result: SceneResult) -> str:
    title = clean(result.title) or clean(result.source)
    within_in = _LEFT_IN - EDGE_IN - 0.1
    return wrapped(title, within_in=within_in, size_pt=BODY_PT, lines=2)
