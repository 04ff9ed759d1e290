"""The list of shipped weight files; reading it loads no network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from voxemo_scan.errors import MissingError, UsageError
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.models.judgement import AS_IT_IS, Calibration

WEIGHTS_FOLDER: Final = Path(__file__).parent / "weights"
INDEX_NAME: Final = "index.json"
ENCODER: Final = "encoder"
"""The member whose convolutions voices are told apart by."""


class WeightFile(BaseModel):
    """One weight file of the index."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: str


class Part(BaseModel):
    """A member's part in a model: its share of the mean and its own temperature."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weight: float = 1.0
    temperature: float = 1.0


class ShippedModel(BaseModel):
    """A model that can be chosen: its members' parts, and what calibrates their mean.

    ``adapted`` calibrates windows that are heard beside the others of their voice.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    parts: dict[str, Part]
    calibration: Calibration = AS_IT_IS
    adapted: Calibration = AS_IT_IS


class WeightIndex(BaseModel):
    """``index.json``: the members' weight files with checksums, and the models made of them.

    Weights, temperatures and leanings are fitted on validation data. ``speech_level_db`` is the
    level of the speech that the members learned from. ``voices`` is the file by which encoders
    tell voices apart, if there is one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str
    default: str
    speech_level_db: float | None = None
    voices: dict[str, WeightFile] = {}
    members: dict[str, dict[str, WeightFile]]
    models: dict[str, ShippedModel]

    @model_validator(mode="after")
    def _names_agree(self) -> WeightIndex:
        if self.default not in self.models:
            raise ValueError(f"the default {self.default} is no model")
        for name, model in self.models.items():
            if unknown := model.parts.keys() - self.members.keys():
                raise ValueError(f"model {name} has unknown members {', '.join(sorted(unknown))}")
        return self

    def model(self, name: str | None) -> tuple[str, ShippedModel]:
        """Return a model's name and what it is made of; the default without a name.

        Raises:
            UsageError: there is no such model.
        """
        chosen = name or self.default
        if chosen not in self.models:
            raise UsageError(
                f"there is no model {chosen!r}", remedy=f"choose {', '.join(sorted(self.models))}"
            )
        return chosen, self.models[chosen]

    def calibration(self, name: str | None = None) -> dict[str, Any]:
        """Return what is fitted around a model's networks, as JSON values."""
        return self.model(name)[1].model_dump() | {"speech_level_db": self.speech_level_db}

    def explains(self, name: str | None = None) -> bool:
        """Return whether verdicts of a model can be explained: only encoders' are.

        Raises:
            UsageError: there is no model of that name.
        """
        return ENCODER in self.model(name)[1].parts

    def info(self, name: str | None = None) -> ModelInfo:
        """Return a model's identity for reports and keys."""
        chosen, model = self.model(name)
        files = {n: f.sha256 for part in model.parts for n, f in self.members[part].items()}
        if ENCODER in model.parts:
            files |= {name: file.sha256 for name, file in self.voices.items()}
        return ModelInfo(chosen, self.version, files)

    @property
    def files(self) -> dict[str, WeightFile]:
        """Return all weight files: the members', and the one that tells voices apart."""
        every = [*self.members.values(), self.voices]
        return {name: file for files in every for name, file in files.items()}


def read_index(folder: Path = WEIGHTS_FOLDER) -> WeightIndex:
    """Return the index of the shipped models.

    Raises:
        MissingError: it is not there or cannot be understood.
    """
    path = folder / INDEX_NAME
    try:
        return WeightIndex.model_validate(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, ValidationError) as error:
        raise MissingError(
            f"the list of model weights, {path}, cannot be read", remedy="reinstall voxemo-scan"
        ) from error
