"""What a scan finds in one scene, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from voxemo_scan.emotions import Emotion

Status = Literal["ok", "no-speech", "failed"]
Gender = Literal["female", "male"]

SWITCHED_OFF: Final = "switched off"
"""Why voices are not told apart where nobody asked for it."""


@dataclass(frozen=True, slots=True)
class WindowResult:
    """What the ensemble heard in one window.

    Times are seconds in the clip's time (0 is the start of the asked range);
    ``probabilities`` is one distribution in the order of ``EMOTIONS``; ``female`` is
    the probability, 0..1, that the voice is a woman's; ``voice`` is the ``Speaker`` who speaks most
    of it, None where voices are not told apart.
    """

    start_s: float
    end_s: float
    probabilities: tuple[float, ...]
    female: float
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """From when to when, seconds in the clip's time, one voice speaks."""

    start_s: float
    end_s: float
    voice: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """One voice of a scene.

    ``id`` is a letter; scenes of one film give one voice the same. ``female`` is the probability,
    0..1, that the voice is a woman's, ``gender`` None where that is too unsure to say; ``shares``
    are of the voice's own speech time, ``speech_s``; ``confidence``, 0..1, is how sure it is that
    this speech is one voice's. ``centre`` is where its voiceprints lie, and is empty in reports.
    """

    id: str
    gender: Gender | None
    female: float
    speech_s: float
    shares: dict[Emotion, float]
    confidence: float
    centre: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class SceneResult:
    """One scene's result, whatever its status.

    ``shares``, ``share_ci``, ``mean_shares``, ``voices`` and ``dominant`` are empty unless
    ``status`` is ``ok``. ``share_ci`` holds the low and high end of each share's 95 % interval;
    ``mean_shares`` are the plain means of the windows' distributions. ``segments``
    are the speech segments' ``(start_s, end_s)`` in the clip's time. ``range_start_s`` is where
    the clip lies in its source.

    ``speakers`` are the voices told apart, most speech first, ``turns`` who of them speaks when;
    both are empty where voices are not told apart, and ``untold`` says why. ``voice_spread`` is by
    how much voices differ along each direction of their prints, and is empty in reports.
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
    speakers: tuple[Speaker, ...] = ()
    turns: tuple[Turn, ...] = ()
    untold: str | None = None
    voice_spread: tuple[float, ...] = ()
    error: str | None = None
    remedy: str | None = None
