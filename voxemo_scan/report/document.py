"""A report as plain values: what every report file is written from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from voxemo_scan.check.verdict import CheckResult, Verdict, check_scene, exit_code, scene_verdict
from voxemo_scan.emotions import Emotion
from voxemo_scan.errors import ExitCode
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.scan.result import SceneResult

if TYPE_CHECKING:
    from voxemo_scan.manifest.model import Scene

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"


@dataclass(frozen=True, slots=True)
class ReportScene:
    """One scene: its result, its checks, and the figures others published (fractions, 0..1)."""

    result: SceneResult
    checks: tuple[CheckResult, ...] = ()
    verdict: Verdict = "not-checked"
    published: dict[Emotion, float] = field(default_factory=dict)
    known_failure: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All of a run. ``created`` is ISO 8601 in UTC, ``version`` voxemo-scan's own."""

    manifest_name: str
    manifest_path: str
    created: str
    version: str
    model: ModelInfo
    parameters: dict[str, JSON] = field(default_factory=dict)
    scenes: tuple[ReportScene, ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """What a command that shows this report ends with."""
        return exit_code((scene.result.status, scene.verdict) for scene in self.scenes)


def judge(result: SceneResult, *, scene: Scene, check: bool = True) -> ReportScene:
    """Return ``result`` with what ``scene`` publishes and, unless ``check`` is off, expects."""
    checks = check_scene(result, scene) if check else ()
    return ReportScene(
        result=result,
        checks=checks,
        verdict=scene_verdict(checks, known_failure=scene.known_failure, status=result.status),
        published=dict(scene.published),
        known_failure=scene.known_failure,
    )
