"""Training an encoder member's last blocks together with the heads over them, from the start.

The heads begin alone, over blocks as they were; then the blocks learn with them, at rates that
fall from block to block. The running average of the weights is what is kept of a run (Izmailov et
al. 2018).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from voxemo_scan.models.encoder import EncoderNetwork
from voxemo_scan.models.head import DeepHead, WideHead, own_frames, summarise, to_moments
from voxemo_scan.models.precision import training_autocast
from voxemo_scan.models.whisper import hidden_lengths
from voxemo_scan.training.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.encoder_fit import Batch, head_loss, make_targets, mix_up
from voxemo_scan.training.encoder_recipe import EncoderRecipe, Joint
from voxemo_scan.training.finished import keep, kept
from voxemo_scan.training.report import EpochReport
from voxemo_scan.training.spectrograms import SpectrogramBank
from voxemo_scan.training.splits import Split
from voxemo_scan.training.trained_blocks import TrainedBlocks, alike

_JUDGED_AT_ONCE: Final = 64
_STATISTICS_CLIPS: Final = 600
_RISE: Final = 0.1
"""The part of their steps over which the blocks' rates rise."""
_HEADS_RISE: Final = 0.5
"""Epochs over which the heads' rate rises."""
_MOST_GRADIENT: Final = 1.0
_SPREAD: Final = (0.85, 1.18)
"""By how much a clip's length counts for less or more when clips of like length are found."""


def train_jointly(
    network: EncoderNetwork,
    recipe: EncoderRecipe,
    joint: Joint,
    split: Split,
    bank: SpectrogramBank,
    *,
    seed: int,
    folder: Path,
    on_epoch: Callable[[EpochReport], None] = lambda _: None,
) -> EncoderNetwork:
    """Return ``network``, its last blocks and the heads asked alone trained on ``split``.

    The same seed gives the same network on the same machine, also when a killed run is taken up
    again from ``folder``, where a checkpoint of the last epoch is kept, and in the end what was
    trained, in float16.

    Args:
        network: whose blocks are as they were before, on the device that is to train them.
        recipe: what it is made by.
        joint: how to train it.
        split: whose training part is learned from.
        bank: the clips and the copies to hear.
        seed: of everything random.
        folder: where the run is kept.
        on_epoch: told each epoch's loss and validation figures.
    """
    run = _Run(network, recipe, joint, split, bank=bank, seed=seed)
    path = folder / "joint.safetensors"
    made = kept(path, key=run.key)
    if made is None:
        averaged = run.finish(folder / "checkpoint.safetensors", on_epoch).state_dict()
        made = {name: averaged[name].half().cpu() for name in run.trained}
        keep(path, made, key=run.key)
        (folder / "checkpoint.safetensors").unlink(missing_ok=True)
    network.load_state_dict({name: each.float() for name, each in made.items()}, strict=False)
    return network.requires_grad_(False).eval()


class _Run:
    """One run's fixed parts; what changes lies in network, running average and optimiser."""

    def __init__(
        self,
        network: EncoderNetwork,
        recipe: EncoderRecipe,
        joint: Joint,
        split: Split,
        *,
        bank: SpectrogramBank,
        seed: int,
    ) -> None:
        self.network, self.recipe, self.joint = network, recipe, joint
        self.split, self.bank, self.seed = split, bank, seed
        self.device = network.device
        self.steps = len(split.train) // joint.batch
        self.blocks = TrainedBlocks(network.whisper, recipe.layers, joint.blocks)
        self.heads = network.heads[: network.shape.asked_alone]

    @property
    def key(self) -> str:
        """Say what a kept run must be of to be taken up."""
        learned = ("labels", "initial", "blocks", "layers", "inner", "dropout", "votes")
        counts = f"{self.recipe.wide.heads} {self.recipe.deep.heads} {self.recipe.gender_weight}"
        recipe = self.recipe.model_dump_json(include={*learned})
        clips = " ".join(sorted({f"{u.corpus}/{u.speaker}" for u in self.split.train}))
        part = f"{self.split.protocol} {self.split.fold} {len(self.split.train)} of {clips}"
        return f"{recipe} {counts} {self.joint.model_dump_json()} {part} {self.seed}"

    @property
    def trained(self) -> list[str]:
        """Return the names of what is trained, the heads' statistics with it."""
        blocks = range(self.blocks.frozen, len(self.network.whisper.layers))
        begin = (
            *(f"whisper.layers.{number}." for number in blocks),
            *(f"heads.{number}." for number in range(len(self.heads))),
        )
        return [name for name in self.network.state_dict() if name.startswith(begin)]

    def finish(self, path: Path, on_epoch: Callable[[EpochReport], None]) -> EncoderNetwork:
        """Train what the checkpoint at ``path`` lacks and return the running average."""
        self._begin()
        network, optimizer, epochs = self.network, self.optimizer, self.joint.epochs
        found = read_checkpoint(path, network=network, optimizer=optimizer, key=self.key)
        state = found or Checkpoint()
        if found:
            self.average.load_state_dict(state.best)
        while state.epoch < epochs:
            loss = self.train_epoch(state.epoch)
            state = replace(state, epoch=state.epoch + 1, best=self.average.state_dict())
            last = state.epoch == epochs
            if not last:
                write_checkpoint(path, state, network=network, optimizer=optimizer, key=self.key)
            ua, wa = self.validate() if last else (math.nan, math.nan)
            on_epoch(EpochReport(state.epoch, epochs, loss, ua, wa, best=last))
        return cast(EncoderNetwork, self.average.module).eval()

    def _begin(self) -> None:
        """Draw the heads, and set apart what learns from what does not."""
        torch.manual_seed(self.seed)
        for module in self.heads.modules():
            if isinstance(module, nn.Linear | nn.LayerNorm | nn.Conv1d):
                module.reset_parameters()
        self._standardise_heads()
        self.targets = make_targets(self.recipe, self.split.train).to(self.device)
        self.frames = np.array([self.bank.frames(u) for u in self.split.train])
        self.network.requires_grad_(False)
        for part in (*self.blocks.trained, self.heads):
            part.requires_grad_(True)
        self.optimizer = torch.optim.AdamW(self._groups(), weight_decay=self.joint.weight_decay)
        self.rates = [group["lr"] for group in self.optimizer.param_groups]
        average = get_ema_multi_avg_fn(self.joint.averaging)  # type: ignore[no-untyped-call]
        self.average = AveragedModel(self.network, multi_avg_fn=average)

    def _standardise_heads(self) -> None:
        """Set the heads' statistics to those of what the blocks, as they were, make of clips."""
        rng = np.random.default_rng(self.seed)
        count = min(_STATISTICS_CLIPS, len(self.split.train))
        chosen = [self.split.train[n] for n in rng.choice(len(self.split.train), count, False)]
        summaries, moments = [], []
        for states, lengths in hear_copies(self.network, self.bank, chosen, copy=0):
            summaries.append(summarise(states, lengths))
            each, own = to_moments(states, lengths)
            moments.append(each.transpose(1, 2)[own_frames(own, each.shape[2])])
        wide, deep = torch.cat(summaries), torch.cat(moments)
        for head in cast(Sequence[WideHead | DeepHead], self.heads):
            rows = wide if isinstance(head, WideHead) else deep
            head.input_mean.copy_(rows.mean(dim=0))
            head.input_scale.copy_(rows.std(dim=0).clamp(min=1e-4))

    def train_epoch(self, epoch: int) -> float:
        """Train one epoch and return its mean loss; its chances depend on seed and epoch alone."""
        rng = np.random.default_rng([self.seed, 1000 + epoch])
        torch.manual_seed(int(rng.integers(2**31)))
        self.network.train()
        total = torch.zeros((), device=self.device)
        batches = alike(self.frames, size=self.joint.batch, spread=_SPREAD, rng=rng)
        for step, chosen in enumerate(batches):
            self._set_rates(epoch * self.steps + step)
            loss = self._loss(chosen, rng)
            self.optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(self.network.parameters(), _MOST_GRADIENT)
            self.optimizer.step()
            self.average.update_parameters(self.network)
            total += loss.detach()
        return total.item() / max(1, self.steps)

    def validate(self) -> tuple[float, float]:
        """Return UA and WA of the validation part, whole clips; NaN if there is none."""
        part = self.split.validation
        if not part:
            return math.nan, math.nan
        network = cast(EncoderNetwork, self.average.module).eval()
        order = sorted(part, key=self.bank.frames)
        said = [
            network.judge(states, lengths)[0].cpu()
            for states, lengths in hear_copies(network, self.bank, order, copy=0)
        ]
        truth = self.split.labels.targets(u.label for u in order)
        right = torch.cat(said).argmax(dim=1).numpy() == truth
        return float(np.mean([right[truth == n].mean() for n in np.unique(truth)])), float(
            right.mean()
        )

    def _groups(self) -> list[dict[str, Any]]:
        """Return the parameters and their rates: each block's lower than that of the next."""
        heads = list(self.heads.parameters())
        rate = self.joint.head_learning_rate
        return [*self.blocks.groups(self.joint), {"params": heads, "lr": rate}]

    def _set_rates(self, step: int) -> None:
        """Let each rate rise and then fall to zero by half a cosine, the blocks' later."""
        epochs = self.joint.epochs
        done = (step + 1) / max(1, epochs * self.steps)
        alone = min(self.joint.heads_alone / epochs, 1.0)
        of_blocks = _course(max(0.0, done - alone) / max(1.0 - alone, 1e-9), rise=_RISE)
        of_heads = _course(done, rise=min(0.5, _HEADS_RISE / epochs))
        *blocks, heads = self.optimizer.param_groups
        for group, rate in zip(blocks, self.rates, strict=False):
            group["lr"] = rate * of_blocks
        heads["lr"] = self.rates[-1] * of_heads

    def _loss(self, chosen: NDArray[np.int64], rng: np.random.Generator) -> Tensor:
        """Return the heads' mean loss over some clips, blended at the first trained block."""
        clips = [self.split.train[n] for n in chosen]
        copies = rng.integers(self.bank.copies, size=len(clips)).tolist()
        given, lengths = self.blocks.before(*self.bank.batch(clips, copies))
        batch = Batch(given, lengths, self.targets.of(chosen))
        blended = mix_up(batch, self.joint.mixup_alpha, rng)
        own = cast(Tensor, blended.lengths)
        seen = self.blocks.after(blended.inputs, own)
        losses = [
            head_loss(
                said, blended.wanted, gender_weight=self.recipe.gender_weight,
                label_smoothing=self.joint.label_smoothing,
            )
            for said in self.network.logits(seen, own)[: len(self.heads)]
        ]  # fmt: skip
        return torch.stack(losses).mean()


def _course(done: float, *, rise: float) -> float:
    """Return a rate's part of its highest when so much, 0 to 1, is done."""
    if done < rise:
        return done / rise
    return 0.5 * (1.0 + math.cos(math.pi * (done - rise) / (1.0 - rise)))


def hear_copies(
    network: EncoderNetwork, bank: SpectrogramBank, utterances: Sequence[Utterance], *, copy: int
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the states of one copy of clips, batch by batch, and how many each has of its own.

    float32, [clips, layers, frames, width], and int64, [clips], where the network computes.
    """
    device = network.device
    for start in range(0, len(utterances), _JUDGED_AT_ONCE):
        chosen = utterances[start : start + _JUDGED_AT_ONCE]
        mels, frames = bank.batch(chosen, [copy] * len(chosen))
        mels, frames = mels.to(device), frames.to(device)
        with torch.no_grad(), training_autocast(device):
            found = network.whisper(mels, frames)
        states = torch.stack([found[layer].float() for layer in network.shape.layers], dim=1)
        yield states, hidden_lengths(frames)
