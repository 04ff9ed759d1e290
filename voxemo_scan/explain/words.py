"""An explanation as a sentence."""

from __future__ import annotations

from typing import Final

from voxemo_scan.emotions import Emotion
from voxemo_scan.explain.result import Part
from voxemo_scan.text import percent

_VERDICTS: Final[dict[Emotion, str]] = {
    "neutral": "that it sounds neutral",
    "happy": "that it sounds happy",
    "sad": "that it sounds sad",
    "angry": "that it sounds angry",
    "fear": "that it sounds afraid",
    "disgust": "that it sounds disgusted",
}
_LOWEST_HZ: Final = 1.0
_HIGHEST_HZ: Final = 7_900.0


def sentence(marked: Part, *, emotion: Emotion, probability: float) -> str:
    """Return what speaks for a verdict most, in words."""
    when = f"Between {marked.start_s:.1f} and {marked.end_s:.1f} s"
    return (
        f"{when}, {_band(marked)}, lies what speaks most for the verdict "
        f"{_VERDICTS[emotion]} ({percent(probability)})."
    )


def _band(marked: Part) -> str:
    low, high = marked.low_hz < _LOWEST_HZ, marked.high_hz > _HIGHEST_HZ
    if low and high:
        return "at all pitches"
    if low:
        return f"below {hertz(marked.high_hz)}"
    if high:
        return f"above {hertz(marked.low_hz)}"
    return f"from {_low(marked)} to {hertz(marked.high_hz)}"


def _low(marked: Part) -> str:
    """Return where a band begins, without the unit where its end has the same."""
    begins, ends = hertz(marked.low_hz), hertz(marked.high_hz)
    number, unit = begins.split(" ")
    return number if ends.endswith(f" {unit}") else begins


def hertz(value: float) -> str:
    """Return a pitch as one reads it: ``250 Hz``, ``2.5 kHz``."""
    if round(value, -1) < 1000:
        return f"{round(value, -1):.0f} Hz"
    return f"{value / 1000:.1f}".removesuffix(".0") + " kHz"


NOTE: Final = (
    "It shows which parts of the sound the networks leaned on for this verdict, not why: it "
    "cannot say that a voice rises or breaks, only where they looked. The window is heard by "
    "itself and at its own speed; words, pitch and loudness all lie in the same cells."
)
"""What an explanation shows, and what not."""
