"""The list of shipped weight files; reading it loads no network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from voxemo_scan.errors import MissingError
from voxemo_scan.models.identity import ModelInfo

WEIGHTS_FOLDER: Final = Path(__file__).parent / "weights"
INDEX_NAME: Final = "index.json"


class WeightFile(BaseModel):
    """One weight file of the index."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: str


class WeightIndex(BaseModel):
    """``index.json``: which weight files make the shipped model, with their checksums.

    ``temperature`` calibrates the members' mean distribution; it is fitted on validation data.
    ``speech_level_db`` is the level of the speech that the members learned from.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    version: str
    temperature: float = 1.0
    speech_level_db: float | None = None
    files: dict[str, WeightFile]

    @property
    def calibration(self) -> dict[str, float | None]:
        """Return what is fitted around the networks, as JSON values."""
        return {"temperature": self.temperature, "speech_level_db": self.speech_level_db}

    @property
    def info(self) -> ModelInfo:
        """Return the model's identity for reports and keys."""
        return ModelInfo(self.name, self.version, {n: f.sha256 for n, f in self.files.items()})


def read_index(folder: Path = WEIGHTS_FOLDER) -> WeightIndex:
    """Return the index of the shipped model.

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
