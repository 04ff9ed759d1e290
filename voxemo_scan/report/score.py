"""A scene's tracks under its timeline, as SVG path data: waveform, curves, range and voices.

Like a score, all lie on one time axis. Every path is drawn in a box ``BOX_WIDTH`` wide, 0 at the
top, that stretches to whatever width the page has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.report.course import Course, follow
from voxemo_scan.report.timeline import BOX_WIDTH
from voxemo_scan.report.track import Span, lay_flat, strongest, thin
from voxemo_scan.report.turning import Turning, turning_points
from voxemo_scan.scan.result import SceneResult

ROW_HEIGHT: Final = 100
SILENT: Final = "silence"
UNJUDGED: Final = "unjudged"
_MOMENTS: Final = 130
_VOICE_COLUMNS: Final = 240
_WINDOW_S: Final = 2.24


@dataclass(frozen=True, slots=True)
class Curve:
    """One emotion's share over time: the line, and the band of its 95 % interval."""

    emotion: Emotion
    line: str
    band: str


@dataclass(frozen=True, slots=True)
class Score:
    """Everything under a scene's timeline.

    ``range_line`` runs from 1 (bottom) to 6 (top) emotions, and ``mean_range`` is its mean over
    speech time; ``women`` rises from the middle and ``men`` falls from it, each as far as its
    probability; ``waveform`` holds what sounds by emotion, ``unjudged`` and ``silence``.
    """

    length_s: float
    curves: tuple[Curve, ...]
    range_line: str
    range_area: str
    mean_range: float
    women: str
    men: str
    turnings: tuple[Turning, ...]
    waveform: tuple[tuple[str, str], ...] = ()


def write_score(result: SceneResult, *, length_s: float, peaks: bytes = b"") -> Score:
    """Return the tracks of a scene whose timeline is ``length_s`` long."""
    flat = lay_flat(result.windows)
    window_s = max((w.end_s - w.start_s for w in result.windows), default=_WINDOW_S)
    courses = follow(flat, window_s=window_s, step_s=length_s / _MOMENTS)
    women, men = _genders(result, length_s=length_s)
    range_line, range_area = _range(courses, length_s=length_s)
    return Score(
        length_s=length_s,
        curves=tuple(_curve(courses, e, length_s=length_s) for e in EMOTIONS),
        range_line=range_line,
        range_area=range_area,
        mean_range=_mean_range(courses),
        women=women,
        men=men,
        turnings=turning_points(flat, window_s=window_s),
        waveform=_waveform(result, flat, peaks=peaks, length_s=length_s),
    )


def _curve(courses: Iterable[Course], emotion: Emotion, *, length_s: float) -> Curve:
    index = EMOTIONS.index(emotion)
    line, band = [], []
    for course in courses:
        x = _across(course.times_s, length_s=length_s)
        line.append(_line(x, _down(course.shares[:, index])))
        band.append(_area(x, _down(course.high[:, index]), _down(course.low[:, index])))
    return Curve(emotion, "".join(line), "".join(band))


def _range(courses: Iterable[Course], *, length_s: float) -> tuple[str, str]:
    line, area = [], []
    for course in courses:
        x = _across(course.times_s, length_s=length_s)
        y = _down((course.range - 1) / (len(EMOTIONS) - 1))
        line.append(_line(x, y))
        area.append(_area(x, y, np.full_like(y, ROW_HEIGHT)))
    return "".join(line), "".join(area)


def _mean_range(courses: Sequence[Course]) -> float:
    """Return the range's mean over speech time, 0 without any."""
    if not courses:
        return 0.0
    seconds = [course.times_s[-1] - course.times_s[0] for course in courses]
    means = [float(course.range.mean()) for course in courses]
    return float(np.average(means, weights=np.maximum(seconds, 1e-6)))


def _genders(result: SceneResult, *, length_s: float) -> tuple[str, str]:
    """Return the areas of women's and men's voices, from the middle line up and down."""
    told = [replace(w, probabilities=(w.female, 1.0 - w.female)) for w in result.windows]
    spans = lay_flat(told)
    if len(spans) > _VOICE_COLUMNS:
        spans = thin(spans, step_s=length_s / _VOICE_COLUMNS)
    middle = ROW_HEIGHT // 2
    women, men = [], []
    for span in spans:
        left, right = (round(at * BOX_WIDTH / length_s) for at in (span.start_s, span.end_s))
        up, down = (round(middle * probability) for probability in span.probabilities)
        women.append(f"M{left} {middle}v{-up}H{right}v{up}z")
        men.append(f"M{left} {middle}v{down}H{right}v{-down}z")
    return "".join(women), "".join(men)


def _waveform(
    result: SceneResult, flat: Sequence[Span], *, peaks: bytes, length_s: float
) -> tuple[tuple[str, str], ...]:
    """Return a bar for each peak, gathered by what is heard there."""
    bars: dict[str, list[str]] = {}
    step_s = result.duration_s / max(len(peaks), 1)
    kinds = kinds_at([(n + 0.5) * step_s for n in range(len(peaks))], result, flat)
    for number, (peak, kind) in enumerate(zip(peaks, kinds, strict=True)):
        x = round((number + 0.5) * step_s * BOX_WIDTH / length_s)
        half = max(1, round(peak / 255 * ROW_HEIGHT / 2))
        bars.setdefault(kind, []).append(f"M{x} {ROW_HEIGHT // 2 - half}v{2 * half}")
    return tuple((kind, "".join(parts)) for kind, parts in bars.items())


def kinds_at(times_s: Iterable[float], result: SceneResult, flat: Sequence[Span]) -> list[str]:
    """Return what is heard at each of the times, which are in order.

    That is the strongest emotion, ``unjudged`` for speech without a verdict, or ``silence``.
    """
    kinds: list[str] = []
    spans, segments = list(flat), sorted(result.segments)
    at_span = at_segment = 0
    for time_s in times_s:
        while at_span < len(spans) and spans[at_span].end_s <= time_s:
            at_span += 1
        while at_segment < len(segments) and segments[at_segment][1] <= time_s:
            at_segment += 1
        if at_span < len(spans) and spans[at_span].start_s <= time_s:
            kinds.append(strongest(spans[at_span].probabilities))
        elif at_segment < len(segments) and segments[at_segment][0] <= time_s:
            kinds.append(UNJUDGED)
        else:
            kinds.append(SILENT)
    return kinds


def _across(times_s: NDArray[np.float64], *, length_s: float) -> NDArray[np.int_]:
    return np.rint(times_s * BOX_WIDTH / length_s).astype(np.int_)


def _down(levels: NDArray[np.float64]) -> NDArray[np.int_]:
    return np.rint(ROW_HEIGHT * (1 - np.clip(levels, 0, 1))).astype(np.int_)


def _line(x: NDArray[np.int_], y: NDArray[np.int_]) -> str:
    return f"M{x[0]} {y[0]}" + _steps(x, y)


def _area(x: NDArray[np.int_], top: NDArray[np.int_], bottom: NDArray[np.int_]) -> str:
    """Return the outline between two curves: along the top and back along the bottom."""
    return _line(x, top) + f"V{bottom[-1]}" + _steps(x[::-1], bottom[::-1]) + "z"


def _steps(x: NDArray[np.int_], y: NDArray[np.int_]) -> str:
    """Return a path from one point to the next, in relative steps; they are shorter."""
    pairs = zip(np.diff(x).tolist(), np.diff(y).tolist(), strict=True)
    return "l" + " ".join(f"{dx}{dy if dy < 0 else f' {dy}'}" for dx, dy in pairs)
