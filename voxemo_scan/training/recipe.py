"""Recipes: everything that a training run depends on but the data, in one YAML file."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from voxemo_scan.errors import UsageError
from voxemo_scan.features.image import ImageOptions
from voxemo_scan.models.networks import ClassicShape
from voxemo_scan.training.encoder_recipe import EncoderRecipe
from voxemo_scan.training.zoo.recipe import ZooRecipe

_FOLDER: Final = files("voxemo_scan.training") / "recipes"


class Augmentation(BaseModel):
    """How training clips are varied, anew each epoch; each probability is 0..1.

    ``crop`` is the largest fraction taken off either end of a clip that fits its window,
    ``speeds`` the factors by which tempo and pitch are scaled together.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    gain_db: float = 6.0
    crop: float = Field(default=0.15, ge=0, lt=0.5)
    noise_probability: float = Field(default=0.3, ge=0, le=1)
    noise_snr_db: tuple[float, float] = (5.0, 30.0)
    filter_probability: float = Field(default=0.2, ge=0, le=1)
    speed_probability: float = Field(default=0.5, ge=0, le=1)
    speeds: tuple[float, ...] = (0.9, 0.95, 1.05, 1.1)
    mask_frames: int = Field(default=28, ge=0, lt=140)
    mask_rows: int = Field(default=20, ge=0, lt=128)
    mixup_alpha: float = Field(default=0.2, ge=0)


class Recipe(BaseModel):
    """A training run; ``patience`` is the epochs without a better validation UA before it stops."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["classic"] = "classic"
    name: str
    labels: Literal[6, 12]
    pooling: Literal["average", "max"]
    widths: tuple[int, ...] = (32, 64, 128, 192)
    dropout: float = Field(default=0.2, ge=0, lt=1)
    image: ImageOptions = ImageOptions()
    epochs: int = Field(default=20, ge=1)
    patience: int = Field(default=8, ge=1)
    batch: int = Field(default=64, ge=2)
    learning_rate: float = Field(default=2e-3, gt=0)
    weight_decay: float = Field(default=1e-2, ge=0)
    label_smoothing: float = Field(default=0.05, ge=0, lt=1)
    augmentation: Augmentation = Augmentation()

    @property
    def shape(self) -> ClassicShape:
        """Return the network's shape."""
        return ClassicShape(self.labels, self.pooling, self.widths, self.dropout)


def recipe_names() -> tuple[str, ...]:
    """Return the names of the recipes that come with the tool."""
    return tuple(sorted(f.name.removesuffix(".yaml") for f in _FOLDER.iterdir()))


AnyRecipe = Recipe | EncoderRecipe | ZooRecipe


def load_recipe(name_or_path: str) -> AnyRecipe:
    """Return a recipe by name, or from a file of one's own.

    Raises:
        UsageError: no such recipe, or it cannot be understood.
    """
    if name_or_path in recipe_names():
        text = (_FOLDER / f"{name_or_path}.yaml").read_text("utf-8")
    else:
        text = _read(Path(name_or_path))
    try:
        values = YAML(typ="safe", pure=True).load(text)
        kind = values.get("kind", "classic") if isinstance(values, dict) else "classic"
        if kind == "encoder":
            return EncoderRecipe.model_validate(values)
        if kind != "classic":
            return ZooRecipe.model_validate(values)
        return Recipe.model_validate(values)
    except (YAMLError, ValidationError) as error:
        raise UsageError(
            f"recipe {name_or_path}: {error}", remedy="see the recipes of the tool"
        ) from error


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"no recipe {path}", remedy=f"choose {', '.join(recipe_names())}, or give a file"
        ) from error
