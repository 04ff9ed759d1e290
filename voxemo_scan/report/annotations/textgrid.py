"""Praat TextGrids: emotion, confidence, voice, gender and speech as interval tiers.

Praat's long text format. A tier covers the whole scene without gaps, as Praat asks; where nothing
holds its text is empty. Times are exact, on no frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from voxemo_scan.report.annotations.sheet import Label, Sheet

_SHORTEST_S: Final = 1e-3
_DECIMALS: Final = 6


def to_textgrid(sheet: Sheet) -> str:
    """Return the scene's TextGrid."""
    low = round(sheet.start_s, _DECIMALS)
    high = max(round(sheet.end_s, _DECIMALS), low + _SHORTEST_S)
    tiers = {
        "emotion": [Label(m.start_s, m.end_s, m.emotion) for m in sheet.marks],
        "confidence": [Label(m.start_s, m.end_s, f"{m.confidence:.2f}") for m in sheet.marks],
        "voice": sheet.turns,
        "gender": sheet.genders,
        "speech": sheet.speech,
    }
    lines = [
        'File type = "ooTextFile"',
        'Object class = "TextGrid"',
        "",
        f"xmin = {_number(low)}",
        f"xmax = {_number(high)}",
        "tiers? <exists>",
        f"size = {len(tiers)}",
        "item []:",
    ]
    for number, (name, labels) in enumerate(tiers.items(), 1):
        lines += _tier(number, name, _filled(labels, low=low, high=high), low=low, high=high)
    return "\n".join(lines) + "\n"


def _tier(
    number: int, name: str, labels: Sequence[Label], *, low: float, high: float
) -> Iterable[str]:
    yield f"    item [{number}]:"
    yield '        class = "IntervalTier"'
    yield f"        name = {_quoted(name)}"
    yield f"        xmin = {_number(low)}"
    yield f"        xmax = {_number(high)}"
    yield f"        intervals: size = {len(labels)}"
    for place, label in enumerate(labels, 1):
        yield f"        intervals [{place}]:"
        yield f"            xmin = {_number(label.start_s)}"
        yield f"            xmax = {_number(label.end_s)}"
        yield f"            text = {_quoted(label.text)}"


def _filled(labels: Iterable[Label], *, low: float, high: float) -> list[Label]:
    """Return ``labels`` and, where there is none, empty ones, from ``low`` to ``high``."""
    filled: list[Label] = []
    at = low
    for label in labels:
        start = max(round(label.start_s, _DECIMALS), at)
        end = min(round(label.end_s, _DECIMALS), high)
        if start > at and end > start:
            filled.append(Label(at, start, ""))
        if end > start:
            filled.append(Label(start, end, label.text))
            at = end
    return [*filled, Label(at, high, "")] if at < high else filled


def _number(seconds: float) -> str:
    text = f"{seconds:.{_DECIMALS}f}".rstrip("0")
    return text.rstrip(".")


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
