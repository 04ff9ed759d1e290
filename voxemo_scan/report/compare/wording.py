"""What a comparison says in words, the same in every form."""

from __future__ import annotations

import json
from typing import Final

from voxemo_scan.emotions import Emotion
from voxemo_scan.report.compare.document import (
    Comparison,
    Difference,
    Interval,
    Reach,
    SceneChange,
    State,
)
from voxemo_scan.report.document import Report
from voxemo_scan.report.wording import VERDICTS
from voxemo_scan.text import clean, whole_percents

ARROW: Final = "\u2192"
_MINUS: Final = "\u2212"
_DIGEST: Final = 64
_DIGEST_SHOWN: Final = 12

STATES: Final[dict[State, str]] = {
    "measured": "",
    "added": "new",
    "removed": "removed",
    "newly-failed": "no longer analysed",
    "mended": "analysed again",
    "still-failed": "not analysed in either",
    "speech-lost": "no speech any more",
    "speech-found": "speech found",
    "no-speech": "no speech in either",
}
REACHES: Final[dict[Reach, str]] = {
    "within": "within",
    "outside": "outside one",
    "apart": "apart",
    "unknown": "no interval",
}
DRIFT: Final = (
    "Drift is the largest change of any emotion's share in any scene that both reports measured, "
    "in percentage points."
)
INTERVALS: Final = (
    "Where both runs heard the same sound, a change is not the luck of which lines are in a "
    "scene: it comes from the model, the options or the program. The intervals tell something "
    "else: how far each run itself thought that its share might be off. Within: each share lies in "
    "the other run's 95 % interval, so the runs do not contradict each other, which does not make "
    "them the same. Outside one: a share lies outside the other run's interval, but the intervals "
    "meet. Apart: they do not meet. Were the runs independent, about one change in 180 would be "
    "apart by chance, and fewer on the same sound; a scene's six shares sum to 1, so they are no "
    "six separate findings."
)
MOMENTS: Final = (
    "Same moments is the part of the speech, judged by both runs, in which both heard the same "
    "emotion strongest: equal shares may come from different moments."
)


def scene_title(scene: SceneChange) -> str:
    """Return what a scene is called."""
    result = scene.shown.result
    return clean(result.title) or clean(result.source) or clean(result.id)


def points(change: float, *, decimals: int = 1) -> str:
    """Return a change of a share as percentage points: ``+5.2``, ``-0.4`` (a true minus), ``0``."""
    text = f"{100 * change:+.{decimals}f}"
    if not text.strip("+-0."):
        return "0"
    return text.replace("-", _MINUS)


def span(interval: Interval | None) -> str:
    """Return an interval as ``38-55`` (with a dash), nothing where there is none."""
    return "" if interval is None else f"{100 * interval[0]:.0f}\u2013{100 * interval[1]:.0f}"


def figures(scene: SceneChange, emotion: Emotion) -> tuple[str, str]:
    """Return a measured share in both runs, ``47 %`` and ``52 %``, as the two reports show it."""
    assert scene.old is not None
    assert scene.new is not None
    sides = (scene.old.result.shares, scene.new.result.shares)
    old, new = (f"{whole_percents(shares)[emotion]} %" for shares in sides)
    return old, new


def largest_line(scene: SceneChange) -> str:
    """Return ``angry 47 % -> 52 % (+5.2)`` (with an arrow), or what became of the scene."""
    move = scene.largest
    if move is None:
        return STATES[scene.state]
    old, new = figures(scene, move.emotion)
    return f"{move.emotion} {old} {ARROW} {new} ({points(move.change)})"


def verdict_change(scene: SceneChange) -> str:
    """Return ``passed -> failed`` (with an arrow), or the one verdict; nothing if unchecked."""
    words = ["" if v in {None, "not-checked"} else VERDICTS[v] for v in scene.verdicts if v]
    old, new = words if len(words) == 2 else (words[0], words[0])
    if old == new:
        return new
    return f"{old or VERDICTS['not-checked']} {ARROW} {new or VERDICTS['not-checked']}"


def why_failed(scene: SceneChange) -> str:
    """Return why the scene was not analysed, by the newest report that says so."""
    for side in (scene.new, scene.old):
        if side is not None and side.result.status == "failed":
            return clean(side.result.error or "no reason given")
    return ""


def failure_lead(scene: SceneChange) -> str:
    """Return what ``why_failed`` is the reason of."""
    return "Not analysed in the old report." if scene.state == "mended" else "Not analysed."


def value(found: object) -> str:
    """Return a setting as it is shown; a checksum by its first digits."""
    if found is None:
        return "none"
    if isinstance(found, str):
        text = clean(found)
        is_digest = len(text) == _DIGEST and not text.strip("0123456789abcdef")
        return f"{text[:_DIGEST_SHOWN]}\u2026" if is_digest else text
    return clean(json.dumps(found, ensure_ascii=False))


def difference_name(difference: Difference) -> str:
    """Return what differs: ``model version``, ``six.safetensors``, ``voices.tell``."""
    name = clean(difference.name)
    return f"{difference.kind} {name}" if difference.kind in {"model", "manifest"} else name


def sound_note(scene: SceneChange) -> str:
    """Return how the two runs' sound differs, as a sentence; nothing if it does not."""
    if not scene.sound:
        return ""
    parts = (f"{clean(d.name)} {value(d.old)} {ARROW} {value(d.new)}" for d in scene.sound)
    return f"The runs heard different sound: {', '.join(parts)}."


def run_line(report: Report) -> str:
    """Return ``ensemble, version 3, by voxemo-scan 0.1.0``."""
    model = f"{clean(report.model.name)}, version {clean(report.model.version)}"
    return f"{model}, by voxemo-scan {clean(report.version)}"


def drift_line(comparison: Comparison) -> str:
    """Return ``drift 5.2 points (angry in A Few Good Men)``."""
    scene = comparison.farthest
    if scene is None or scene.largest is None:
        return "no drift can be measured: no scene has shares in both reports"
    move = scene.largest
    where = f"{move.emotion} in {scene_title(scene)}"
    return f"drift {100 * abs(move.change):.1f} points ({where})"


def counts_line(comparison: Comparison) -> str:
    """Return ``3 scenes measured, 1 new``."""
    states = [scene.state for scene in comparison.scenes]
    measured = states.count("measured")
    parts = [f"{measured} scene{'' if measured == 1 else 's'} measured"]
    parts += [f"{states.count(s)} {text}" for s, text in STATES.items() if text and s in states]
    return ", ".join(parts)
