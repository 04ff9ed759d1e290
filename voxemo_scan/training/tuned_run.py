"""From recipe to network where blocks are trained: blocks and heads, then what hears a voice.

Each stage is kept in the run's folder when it is finished: what took an hour is not made again
because what came after it was stopped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from voxemo_scan.models.adaptation import VoiceListener
from voxemo_scan.models.encoder import EncoderNetwork
from voxemo_scan.models.head import WideHead
from voxemo_scan.models.whisper import WhisperBlocks
from voxemo_scan.progress import Progress
from voxemo_scan.training.adaptive_fit import fit_adaptive_head
from voxemo_scan.training.clarity import train_clarity
from voxemo_scan.training.encoder_fit import OnEpoch
from voxemo_scan.training.encoder_recipe import EncoderRecipe, HeadTraining, Tuning
from voxemo_scan.training.film.backgrounds import Backgrounds
from voxemo_scan.training.finished import keep, kept
from voxemo_scan.training.listening import Part, deal, fit_listener, make_part
from voxemo_scan.training.prepare import Prepared
from voxemo_scan.training.spectrograms import SpectrogramBank, load_spectrograms
from voxemo_scan.training.splits import Split
from voxemo_scan.training.tune import tune
from voxemo_scan.training.voice_clips import (
    Statistics,
    VoiceClips,
    statistics_of,
    voice_clips,
    voices_of,
)


@dataclass(frozen=True)
class TunedRun:
    """One recipe's training on a split; ``blocks`` are what it starts from."""

    recipe: EncoderRecipe
    split: Split
    bank: SpectrogramBank
    blocks: WhisperBlocks
    seed: int
    folder: Path
    device: torch.device
    on_epoch: OnEpoch = lambda _: None

    def network(self) -> EncoderNetwork:
        """Return the network with blocks and heads trained, on the run's device."""
        return self._tuned(self.split, seed=self.seed, folder=self.folder)

    def part(self, number: int, own: NDArray[np.int64]) -> Part:
        """Return some of the training clips as what learned from the others alone hears them."""
        training = cast(HeadTraining, self.recipe.adaptive)
        folder = self.folder / f"part-{number}"
        path = folder / "part.safetensors"
        found = kept(path, key=self._key)
        if found is not None:
            return Part.of(found, self.recipe.shape.head)
        others = np.setdiff1d(np.arange(len(self.split.train)), own)
        train = tuple(self.split.train[n] for n in others)
        network = self._tuned(
            replace(self.split, train=train, validation=()),
            seed=100 * self.seed + 1 + number,
            folder=folder,
        )
        part = make_part(
            self.recipe, training, self._heard(network), own, seed=self.seed, number=number,
            device=self.device,
        )  # fmt: skip
        keep(path, part.tensors, key=self._key)
        return part

    def parts(self) -> list[Part]:
        """Return all training clips, part by part, as what did not learn from them hears them."""
        voices = voices_of(self.split.train, labels=self.recipe.labels)
        dealt = deal(voices, parts=self.recipe.listening.parts, seed=self.seed)
        return [self.part(number, own) for number, own in enumerate(dealt)]

    def adaptive(self, network: EncoderNetwork) -> tuple[list[WideHead], Statistics]:
        """Return heads that can hear what is left of a voice, over ``network``."""
        training = cast(HeadTraining, self.recipe.adaptive)
        path = self.folder / "adaptive.safetensors"
        found = kept(path, key=self._key)
        if found is None:
            clips = self._heard(network)
            statistics = statistics_of(clips)
            heads = [
                fit_adaptive_head(
                    self.recipe, training, clips, statistics, seed=self.seed, number=number,
                    device=self.device, on_epoch=self.on_epoch,
                )
                for number in range(training.heads)
            ]  # fmt: skip
            found = {f"statistics.{k}": v for k, v in statistics.tensors.items()}
            for number, head in enumerate(heads):
                found |= {f"{number}.{k}": v for k, v in head.state_dict().items()}
            keep(path, found, key=self._key)
        heads = [WideHead(self.recipe.shape.head).eval() for _ in range(training.heads)]
        for number, head in enumerate(heads):
            head.load_state_dict(_under(f"{number}.", found))
        return heads, Statistics.of(_under("statistics.", found))

    @property
    def _key(self) -> str:
        return (
            f"{self.recipe.model_dump_json(exclude={'listening', 'clarity', 'speeds'})} "
            f"{self.split.protocol} {self.split.fold} {len(self.split.train)} {self.seed}"
        )

    def _tuned(self, split: Split, *, seed: int, folder: Path) -> EncoderNetwork:
        torch.manual_seed(seed)
        network = EncoderNetwork(self.recipe.shape)
        network.whisper.load_state_dict(self.blocks.state_dict())
        return tune(
            network.to(self.device), self.recipe, cast(Tuning, self.recipe.tuning), split,
            self.bank, seed=seed, folder=folder, on_epoch=self.on_epoch,
        )  # fmt: skip

    def _heard(self, network: EncoderNetwork) -> VoiceClips:
        return voice_clips(
            network, self.recipe, self.split.train, self.bank, copies=self.voice_copies
        )

    @property
    def voice_copies(self) -> list[int]:
        """Return the copies in which voices are heard: the clips, and two of each variation."""
        chosen, first = [0], 1
        for variation in cast(Tuning, self.recipe.tuning).copies:
            chosen += range(first, first + min(2, variation.number))
            first += variation.number
        return chosen


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}


def train_tuned(
    recipe: EncoderRecipe,
    prepared: Prepared,
    blocks: WhisperBlocks,
    *,
    seed: int,
    folder: Path,
    device: torch.device,
    backgrounds: Backgrounds | None,
    on_epoch: OnEpoch,
    progress: Progress | None,
) -> EncoderNetwork:
    """Return the network that a recipe with tuning makes.

    Args:
        recipe: what to train.
        prepared: the protocol's parts and their sound.
        blocks: what to start from.
        seed: of everything random.
        folder: where finished stages are kept.
        device: where to train; the network is given back on the processor.
        backgrounds: what may lie under copies that sound like film.
        on_epoch: told how each epoch went.
        progress: is told how far drawing copies is.
    """
    tuning = cast(Tuning, recipe.tuning)
    split = prepared.split
    bank = load_spectrograms(
        prepared.utterances, prepared.signals, tuning.copies,
        cache_folder=prepared.cache_folder, backgrounds=backgrounds, progress=progress,
    )  # fmt: skip
    run = TunedRun(recipe, split, bank, blocks, seed, folder, device, on_epoch)
    network = run.network()
    if recipe.adaptive:
        _add_adaptive(network, run)
        if recipe.clarity and backgrounds:
            layer = train_clarity(
                network, split, prepared.signals, bank, backgrounds, copies=run.voice_copies,
                each=recipe.clarity, seed=seed,
            )  # fmt: skip
            cast(nn.Linear, network.clarity).load_state_dict(layer.state_dict())
    return network.cpu()


def _add_adaptive(network: EncoderNetwork, run: TunedRun) -> None:
    heads, statistics = run.adaptive(network)
    for head, trained in zip(network.heads[-len(heads) :], heads, strict=True):
        head.load_state_dict(trained.state_dict())
    listener = fit_listener(
        run.parts(), run.recipe.listening, statistics, seed=run.seed, on_epoch=run.on_epoch
    )
    cast(VoiceListener, network.listener).load_state_dict(listener.state_dict())
