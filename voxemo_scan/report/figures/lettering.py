"""Text that fits where it is put: measured, wrapped, and cut with an ellipsis at last."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

_POINTS_PER_IN: Final = 72
_MORE: Final = "\u2026"


@lru_cache(maxsize=4096)
def width_in(text: str, *, size_pt: float, bold: bool = False) -> float:
    """Return how wide ``text`` is, in inches."""
    if not text.strip():
        return 0.0
    font = FontProperties(size=size_pt, weight="bold" if bold else "normal")
    width_pt, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width_pt) / _POINTS_PER_IN


def wrapped(
    text: str, *, within_in: float, size_pt: float, lines: int = 1, bold: bool = False
) -> str:
    """Return ``text`` on at most ``lines`` lines of ``within_in`` inches."""

    def fits(part: str) -> bool:
        return width_in(part, size_pt=size_pt, bold=bold) <= within_in

    done: list[str] = []
    rest = text
    while rest:
        line = _line(rest, fits) if not fits(rest) else rest
        rest = rest[len(line) :].strip()
        if rest and len(done) == lines - 1:
            done.append(_cut(f"{line} {rest}", fits))
            break
        done.append(line.strip())
    return "\n".join(done)


def _line(text: str, fits: Any) -> str:
    """Return as many words of ``text`` as fit, or as many letters of a word that does not."""
    words = text.split(" ")
    line = words[0]
    if not fits(line):
        return text[: _longest(text, fits)]
    for word in words[1:]:
        if not fits(f"{line} {word}"):
            break
        line = f"{line} {word}"
    return line


def _cut(text: str, fits: Any) -> str:
    count = _longest(text, lambda part: fits(part.rstrip() + _MORE))
    return text[:count].rstrip() + _MORE


def _longest(text: str, fits: Any) -> int:
    """Return how many letters of ``text`` fit, at least one."""
    low, high = 1, min(len(text), 400)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle]) else (low, middle - 1)
    return low


def write(
    figure: Figure, text: str, *, left_in: float, top_in: float, size_pt: float, **looks: Any
) -> None:
    """Write ``text`` with its top left corner where it is said, inches from the figure's."""
    width, height = figure.get_size_inches()
    place: dict[str, Any] = {
        "ha": "left",
        "va": "top",
        "linespacing": 1.25,
        "fontsize": size_pt,
    } | looks
    figure.text(left_in / width, 1 - top_in / height, text, **place)
