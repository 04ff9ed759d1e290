"""From recipe to weight file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from voxemo_scan.models.weights import Description, save_network
from voxemo_scan.training.fit import EpochReport, fit
from voxemo_scan.training.recipe import Recipe
from voxemo_scan.training.signals import Signals
from voxemo_scan.training.splits import Split


def train_to_file(
    recipe: Recipe,
    split: Split,
    signals: Signals,
    *,
    seed: int,
    folder: Path,
    on_epoch: Callable[[EpochReport], None] = lambda _: None,
) -> Path:
    """Train ``recipe`` on ``split`` and return the weight file, written into ``folder``."""
    network = fit(recipe, split, signals, seed=seed, folder=folder, on_epoch=on_epoch)
    path = folder / f"{recipe.name}.safetensors"
    description = Description(
        name=recipe.name,
        shape=recipe.shape,
        image=recipe.image,
        protocol=split.protocol,
        seed=seed,
        recipe=recipe.model_dump(mode="json"),
    )
    save_network(network, path, description=description)
    return path
