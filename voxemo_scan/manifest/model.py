"""The manifest's values: scenes, their sources and what they are expected to show."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from voxemo_scan.emotions import Emotion
from voxemo_scan.manifest.source import is_web, resolve_source


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Expectation(_Part):
    """What a scene should show; shares and tolerances are fractions, 0..1."""

    dominant: tuple[Emotion, ...] = ()
    at_least: dict[Emotion, float] = Field(default_factory=dict)
    at_most: dict[Emotion, float] = Field(default_factory=dict)
    tolerance: float = 0.0


class Scene(_Part):
    """One scene. ``source`` is a web address or a path that the manifest's folder resolves.

    ``line`` is where the scene stands in its file, ``rule_lines`` where each rule does, keyed
    ``dominant``, ``at_least.angry``, ``at_most.happy`` and so on (all 1-based).
    """

    id: str
    title: str
    source: str
    film: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    expect: Expectation | None = None
    published: dict[Emotion, float] = Field(default_factory=dict)
    known_failure: str | None = None
    line: int = Field(default=0, exclude=True)
    rule_lines: dict[str, int] = Field(default_factory=dict, exclude=True)

    @property
    def is_web(self) -> bool:
        """Whether the source is a web address and not a path."""
        return is_web(self.source)


class Manifest(_Part):
    """A list of scenes, and the file it came from."""

    name: str
    path: Path
    scenes: tuple[Scene, ...]

    def resolve(self, scene: Scene) -> Path | str:
        """Return the scene's address, or its path as seen from the manifest's folder."""
        return resolve_source(scene.source, folder=self.path.parent)
