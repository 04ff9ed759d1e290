"""How figures look: type, colours, and patterns that tell emotions apart without colour."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final, cast

from matplotlib import font_manager, rc_context

from voxemo_scan.emotions import Emotion
from voxemo_scan.report.palette import LIGHT, contrast

WIDTH_IN: Final = 7.1
"""A page's text width, two columns of most journals."""

BODY_PT: Final = 7.5
SMALL_PT: Final = 6.5
TITLE_PT: Final = 10.0

HATCHES: Final[dict[Emotion, str]] = {
    "neutral": "",
    "happy": "----",
    "sad": "/////",
    "angry": "xxxx",
    "fear": "\\\\\\\\\\",
    "disgust": "||||",
}
"""Each emotion's pattern, for print without colours."""

HATCH_COLOUR: Final = "#ffffff"

_OTHER_SCRIPTS: Final = (
    "Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans Devanagari", "Noto Sans Arabic",
    "Noto Sans Hebrew", "Noto Sans Thai", "Hiragino Sans", "PingFang SC", "Microsoft YaHei",
    "Yu Gothic", "Malgun Gothic", "Nirmala UI", "Arial Unicode MS",
)  # fmt: skip
"""What writes titles that DejaVu Sans, which comes with matplotlib, has no letters for."""


@contextmanager
def style() -> Iterator[None]:
    """Draw as figures of reports look; a letter that no font has shows as a box, untold."""
    values: dict[str, Any] = {
        "svg.hashsalt": "voxemo-scan",
        "svg.fonttype": "none",
        "pdf.fonttype": 42,
        "font.family": ["sans-serif", *_other_scripts()],
        "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial", "Helvetica"],
        "font.size": BODY_PT,
        "text.color": LIGHT.ink,
        "text.parse_math": False,
        "axes.labelcolor": LIGHT.ink,
        "axes.edgecolor": LIGHT.muted,
        "axes.linewidth": 0.6,
        "xtick.color": LIGHT.ink,
        "ytick.color": LIGHT.ink,
        "xtick.labelsize": SMALL_PT,
        "ytick.labelsize": SMALL_PT,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "xtick.major.size": 2.5,
        "ytick.major.size": 2.5,
        "hatch.linewidth": 0.45,
    }
    with rc_context(cast(Any, values)), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def on(emotion: Emotion) -> str:
    """Return the text colour that reads best on the emotion's colour."""
    return max(("#ffffff", LIGHT.ink), key=lambda text: contrast(text, LIGHT.emotions[emotion]))


@lru_cache(maxsize=1)
def _other_scripts() -> tuple[str, ...]:
    there = set(font_manager.get_font_names())
    return tuple(name for name in _OTHER_SCRIPTS if name in there)
