"""``comparison.json``: the comparison for other programs, schema ``voxemo-scan/comparison/1``.

``comparison.schema.json`` beside this module describes it. Nothing is rounded.
"""

from __future__ import annotations

from typing import Final

from voxemo_scan.report.compare.document import Comparison, Difference, Move, SceneChange
from voxemo_scan.report.compare.gate import Gate
from voxemo_scan.report.document import JSON, Report

SCHEMA: Final = "voxemo-scan/comparison/1"


def to_json(comparison: Comparison, gate: Gate) -> dict[str, JSON]:
    """Return the comparison as JSON values."""
    farthest = comparison.farthest
    move = farthest.largest if farthest else None
    at: JSON = {"scene": farthest.id, "emotion": move.emotion} if farthest and move else None
    return {
        "schema": SCHEMA,
        "old": _run(comparison.old, path=comparison.old_path),
        "new": _run(comparison.new, path=comparison.new_path),
        "drift": comparison.drift,
        "drift_at": at,
        "max_drift": gate.max_drift,
        "exit_code": int(gate.exit_code),
        "reasons": list(gate.reasons),
        "differences": [_difference(each) for each in comparison.differences],
        "scenes": [_scene(scene) for scene in comparison.scenes],
    }


def _run(report: Report, *, path: str) -> dict[str, JSON]:
    return {
        "path": path,
        "created": report.created,
        "voxemo_scan": report.version,
        "manifest": {"name": report.manifest_name, "path": report.manifest_path},
        "model": {
            "name": report.model.name,
            "version": report.model.version,
            "sha256": dict(report.model.sha256),
        },
    }


def _difference(difference: Difference) -> dict[str, JSON]:
    return {
        "kind": difference.kind,
        "name": difference.name,
        "old": difference.old,
        "new": difference.new,
    }


def _scene(scene: SceneChange) -> dict[str, JSON]:
    old, new = scene.old, scene.new
    return {
        "id": scene.id,
        "title": scene.shown.result.title,
        "state": scene.state,
        "old_status": old.result.status if old else None,
        "new_status": new.result.status if new else None,
        "old_verdict": scene.verdicts[0],
        "new_verdict": scene.verdicts[1],
        "expectations_changed": scene.expectations_changed,
        "old_error": old.result.error if old else None,
        "new_error": new.result.error if new else None,
        "drift": scene.drift,
        "same_moments": scene.same_moments,
        "changes": {move.emotion: _move(move) for move in scene.moves},
        "sound": [_difference(each) for each in scene.sound],
    }


def _move(move: Move) -> dict[str, JSON]:
    return {
        "old": move.old,
        "new": move.new,
        "change": move.change,
        "old_ci": list(move.old_ci) if move.old_ci else None,
        "new_ci": list(move.new_ci) if move.new_ci else None,
        "reach": move.reach,
    }
