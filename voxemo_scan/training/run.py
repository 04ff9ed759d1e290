"""From recipe to weight file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import torch

from voxemo_scan.errors import UsageError
from voxemo_scan.models.encoder import EncoderNetwork
from voxemo_scan.models.weights import EncoderDescription, save_network
from voxemo_scan.progress import Progress
from voxemo_scan.training.encoder_fit import fit_heads
from voxemo_scan.training.encoder_recipe import EncoderRecipe
from voxemo_scan.training.film.backgrounds import load_backgrounds
from voxemo_scan.training.fit import describe, fit
from voxemo_scan.training.initial import initial_file, load_initial
from voxemo_scan.training.prepare import Prepared
from voxemo_scan.training.recipe import AnyRecipe
from voxemo_scan.training.report import EpochReport
from voxemo_scan.training.states import load_states
from voxemo_scan.training.tuned_run import train_tuned
from voxemo_scan.training.zoo.recipe import ZooRecipe

OnEpoch = Callable[[EpochReport], None]
_CPU: Final = torch.device("cpu")


def train_to_file(
    recipe: AnyRecipe,
    prepared: Prepared,
    *,
    seed: int,
    folder: Path,
    encoder: str | None = None,
    device: torch.device = _CPU,
    on_epoch: OnEpoch = lambda _: None,
    progress: Progress | None = None,
) -> Path:
    """Train ``recipe`` on a protocol's training part and return the weight file in ``folder``.

    ``encoder`` names the initial weights of an encoder member instead of the recipe; where its
    blocks are trained, they are on ``device``.

    Raises:
        MissingError: the initial weights are not to be had.
        UsageError: the recipe needs a validation part, and the split has none.
    """
    if isinstance(recipe, EncoderRecipe):
        return _train_encoder(
            recipe, prepared, seed=seed, folder=folder, encoder=encoder or recipe.initial,
            device=device, on_epoch=on_epoch, progress=progress,
        )  # fmt: skip
    if prepared.split.merged:
        raise UsageError(
            f"{recipe.name} is not trained without a validation part",
            remedy="leave out --merge, or train an encoder member",
        )
    if isinstance(recipe, ZooRecipe):
        from voxemo_scan.training.zoo.fit import fit_zoo  # noqa: PLC0415  (loads scikit-learn)

        return fit_zoo(recipe, prepared, seed=seed, folder=folder)
    split = prepared.split
    network = fit(recipe, split, prepared.signals, seed=seed, folder=folder, on_epoch=on_epoch)
    path = folder / f"{recipe.name}.safetensors"
    save_network(network, path, description=describe(recipe, split, seed=seed))
    return path


def _train_encoder(
    recipe: EncoderRecipe,
    prepared: Prepared,
    *,
    seed: int,
    folder: Path,
    encoder: str,
    device: torch.device,
    on_epoch: OnEpoch,
    progress: Progress | None,
) -> Path:
    shape = recipe.shape
    backgrounds = load_backgrounds(prepared.data, "train") if recipe.filmed else None
    blocks, sha256 = load_initial(initial_file(encoder), shape.whisper)
    split = prepared.split
    if recipe.tuning:
        network = train_tuned(
            recipe, prepared, blocks, seed=seed, folder=folder, device=device,
            backgrounds=backgrounds, on_epoch=on_epoch, progress=progress,
        )  # fmt: skip
    else:
        banks = [
            load_states(
                blocks,
                prepared.utterances,
                prepared.signals,
                layers=shape.layers,
                copy=copy,
                encoder_sha256=sha256,
                cache_folder=prepared.cache_folder,
                backgrounds=backgrounds,
                progress=progress,
            )
            for copy in recipe.copies
        ]
        network = EncoderNetwork(shape)
        network.whisper.load_state_dict(blocks.state_dict())
        heads = fit_heads(recipe, split, banks, seed=seed, on_epoch=on_epoch)
        for head, trained in zip(network.heads, heads, strict=True):
            head.load_state_dict(trained.state_dict())
    path = folder / f"{recipe.name}.safetensors"
    description = EncoderDescription(
        kind="encoder",
        name=recipe.name,
        shape=shape,
        speeds=recipe.speeds,
        protocol=split.protocol,
        fold=split.fold,
        added=split.added,
        merged=split.merged,
        seed=seed,
        recipe=recipe.model_dump(mode="json"),
    )
    save_network(network, path, description=description)
    return path
