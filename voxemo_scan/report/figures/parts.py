"""What the figures share: axes placed in inches, stacked emotions, the key to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline

from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.report.document import Report
from voxemo_scan.report.figures.lettering import width_in, wrapped, write
from voxemo_scan.report.figures.style import (
    BODY_PT,
    HATCH_COLOUR,
    HATCHES,
    SMALL_PT,
    TITLE_PT,
    WIDTH_IN,
)
from voxemo_scan.report.palette import LIGHT
from voxemo_scan.report.track import Span
from voxemo_scan.text import clean

EDGE_IN: Final = 0.1
_LINE_IN: Final = 1.25 * TITLE_PT / 72
_SWATCH_IN: Final = 0.2
KEY_LINE_IN: Final = 0.17
AXIS_IN: Final = 0.36
"""How high an axis with its figures and its name is."""

FOOT_IN: Final = 0.4
"""How high the note below a figure is."""


def axes_at(
    figure: Figure, *, left_in: float, top_in: float, width_in: float, height_in: float
) -> Axes:
    """Return new axes, inches from the figure's top left corner."""
    width, height = figure.get_size_inches()
    low = height - top_in - height_in
    return figure.add_axes((left_in / width, low / height, width_in / width, height_in / height))


def heading(figure: Figure, title: str, *, about: str = "") -> float:
    """Write a title of up to two lines and what it is about; return where they end, in inches."""
    inner_in = WIDTH_IN - 2 * EDGE_IN
    text = _title(title)
    write(figure, text, left_in=EDGE_IN, top_in=EDGE_IN, size_pt=TITLE_PT, weight="bold")
    if about:
        line = wrapped(about, within_in=inner_in, size_pt=BODY_PT)
        at_in = EDGE_IN + _LINE_IN * (1 + text.count("\n")) + 0.02
        write(figure, line, left_in=EDGE_IN, top_in=at_in, size_pt=BODY_PT, color=LIGHT.muted)
    return heading_in(title, about=about)


def heading_in(title: str, *, about: str = "") -> float:
    """Return how high ``heading`` is, in inches."""
    lines_in = _LINE_IN * (1 + _title(title).count("\n"))
    return EDGE_IN + lines_in + (KEY_LINE_IN if about else 0) + 0.09


def _title(title: str) -> str:
    inner_in = WIDTH_IN - 2 * EDGE_IN
    return wrapped(title, within_in=inner_in, size_pt=TITLE_PT, lines=2, bold=True)


def key(figure: Figure, names: dict[Emotion, str], *, top_in: float, columns: int = 6) -> float:
    """Draw each emotion's colour and pattern with its name; return where that ends, in inches."""
    width, height = figure.get_size_inches()
    step_in = (WIDTH_IN - 2 * EDGE_IN) / columns
    for place, (emotion, name) in enumerate(names.items()):
        left_in = EDGE_IN + (place % columns) * step_in
        at_in = top_in + (place // columns) * KEY_LINE_IN
        low = height - at_in - 0.115
        swatch = Rectangle(
            (left_in / width, low / height), _SWATCH_IN / width, 0.115 / height,
            transform=figure.transFigure, **paint(emotion),
        )  # fmt: skip
        figure.add_artist(swatch)
        write(
            figure, name, left_in=left_in + _SWATCH_IN + 0.05, top_in=at_in + 0.095,
            size_pt=BODY_PT, va="baseline",
        )  # fmt: skip
    return top_in + KEY_LINE_IN * (1 + (len(names) - 1) // columns)


def footnote(figure: Figure, report: Report, *, says: str) -> None:
    """Write below the figure what it shows and what made it."""
    made = clean(f"voxemo-scan {report.version}, {report.model.name} {report.model.version}")
    text = wrapped(f"{says} ({made})", within_in=WIDTH_IN - 2 * EDGE_IN, size_pt=SMALL_PT, lines=2)
    write(
        figure, text, left_in=EDGE_IN, top_in=figure.get_size_inches()[1] - FOOT_IN + 0.08,
        size_pt=SMALL_PT, color=LIGHT.muted,
    )  # fmt: skip


def paint(emotion: Emotion) -> dict[str, Any]:
    """Return the emotion's colour and pattern, as patches take them."""
    return {
        "facecolor": LIGHT.emotions[emotion],
        "hatch": HATCHES[emotion] or None,
        "edgecolor": HATCH_COLOUR,
        "linewidth": 0.4,
    }


def stack(axes: Axes, spans: Sequence[Span], *, scale: float = 1.0) -> None:
    """Fill ``axes`` with the spans' distributions, the emotions stacked from the bottom up.

    Seconds become ``scale`` times as much on the axis; where there is no span it stays blank.
    """
    runs = _runs(spans)
    for index, emotion in enumerate(EMOTIONS):
        outlines = [_outline(run, index=index, scale=scale) for run in runs]
        if outlines:
            patch = PathPatch(Outline.make_compound_path(*outlines), **paint(emotion))
            axes.add_patch(patch)
    axes.set_ylim(0, 1)


def fitting(text: str, *, within_in: float, size_pt: float = SMALL_PT) -> bool:
    """Say whether ``text`` fits with a little air around it."""
    return width_in(text, size_pt=size_pt) + 0.04 <= within_in


def bare(axes: Axes, *, keep: Iterable[str] = ()) -> None:
    """Take the frame off, but for the sides in ``keep``."""
    for side, spine in axes.spines.items():
        spine.set_visible(side in set(keep))


def _runs(spans: Sequence[Span]) -> list[list[Span]]:
    """Return spans in groups that touch."""
    runs = [[span] for span in spans[:1]]
    for before, after in pairwise(spans):
        if after.start_s - before.end_s < 1e-6:
            runs[-1].append(after)
        else:
            runs.append([after])
    return runs


def _outline(run: list[Span], *, index: int, scale: float) -> Outline:
    """Return one emotion's outline over one run: along its top and back along its bottom."""
    there = _edge(run, lambda span: sum(span.probabilities[: index + 1]), scale=scale)
    back = _edge(run, lambda span: sum(span.probabilities[:index]), scale=scale)
    return Outline([*there, *reversed(back), there[0]], closed=True)


def _edge(
    run: list[Span], level: Callable[[Span], float], *, scale: float
) -> list[tuple[float, float]]:
    points = []
    for span in run:
        height = min(level(span), 1.0)
        points += [(span.start_s * scale, height), (span.end_s * scale, height)]
    return points
