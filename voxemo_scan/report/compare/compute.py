"""Finds what lies between two reports; scenes belong together by their id."""

from __future__ import annotations

from typing import Final

from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.errors import UsageError
from voxemo_scan.report.compare.differences import run_differences, sound_differences
from voxemo_scan.report.compare.document import (
    Comparison,
    Interval,
    Move,
    Reach,
    SceneChange,
    State,
)
from voxemo_scan.report.compare.moments import same_moments
from voxemo_scan.report.document import Report, ReportScene
from voxemo_scan.scan.result import SceneResult, Status
from voxemo_scan.text import clean

_ROUNDING: Final = 1e-9
_STATES: Final[dict[tuple[Status, Status], State]] = {
    ("ok", "ok"): "measured",
    ("ok", "no-speech"): "speech-lost",
    ("no-speech", "ok"): "speech-found",
    ("no-speech", "no-speech"): "no-speech",
    ("failed", "failed"): "still-failed",
    ("ok", "failed"): "newly-failed",
    ("no-speech", "failed"): "newly-failed",
    ("failed", "ok"): "mended",
    ("failed", "no-speech"): "mended",
}


def compare(old: Report, new: Report, *, old_path: str, new_path: str) -> Comparison:
    """Return what lies between two reports.

    Raises:
        UsageError: they have no scene in common, or one has two scenes of one id.
    """
    before, after = _by_id(old, path=old_path), _by_id(new, path=new_path)
    if not before.keys() & after.keys():
        raise UsageError(
            f"{old_path} and {new_path} have no scene in common",
            remedy="compare reports of the same manifest; scenes belong together by their id",
        )
    names = [*after, *(name for name in before if name not in after)]
    return Comparison(
        old=old,
        new=new,
        old_path=old_path,
        new_path=new_path,
        differences=run_differences(old, new),
        scenes=tuple(_scene(name, before.get(name), after.get(name)) for name in names),
    )


def reach(old: float, new: float, *, old_ci: Interval | None, new_ci: Interval | None) -> Reach:
    """Return how far a share's change reaches beyond the two runs' intervals."""
    if old_ci is None or new_ci is None:
        return "unknown"
    if max(old_ci[0], new_ci[0]) > min(old_ci[1], new_ci[1]) + _ROUNDING:
        return "apart"
    return "within" if _holds(old_ci, new) and _holds(new_ci, old) else "outside"


def _holds(interval: Interval, share: float) -> bool:
    return interval[0] - _ROUNDING <= share <= interval[1] + _ROUNDING


def _by_id(report: Report, *, path: str) -> dict[str, ReportScene]:
    scenes: dict[str, ReportScene] = {}
    for scene in report.scenes:
        if scene.result.id in scenes:
            raise UsageError(
                f"{path} has two scenes with the id {clean(scene.result.id)!r}",
                remedy="write it anew with voxemo-scan run MANIFEST",
            )
        scenes[scene.result.id] = scene
    return scenes


def _scene(name: str, old: ReportScene | None, new: ReportScene | None) -> SceneChange:
    if old is None or new is None:
        return SceneChange(name, "added" if old is None else "removed", old, new)
    before, after = old.result, new.result
    state = _STATES[before.status, after.status]
    sound = () if "failed" in {before.status, after.status} else sound_differences(before, after)
    measured = state == "measured"
    return SceneChange(
        id=name,
        state=state,
        old=old,
        new=new,
        moves=tuple(_move(emotion, before, after) for emotion in EMOTIONS) if measured else (),
        same_moments=same_moments(before, after) if measured and not sound else None,
        sound=sound,
        expectations_changed=_rules(old) != _rules(new),
    )


def _rules(scene: ReportScene) -> list[tuple[str, str]]:
    return [(check.rule, check.expected) for check in scene.checks]


def _move(emotion: Emotion, old: SceneResult, new: SceneResult) -> Move:
    before, after = old.shares[emotion], new.shares[emotion]
    old_ci, new_ci = old.share_ci.get(emotion), new.share_ci.get(emotion)
    found = reach(before, after, old_ci=old_ci, new_ci=new_ci)
    return Move(emotion, before, after, old_ci, new_ci, found)
