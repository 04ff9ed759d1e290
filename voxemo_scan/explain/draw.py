"""An explanation as a picture: the spectrogram in grey, over it what speaks for and against.

SVG by hand, for a picture of this kind needs no library; it follows the viewer's light or dark.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

import numpy as np

from voxemo_scan.explain.grid import mel_edges_hz
from voxemo_scan.explain.heat import AGAINST, FOR, heat
from voxemo_scan.explain.png import png_address
from voxemo_scan.explain.result import Explained, Explanation
from voxemo_scan.explain.words import hertz
from voxemo_scan.report.palette import DARK, LIGHT, Theme
from voxemo_scan.text import percent

NARROW: Final = 420
"""How wide a picture is for a phone, pixels."""
WIDE: Final = 960
"""How wide it is elsewhere."""
PITCHES_HZ: Final = (250.0, 500.0, 1000.0, 2000.0, 4000.0)
_LETTERS: Final = 'font-family="system-ui,sans-serif"'


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the plot lies in a picture, pixels, and what it spans."""

    left: float
    top: float
    width: float
    height: float
    start_s: float
    end_s: float

    def x(self, time_s: float) -> float:
        """Return where a time lies."""
        span_s = max(self.end_s - self.start_s, 1e-9)
        inside = min(max((time_s - self.start_s) / span_s, 0.0), 1.0)
        return round(self.left + self.width * inside, 1)

    def y(self, pitch_hz: float) -> float:
        """Return where a pitch lies: bands are of equal height, as the ear has them."""
        edges = mel_edges_hz()
        place = float(np.interp(pitch_hz, edges, np.arange(len(edges)))) / (len(edges) - 1)
        return round(self.top + self.height * (1.0 - place), 1)


def svg_picture(explained: Explained, *, width: int = 760) -> str:
    """Return the picture as an SVG document."""
    told = explained.explanation
    frame = Frame(62, 34, width - 76, 240, told.times_s[0], told.times_s[-1])
    height = 340 if frame.width >= 600 else 362
    title = f"{told.emotion}, {percent(told.probability)}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" {_LETTERS} font-size="13">',
        f"<title>{escape(told.says)}</title>",
        f"<style>{_style(LIGHT)}@media (prefers-color-scheme:dark){{{_style(DARK)}"
        ".grey{filter:invert(1)}}</style>",
        f'<rect class="paper" width="{width}" height="{height}"/>',
        f'<text class="ink" x="{frame.left}" y="22" font-size="15">{escape(title)}</text>',
        *_pictures(explained, frame),
        *_axes(frame),
        *_marks(told, frame),
        *_legend(frame),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def image_url(svg: str) -> str:
    """Return a picture as a ``data:`` address, for an ``img`` element."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _style(theme: Theme) -> str:
    return (
        f".paper{{fill:{theme.paper}}}.ink{{fill:{theme.ink}}}.muted{{fill:{theme.muted}}}"
        f".line{{stroke:{theme.muted}}}.box{{stroke:{theme.ink}}}"
    )


def _pictures(explained: Explained, frame: Frame) -> list[str]:
    place = (
        f'x="{frame.left}" y="{frame.top}" width="{frame.width}" height="{frame.height}" '
        'preserveAspectRatio="none"'
    )
    grey = png_address(grey_levels(explained))
    colours = png_address(heat(np.array(explained.explanation.weights)))
    return [
        f'<image class="grey" {place} href="{grey}"/>',
        f'<image {place} href="{colours}"/>',
    ]


def grey_levels(explained: Explained) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """Return the spectrogram as grey, [rows, columns], lowest band last; what is loud is dark."""
    shown = 255.0 - 0.8 * explained.picture[::-1].astype(np.float64)
    return np.asarray(shown.round(), dtype=np.uint8)


def _axes(frame: Frame) -> list[str]:
    bottom = frame.top + frame.height
    parts = []
    for pitch_hz in PITCHES_HZ:
        y = frame.y(pitch_hz)
        parts.append(_line(frame.left - 5, y, frame.left, y))
        parts.append(
            f'<text class="muted" x="{frame.left - 9}" y="{y + 4}" text-anchor="end">'
            f"{hertz(pitch_hz)}</text>"
        )
    for time_s in times(frame.start_s, frame.end_s):
        x = frame.x(time_s)
        parts.append(_line(x, bottom, x, bottom + 5))
        parts.append(
            f'<text class="muted" x="{x}" y="{bottom + 19}" text-anchor="middle">'
            f"{time_s:g} s</text>"
        )
    return parts


def times(start_s: float, end_s: float) -> list[float]:
    """Return the half seconds in a span, and its beginning if there are none."""
    first, last = int(np.ceil(2 * start_s)), int(np.floor(2 * end_s))
    return [n / 2 for n in range(first, last + 1)] or [round(start_s, 1)]


def _marks(told: Explanation, frame: Frame) -> list[str]:
    marked, bottom = told.marked, frame.top + frame.height
    left, right = frame.x(marked.start_s), frame.x(marked.end_s)
    top, low = frame.y(marked.high_hz), frame.y(marked.low_hz)
    edges = [
        _line(frame.x(at_s), frame.top, frame.x(at_s), bottom, dash=True)
        for at_s in (told.start_s, told.end_s)
    ]
    return [
        *edges,
        f'<rect class="box" fill="none" stroke-width="2" x="{left}" y="{top}" '
        f'width="{round(right - left, 1)}" height="{round(low - top, 1)}"/>',
    ]


def _legend(frame: Frame) -> list[str]:
    """Return what colours and lines mean: in one row, or two where there is little room."""
    columns = 4 if frame.width >= 600 else 2
    step = frame.width / columns
    parts = []
    for number, (sign, text) in enumerate(_signs()):
        x = round(frame.left + step * (number % columns), 1)
        y = frame.top + frame.height + 44 + 22 * (number // columns)
        parts.append(
            f'<g transform="translate({x} {y})">{sign}<text class="ink" x="20">{text}</text></g>'
        )
    return parts


def _signs() -> list[tuple[str, str]]:
    box = 'y="-11" width="14" height="14"'
    return [
        (f'<rect {box} fill="rgb{FOR}"/>', "speaks for it"),
        (f'<rect {box} fill="rgb{AGAINST}"/>', "speaks against it"),
        (f'<rect class="box" fill="none" stroke-width="2" {box}/>', "for it most"),
        (_line(7, -12, 7, 3, dash=True), "the window"),
    ]


def _line(x1: float, y1: float, x2: float, y2: float, *, dash: bool = False) -> str:
    dashes = ' stroke-dasharray="4 4"' if dash else ""
    return f'<line class="line" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"{dashes}/>'
