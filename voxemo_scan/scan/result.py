"""What a scan finds in one scene, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from voxemo_scan.emotions import Emotion

Status = Literal["ok", "no-speech", "failed"]
Gender = Literal["female", "male"]


@dataclass(frozen=True, slots=True)
class WindowResult:
    """What the ensemble heard in one window.

    Times are seconds in the clip's time (0 is the start of the asked range);
    ``probabilities`` is one distribution in the order of ``EMOTIONS``; ``female`` is
    the probability, 0..1, that the voice is a woman's.
    """

    start_s: float
    end_s: float
    probabilities: tuple[float, ...]
    female: float


@dataclass(frozen=True, slots=True)
class SceneResult:
    """One scene's result, whatever its status.

    ``shares``, ``share_ci``, ``mean_shares``, ``voices`` and ``dominant`` are empty unless
    ``status`` is ``ok``. ``share_ci`` holds the low and high end of each share's 95 % interval;
    ``mean_shares`` are the plain means of the windows' distributions. ``segments``
    are the speech segments' ``(start_s, end_s)`` in the clip's time. ``range_start_s`` is where
    the clip lies in its source.
    """

    id: str
    title: str
    source: str
    status: Status
    film: str | None = None
    range_start_s: float = 0.0
    range_end_s: float | None = None
    duration_s: float = 0.0
    speech_s: float = 0.0
    abstained_s: float = 0.0
    shares: dict[Emotion, float] = field(default_factory=dict)
    share_ci: dict[Emotion, tuple[float, float]] = field(default_factory=dict)
    mean_shares: dict[Emotion, float] = field(default_factory=dict)
    dominant: Emotion | None = None
    voices: dict[Gender, float] = field(default_factory=dict)
    segments: tuple[tuple[float, float], ...] = ()
    windows: tuple[WindowResult, ...] = ()
    error: str | None = None
    remedy: str | None = None
