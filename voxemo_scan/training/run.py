"""From recipe to weight file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, cast

import torch
from torch import nn

from voxemo_scan.errors import UsageError
from voxemo_scan.models.adaptation import VoiceListener
from voxemo_scan.models.encoder import EncoderNetwork
from voxemo_scan.models.head import Head
from voxemo_scan.models.weights import EncoderDescription, save_network
from voxemo_scan.progress import Progress
from voxemo_scan.training.adaptive_fit import fit_adaptive_head
from voxemo_scan.training.clarity import train_clarity
from voxemo_scan.training.encoder_fit import fit_heads, validate_head
from voxemo_scan.training.encoder_recipe import EncoderRecipe, HeadTraining, Joint
from voxemo_scan.training.film.backgrounds import Backgrounds, load_backgrounds
from voxemo_scan.training.fit import describe, fit
from voxemo_scan.training.initial import initial_file, load_initial
from voxemo_scan.training.joint import train_jointly
from voxemo_scan.training.listening import fit_listener
from voxemo_scan.training.mixture_fit import fit_mixture
from voxemo_scan.training.prepare import Prepared
from voxemo_scan.training.recipe import AnyRecipe
from voxemo_scan.training.report import EpochReport
from voxemo_scan.training.spectrograms import load_spectrograms
from voxemo_scan.training.splits import Split
from voxemo_scan.training.states import StateBank, load_states
from voxemo_scan.training.tune import tune
from voxemo_scan.training.voice_clips import Statistics, VoiceClips, statistics_of, voice_clips
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

    ``encoder`` names the initial weights of an encoder member instead of the recipe; blocks and
    heads that are trained together are trained on ``device``.

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
    backgrounds = load_backgrounds(prepared.data, "train") if recipe.filmed else None
    train = _train_joint if recipe.joint else _train_heads
    network = train(
        recipe, prepared, seed=seed, folder=folder, encoder=encoder, device=device,
        backgrounds=backgrounds, on_epoch=on_epoch, progress=progress,
    )  # fmt: skip
    split = prepared.split
    path = folder / f"{recipe.name}.safetensors"
    description = EncoderDescription(
        kind="encoder",
        name=recipe.name,
        shape=recipe.shape,
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


def _train_joint(
    recipe: EncoderRecipe,
    prepared: Prepared,
    *,
    seed: int,
    folder: Path,
    encoder: str,
    device: torch.device,
    backgrounds: Backgrounds | None,
    on_epoch: OnEpoch,
    progress: Progress | None,
) -> EncoderNetwork:
    """Return a network whose last blocks and heads were trained together."""
    joint = cast(Joint, recipe.joint)
    blocks, _ = load_initial(initial_file(encoder), recipe.shape.whisper)
    network = EncoderNetwork(recipe.shape)
    network.whisper.load_state_dict(blocks.state_dict())
    bank = load_spectrograms(
        prepared.utterances, prepared.signals, joint.copies, cache_folder=prepared.cache_folder,
        backgrounds=backgrounds, progress=progress,
    )  # fmt: skip
    return train_jointly(
        network.to(device), recipe, joint, prepared.split, bank, seed=seed, folder=folder,
        on_epoch=on_epoch,
    ).cpu()  # fmt: skip


def _train_heads(
    recipe: EncoderRecipe,
    prepared: Prepared,
    *,
    seed: int,
    folder: Path,
    encoder: str,
    device: torch.device,  # noqa: ARG001  (heads over kept states are trained on the processor)
    backgrounds: Backgrounds | None,
    on_epoch: OnEpoch,
    progress: Progress | None,
) -> EncoderNetwork:
    """Return a network of heads over frozen blocks, of which the last may then be tuned."""
    shape = recipe.shape
    blocks, sha256 = load_initial(initial_file(encoder), shape.whisper)
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
    split = prepared.split
    heads: list[Head] = fit_heads(recipe, split, banks, seed=seed, on_epoch=on_epoch)
    if recipe.adaptive:
        clips = voice_clips(recipe, split, banks)
        statistics = statistics_of(clips)
        adaptive, listener = _fit_adaptive(
            recipe, recipe.adaptive, split, banks[0], clips=clips, statistics=statistics,
            seed=seed, on_epoch=on_epoch,
        )  # fmt: skip
        heads += adaptive
        cast(VoiceListener, network.listener).load_state_dict(listener.state_dict())
        if network.mixture:
            mixture = fit_mixture(clips, statistics, dims=recipe.mixture)
            network.mixture.load_state_dict(mixture.state_dict())
    for head, trained in zip(network.heads, heads, strict=True):
        head.load_state_dict(trained.state_dict())
    if recipe.clarity and backgrounds and network.listener:
        slow = [bank for bank, copy in zip(banks, recipe.copies, strict=True) if copy.speed == 1.0]
        layer = train_clarity(
            blocks, split, prepared.signals, slow, backgrounds,
            listener=network.listener, layers=shape.layers, each=recipe.clarity,
            seed=seed,
        )  # fmt: skip
        cast(nn.Linear, network.clarity).load_state_dict(layer.state_dict())
    if recipe.tuning:
        network = tune(
            network, recipe, recipe.tuning, split, prepared.signals, seed=seed, folder=folder,
            backgrounds=backgrounds, on_epoch=on_epoch,
        )  # fmt: skip
    return network


def _fit_adaptive(
    recipe: EncoderRecipe,
    training: HeadTraining,
    split: Split,
    whole: StateBank,
    *,
    clips: VoiceClips,
    statistics: Statistics,
    seed: int,
    on_epoch: OnEpoch,
) -> tuple[list[Head], VoiceListener]:
    """Return heads that can hear what is left of a voice, and what tells how much to leave."""
    heads: list[Head] = [
        fit_adaptive_head(
            recipe, training, clips, statistics, seed=seed, number=number, on_epoch=on_epoch,
            validate=lambda head: validate_head(head, split, whole),
        )
        for number in range(training.heads)
    ]  # fmt: skip
    listener = fit_listener(
        recipe, training, recipe.listening, clips, statistics, seed=seed, on_epoch=on_epoch
    )
    return heads, listener
