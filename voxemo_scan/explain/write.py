"""Writes an explanation as SVG, PNG or a page, as the file's ending says."""

from __future__ import annotations

import io
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np
from jinja2 import Environment
from markupsafe import Markup

from voxemo_scan.atomic import write_atomic
from voxemo_scan.errors import UsageError
from voxemo_scan.explain.draw import (
    NARROW,
    PITCHES_HZ,
    WIDE,
    grey_levels,
    image_url,
    svg_picture,
    times,
)
from voxemo_scan.explain.grid import mel_edges_hz
from voxemo_scan.explain.heat import heat
from voxemo_scan.explain.result import Explained
from voxemo_scan.explain.words import NOTE, hertz
from voxemo_scan.report.themed import page_templates, sha256_base64, themed
from voxemo_scan.text import clean, percent

ENDINGS: Final = (".html", ".svg", ".png")


def check_ending(path: Path) -> None:
    """Check that a file's ending names a format.

    Raises:
        UsageError: it does not.
    """
    if path.suffix.lower() not in ENDINGS:
        raise UsageError(
            f"{path} names no format that a picture can be written in",
            remedy=f"let it end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}",
        )


def write_explained(explained: Explained, path: Path, *, title: str) -> Path:
    """Write the picture; PNG takes the extra ``figures``.

    Raises:
        UsageError: the ending names no format.
    """
    check_ending(path)
    ending = path.suffix.lower()
    if ending == ".png":
        return write_atomic(path, png_figure(explained))
    if ending == ".svg":
        return write_atomic(path, svg_picture(explained))
    return write_atomic(path, to_html(explained, title=title))


def to_html(explained: Explained, *, title: str) -> str:
    """Return a page of its own, which needs no network and runs no script."""
    style = _style()
    told = explained.explanation
    text = (
        _environment()
        .get_template("explain.html.jinja")
        .render(
            title=title,
            told=told,
            probability=percent(told.probability),
            wide=image_url(svg_picture(explained, width=WIDE)),
            narrow=image_url(svg_picture(explained, width=NARROW)),
            note=NOTE,
            style=Markup(style),
            style_hash=sha256_base64(style),
        )
    )
    return text.lstrip() + "\n"


def png_figure(explained: Explained) -> bytes:
    """Return the picture as PNG, drawn by matplotlib."""
    from matplotlib.figure import Figure  # noqa: PLC0415  (optional, and slow to load)
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    told, edges = explained.explanation, mel_edges_hz()

    def row(pitch_hz: float) -> float:
        return float(np.interp(pitch_hz, edges, np.arange(len(edges)))) / (len(edges) - 1)

    figure = Figure(figsize=(8, 3.4), dpi=150, layout="constrained")
    axes = figure.add_subplot()
    extent = (told.times_s[0], told.times_s[-1], 0.0, 1.0)
    axes.imshow(grey_levels(explained), extent=extent, aspect="auto", cmap="gray", vmin=0, vmax=255)
    axes.imshow(heat(np.array(told.weights)), extent=extent, aspect="auto")
    marked = told.marked
    low, high = row(marked.low_hz), row(marked.high_hz)
    axes.add_patch(
        Rectangle(
            (marked.start_s, low), marked.end_s - marked.start_s, high - low, fill=False, lw=2
        )
    )
    for at_s in (told.start_s, told.end_s):
        axes.axvline(at_s, color="0.4", ls="--", lw=1)
    axes.set_xticks(times(*extent[:2]))
    axes.set_yticks([row(p) for p in PITCHES_HZ], [hertz(p) for p in PITCHES_HZ])
    axes.set_xlabel("s")
    axes.set_title(f"{told.emotion}, {percent(told.probability)}", loc="left")
    held = io.BytesIO()
    figure.savefig(held, format="png", metadata={"Software": None})
    return held.getvalue()


@lru_cache(maxsize=1)
def _style() -> str:
    return themed(files("voxemo_scan.explain").joinpath("templates/explain.css").read_text("utf-8"))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = page_templates("voxemo_scan.explain")
    environment.filters |= {"clean": clean}
    return environment
