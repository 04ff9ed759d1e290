"""The manifest as it is written: which keys there are and what each may hold.

Every field arrives as text, list or dict (see ``document``) and reads its own text. The same
declarations give the loader its checks and editors their JSON Schema.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from voxemo_scan.emotions import Emotion
from voxemo_scan.manifest.fields import (
    AnyText,
    Dominant,
    Line,
    SceneId,
    Share,
    Shares,
    Source,
    Time,
)
from voxemo_scan.manifest.mistake import MistakeError
from voxemo_scan.manifest.rules import check_at_least, check_at_most, check_end, check_published


def _spoken_key(key: str, _info: object) -> str:
    return key.replace("_", " ").capitalize()


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, field_title_generator=_spoken_key)


class ExpectForm(_Form, title="Expectation"):
    """What a scene should show. A rule that fails makes `check` fail."""

    dominant: Annotated[
        Dominant | None,
        Field(description="The largest share belongs to this emotion, or to one of these."),
    ] = None
    at_least: Annotated[
        Shares | None, Field(description="Each emotion has at least this share.")
    ] = None
    at_most: Annotated[Shares | None, Field(description="Each emotion has at most this share.")] = (
        None
    )
    tolerance: Annotated[
        Share | None,
        Field(description="How far a share may miss its rule; overrides expect_tolerance."),
    ] = None

    @field_validator("at_least")
    @classmethod
    def _can_all_be_met(cls, value: dict[Emotion, float] | None) -> dict[Emotion, float] | None:
        check_at_least(value or {})
        return value

    @field_validator("at_most")
    @classmethod
    def _agrees_with_at_least(
        cls, value: dict[Emotion, float] | None, info: ValidationInfo
    ) -> dict[Emotion, float] | None:
        check_at_most(value or {}, at_least=info.data.get("at_least") or {})
        return value

    @model_validator(mode="after")
    def _has_a_rule(self) -> Self:
        if not (self.dominant or self.at_least or self.at_most):
            raise MistakeError("expect states no rule; give dominant, at_least or at_most")
        return self


class SceneForm(_Form, title="Scene"):
    """One scene of a film."""

    id: Annotated[SceneId, Field(description="Names the scene in reports, files and --only.")]
    title: Annotated[Line | None, Field(description="Shown in reports; the id if absent.")] = None
    film: Annotated[
        SceneId | None, Field(description="Scenes of one film, by this id, share their voices.")
    ] = None
    source: Annotated[
        Source, Field(description="A web address, or a path as seen from the manifest's folder.")
    ]
    start: Annotated[
        Time | None,
        Field(description="Where the scene begins; if absent, t= or start= in the address counts."),
    ] = None
    end: Annotated[
        Time | None, Field(description="Where the scene ends; the source's end if absent.")
    ] = None
    expect: Annotated[ExpectForm | None, Field(description="What the scene should show.")] = None
    published: Annotated[
        Shares | None,
        Field(description="Shares published elsewhere: shown beside ours, never checked."),
    ] = None
    known_failure: Annotated[
        AnyText | None,
        Field(description="Why the expectation fails today: reported, but not held against a run."),
    ] = None

    @field_validator("end")
    @classmethod
    def _follows_start(cls, value: float | None, info: ValidationInfo) -> float | None:
        if value is not None and "start" in info.data:
            check_end(value, start_s=info.data["start"], source=info.data.get("source", ""))
        return value

    @field_validator("published")
    @classmethod
    def _fits_in_a_whole(cls, value: dict[Emotion, float] | None) -> dict[Emotion, float] | None:
        check_published(value or {})
        return value

    @field_validator("known_failure")
    @classmethod
    def _has_something_to_fail(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("expect", ...) is None:
            raise MistakeError("known_failure needs an expect that fails")
        return value


class DefaultsForm(_Form, title="Defaults"):
    """What holds for every scene that does not say otherwise."""

    expect_tolerance: Annotated[
        Share | None, Field(description="How far a share may miss its rule.")
    ] = None


class ManifestForm(_Form, title="voxemo-scan manifest"):
    """A list of film scenes for voxemo-scan, and what each should sound like."""

    name: Annotated[Line | None, Field(description="The report's title; the file's if absent.")] = (
        None
    )
    defaults: Annotated[DefaultsForm | None, Field(description="What holds for every scene.")] = (
        None
    )
    scenes: Annotated[
        tuple[SceneForm, ...],
        Field(description="In the order of the report.", json_schema_extra={"minItems": 1}),
    ]

    @field_validator("scenes")
    @classmethod
    def _are_some(cls, value: tuple[SceneForm, ...]) -> tuple[SceneForm, ...]:
        if not value:
            raise MistakeError("is empty")
        return value
