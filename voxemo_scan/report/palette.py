"""The colours of every figure: told apart by colour-blind readers, on light paper and dark.

Each emotion keeps its hue in both themes, is at least 3:1 against the paper, and stays distinct
under simulated protanopia, deuteranopia and tritanopia (Machado, Oliveira and Fernandes 2009).
Figures still name their emotions: no colour stands alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from voxemo_scan.emotions import EMOTIONS, Emotion


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as ``#rrggbb``. ``paper`` is the ground, ``wash`` and ``line`` quieter than text."""

    paper: str
    wash: str
    line: str
    ink: str
    muted: str
    accent: str
    good: str
    bad: str
    warn: str
    emotions: dict[Emotion, str]


LIGHT: Final = Theme(
    paper="#ffffff",
    wash="#f4f4f1",
    line="#d9d9d3",
    ink="#1b1c1e",
    muted="#5c5f66",
    accent="#1f5f9c",
    good="#0b6b4f",
    bad="#b3261e",
    warn="#7a5900",
    emotions={
        "neutral": "#8f949b",
        "happy": "#b58900",
        "sad": "#2d7cc0",
        "angry": "#d1412f",
        "fear": "#63307f",
        "disgust": "#0b6b4f",
    },
)

DARK: Final = Theme(
    paper="#15171a",
    wash="#1f2226",
    line="#363a40",
    ink="#ececea",
    muted="#a9adb4",
    accent="#8dc1f5",
    good="#5ccba2",
    bad="#ff9385",
    warn="#e6b93a",
    emotions={
        "neutral": "#b9bec5",
        "happy": "#e6b93a",
        "sad": "#62aaf2",
        "angry": "#e6533e",
        "fear": "#a34a98",
        "disgust": "#2fa97c",
    },
)

_GROUNDS: Final = ("paper", "wash", "line", "ink", "muted", "accent", "good", "bad", "warn")


def css_variables(theme: Theme) -> str:
    """Return the theme as CSS declarations: ``--paper``, ``--ink``, ``--angry``, ``--on-angry``.

    ``--on-…`` is the text colour, black or white, that reads best on that emotion's colour.
    """
    values = {name: str(getattr(theme, name)) for name in _GROUNDS}
    for emotion in EMOTIONS:
        colour = theme.emotions[emotion]
        values[emotion] = colour
        values[f"on-{emotion}"] = max("#ffffff", "#101113", key=lambda text: contrast(text, colour))
    return "".join(f"--{name}:{value};" for name, value in values.items())


def contrast(first: str, second: str) -> float:
    """Return the WCAG 2 contrast ratio, 1..21, of two ``#rrggbb`` colours."""
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
