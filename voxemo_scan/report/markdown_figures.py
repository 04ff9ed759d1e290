"""Figures made of characters, for places that show no pictures of ours.

GitHub takes inline SVG out of Markdown, and a picture file beside it is lost as soon as the text is
pasted into an issue or a job's summary; characters stay. Coloured squares give the overview, since
GitHub shows them in colour everywhere, in hues of the page's palette. Bars and the course over time
are set in code blocks, where every character is as wide as the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.report import wording
from voxemo_scan.report.track import Span, lay_flat, strongest, within
from voxemo_scan.scan.result import SceneResult
from voxemo_scan.text import clock, percent, whole_percents

SQUARES: Final[dict[Emotion, str]] = {
    "neutral": "⬜",
    "happy": "🟨",
    "sad": "🟦",
    "angry": "🟥",
    "fear": "🟪",
    "disgust": "🟩",
}
_SQUARES: Final = 10
_BAR: Final = 25
_COURSE: Final = 50
_SILENCE, _UNJUDGED = "·", "?"

LEGEND: Final = (
    ", ".join(f"{SQUARES[emotion]} {emotion}" for emotion in EMOTIONS)
    + f"; a square is {100 // _SQUARES} % of the speech time."
)
BARS_NOTE: Final = (
    "A bar is dark up to the low end of the share's 95 % interval, half dark up to the share, and "
    "light up to the interval's high end. The line under the bars is the scene's course in time, "
    "each letter the strongest emotion there ("
    + ", ".join(f"{emotion[0].upper()} {emotion}" for emotion in EMOTIONS)
    + f"), `{_UNJUDGED}` speech without a verdict, `{_SILENCE}` no speech."
)


def squares(shares: Mapping[Emotion, float]) -> str:
    """Return ten coloured squares, as many of each emotion as its share comes nearest to."""
    counts = _apportion([shares.get(emotion, 0.0) for emotion in EMOTIONS], seats=_SQUARES)
    return "".join(SQUARES[e] * count for e, count in zip(EMOTIONS, counts, strict=True))


def bars(result: SceneResult, published: Mapping[Emotion, float]) -> list[str]:
    """Return a line an emotion: its bar with the interval, share, interval, published share."""
    figures = whole_percents(result.shares)
    lines = []
    for emotion in EMOTIONS:
        interval = result.share_ci.get(emotion)
        drawn = _bar(result.shares[emotion], interval)
        line = f"{emotion:<8} {drawn:<{_BAR}} {figures[emotion]:>3} %  "
        line += f"{wording.interval(result, emotion):<8}"
        if emotion in published:
            line += f"  published {percent(published[emotion])}"
        lines.append(line.rstrip())
    return lines


def course(result: SceneResult) -> list[str]:
    """Return the strongest emotion over the clip's time as letters, and the times at its ends."""
    flat = lay_flat(result.windows)
    speech = sorted(result.segments)
    length_s = max([result.duration_s, *(end for _, end in speech), *(s.end_s for s in flat)])
    if length_s <= 0 or not flat:
        return []
    edges = [length_s * n / _COURSE for n in range(_COURSE + 1)]
    letters = (
        _letter(within(flat, start_s=start, end_s=end), speech, start_s=start, end_s=end)
        for start, end in pairwise(edges)
    )
    return ["".join(letters), f"0:00{clock(length_s):>{_COURSE - 4}}"]


def _letter(
    heard: Sequence[Span],
    speech: Iterable[tuple[float, float]],
    *,
    start_s: float,
    end_s: float,
) -> str:
    """Return what fills most of a stretch: an emotion, speech without a verdict, or silence."""
    judged_s = sum(span.length_s for span in heard)
    parts = (min(end, end_s) - max(start, start_s) for start, end in speech)
    unjudged_s = sum(max(part, 0.0) for part in parts) - judged_s
    silent_s = end_s - start_s - judged_s - max(unjudged_s, 0.0)
    if judged_s <= 0 or judged_s < max(unjudged_s, silent_s):
        return _UNJUDGED if unjudged_s > silent_s else _SILENCE
    sums = [
        sum(span.probabilities[index] * span.length_s for span in heard)
        for index in range(len(EMOTIONS))
    ]
    return strongest(sums)[0].upper()


def _bar(share: float, interval: tuple[float, float] | None) -> str:
    low, high = interval or (share, share)
    dark, half, light = (_cells(end) for end in (min(low, share), share, max(high, share)))
    return "█" * dark + "▓" * (half - dark) + "░" * (light - half)


def _cells(share: float) -> int:
    return round(min(max(share, 0.0), 1.0) * _BAR)


def _apportion(shares: Sequence[float], *, seats: int) -> list[int]:
    """Return whole numbers that add up to ``seats``, by largest remainder."""
    total = sum(shares) or 1.0
    exact = [seats * share / total for share in shares]
    counts = [int(value + 1e-9) for value in exact]
    order = sorted(range(len(exact)), key=lambda index: counts[index] - exact[index])
    for index in order[: seats - sum(counts)]:
        counts[index] += 1
    return counts
