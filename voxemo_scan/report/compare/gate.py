"""Whether a comparison lets a new model pass, and if not, why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from voxemo_scan.errors import ExitCode
from voxemo_scan.report.compare.document import Comparison
from voxemo_scan.report.compare.wording import scene_title
from voxemo_scan.text import percent_apart

_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Gate:
    """What a comparison comes to: the exit code, and a sentence for each reason against it.

    ``max_drift`` is the drift that was allowed, a fraction, None if none was asked for.
    """

    exit_code: ExitCode
    reasons: tuple[str, ...] = ()
    max_drift: float | None = None


def hold(comparison: Comparison, *, max_drift: float | None = None) -> Gate:
    """Return whether nothing went wrong from the old report to the new one.

    A scene that can no longer be analysed (3) outranks the rest (1): expectations that held and
    do so no longer, and, where ``max_drift`` is given, a drift past it, a scene in which only one
    run found speech, or nothing that could be measured at all.
    """
    failed = tuple(
        f"{scene_title(scene)} could not be analysed any more"
        for scene in comparison.scenes
        if scene.state == "newly-failed"
    )
    others = (*_broken(comparison), *_past(comparison, max_drift))
    code = ExitCode.SCENE_FAILED if failed else ExitCode.CHECK_FAILED if others else ExitCode.OK
    return Gate(code, (*failed, *others), max_drift)


def _broken(comparison: Comparison) -> Iterator[str]:
    for scene in comparison.scenes:
        if scene.broke and scene.state != "newly-failed":
            changed = " (which were changed, too)" if scene.expectations_changed else ""
            yield f"{scene_title(scene)} no longer meets its expectations{changed}"


def _past(comparison: Comparison, max_drift: float | None) -> Iterator[str]:
    if max_drift is None:
        return
    if comparison.drift is None:
        yield "no scene has shares in both reports, so no drift can be measured"
    for scene in comparison.scenes:
        move = scene.largest
        if move is not None and abs(move.change) > max_drift + _ROUNDING:
            points = percent_apart(abs(move.change), bound=max_drift).removesuffix(" %")
            yield (
                f"{move.emotion} in {scene_title(scene)} drifted by {points} points, "
                f"past the allowed {100 * max_drift:g}"
            )
        if scene.incomparable:
            which = "new" if scene.state == "speech-lost" else "old"
            yield f"{scene_title(scene)} has no speech in the {which} report, past any drift"
