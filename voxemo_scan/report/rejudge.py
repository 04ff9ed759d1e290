"""Holds an existing report against a manifest as it is now, without scanning anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from voxemo_scan.report.document import Report, ReportScene, judge
from voxemo_scan.scan.result import SceneResult

if TYPE_CHECKING:
    from voxemo_scan.manifest.model import Manifest, Scene


def report_folder(manifest: Path) -> Path:
    """Return where the reports of a manifest file go: ``reports/demo`` for ``demo.yaml``."""
    return Path("reports", manifest.stem)


def rejudge(report: Report, *, manifest: Manifest) -> Report:
    """Return ``report`` with the manifest's scenes in its order, judged by its expectations.

    A scene that the report holds no result for is a failed one, whose error says so; results of
    scenes that left the manifest are left out.
    """
    results = {scene.result.id: scene.result for scene in report.scenes}
    return replace(
        report,
        manifest_name=manifest.name,
        manifest_path=str(manifest.path),
        scenes=tuple(_judged(scene, results, path=manifest.path) for scene in manifest.scenes),
    )


def _judged(scene: Scene, results: dict[str, SceneResult], *, path: Path) -> ReportScene:
    result = results.get(scene.id)
    return judge(_absent(scene, path) if result is None else result, scene=scene)


def _absent(scene: Scene, path: Path) -> SceneResult:
    return SceneResult(
        id=scene.id,
        title=scene.title,
        source=scene.source,
        status="failed",
        film=scene.film,
        error="the report holds no result for it",
        remedy=f"scan it with voxemo-scan run {path}",
    )
