"""How pictures look and how they become bytes: the report's palette, the same bytes each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final, Literal, cast

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from voxemo_scan.report.palette import DARK, LIGHT, Theme
from voxemo_scan.text import clean

PictureKind = Literal["svg", "png"]

_PNG_DPI: Final = 160
_RASTER_DPI: Final = 130


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is to look: its colours, and whether it has a wide page or a phone's."""

    theme: Theme = LIGHT
    wide: bool = True

    @property
    def width_in(self) -> float:
        """Width in inches, at 9 point type."""
        return 10.0 if self.wide else 4.6


PRINT: Final = Look()
SCREENS: Final[dict[str, Look]] = {
    "dark-narrow": Look(DARK, wide=False),
    "dark-wide": Look(DARK),
    "light-narrow": Look(LIGHT, wide=False),
    "light-wide": Look(LIGHT),
}
"""What a page needs a picture in."""


def draw(make: Callable[[Look], Figure], look: Look, *, kind: PictureKind, title: str) -> bytes:
    """Return the picture that ``make`` draws; the same picture gives the same bytes."""
    with rc_context(cast(Any, _settings(look.theme))):
        figure = make(look)
        held = BytesIO()
        metadata: dict[str, Any] = {"Title": clean(title)}
        if kind == "svg":
            metadata |= {"Date": None, "Creator": None}
            figure.savefig(held, format="svg", metadata=metadata, dpi=_RASTER_DPI)
        else:
            figure.savefig(held, format="png", metadata={"Software": None}, dpi=_PNG_DPI)
        return held.getvalue()


def plain(axes: Axes) -> None:
    """Leave an axes its left and bottom line."""
    axes.spines[["top", "right"]].set_visible(False)


def label(text: str, look: Look) -> str:
    """Return text from outside, short enough for the picture, none of it mathematics."""
    most = 90 if look.wide else 40
    shown = clean(text)
    short = shown if len(shown) <= most else f"{shown[: most - 1]}\u2026"
    return short.replace("$", r"\$")


def _settings(theme: Theme) -> dict[str, Any]:
    return {
        "svg.hashsalt": "voxemo-scan",
        "svg.fonttype": "none",
        "font.family": "sans-serif",
        "font.size": 9.0,
        "axes.titlesize": 10.0,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "text.color": theme.ink,
        "axes.labelcolor": theme.muted,
        "axes.edgecolor": theme.line,
        "axes.facecolor": theme.paper,
        "figure.facecolor": theme.paper,
        "savefig.facecolor": theme.paper,
        "xtick.color": theme.muted,
        "ytick.color": theme.muted,
        "grid.color": theme.line,
        "legend.frameon": False,
    }
