"""Training an encoder member's last blocks further, together with the heads over them.

The heads have first been fitted to the frozen blocks' states. Those that hear what is left when a
voice's own is taken off, and the listener over them, stay as they are: the blocks change little,
and averaging takes them half the way back. Of each run the running average of
its weights is kept (Izmailov et al. 2018), and the runs are averaged with one another and with the
weights that all started from (Wortsman et al. 2022): one network that judges better than any of
them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from voxemo_scan.features.log_mel import log_mels
from voxemo_scan.models.encoder import EncoderNetwork
from voxemo_scan.training.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from voxemo_scan.training.encoder_fit import Batch, head_loss, make_targets, mix_up
from voxemo_scan.training.encoder_recipe import EncoderRecipe, Tuning
from voxemo_scan.training.film.backgrounds import Backgrounds
from voxemo_scan.training.report import EpochReport
from voxemo_scan.training.signals import Signals, clip_key
from voxemo_scan.training.splits import Split
from voxemo_scan.training.trained_blocks import TrainedBlocks, alike

_JUDGED_AT_ONCE: Final = 32
_RISE: Final = 0.1
"""The part of the steps over which the rates rise."""
_MOST_GRADIENT: Final = 1.0
_SPREAD: Final = (0.9, 1.1)
"""By how much a clip's length counts for less or more when clips of like length are found."""


def tune(
    network: EncoderNetwork,
    recipe: EncoderRecipe,
    tuning: Tuning,
    split: Split,
    signals: Signals,
    *,
    seed: int,
    folder: Path,
    backgrounds: Backgrounds | None = None,
    on_epoch: Callable[[EpochReport], None] = lambda _: None,
) -> EncoderNetwork:
    """Return ``network`` trained further on ``split``: the average of all runs and of what it was.

    The same seed gives the same network on the same machine, also when killed runs are taken up
    again from ``folder``, where each run keeps a checkpoint of its last epoch. More runs can be
    asked for later: those that are there are not made again.

    Args:
        network: whose heads have been fitted to its frozen blocks.
        recipe: what it was made by.
        tuning: how to train it further.
        split: whose training part is learned from.
        signals: the clips' sound.
        seed: of everything random.
        folder: where checkpoints are kept.
        backgrounds: what may lie under copies that sound like film.
        on_epoch: told each epoch's loss and validation figures.
    """
    start = network.state_dict()
    parts = [(tuning.start, start)]
    for number in range(tuning.runs):
        run = _Run(
            deepcopy(network), recipe, tuning, split, signals=signals, seed=100 * seed + number,
            backgrounds=backgrounds,
        )  # fmt: skip
        tuned = run.finish(folder / f"checkpoint-{number}.safetensors", on_epoch)
        parts.append((1.0, tuned.state_dict()))
    total = sum(weight for weight, _ in parts)
    network.load_state_dict(
        {name: sum(w * state[name] for w, state in parts) / total for name in start}
    )
    return network.eval()


class _Run:
    """One run's fixed parts; what changes lies in network, running average and optimiser."""

    def __init__(
        self,
        network: EncoderNetwork,
        recipe: EncoderRecipe,
        tuning: Tuning,
        split: Split,
        *,
        signals: Signals,
        seed: int,
        backgrounds: Backgrounds | None,
    ) -> None:
        self.network, self.recipe, self.tuning = network, recipe, tuning
        self.split, self.signals, self.seed = split, signals, seed
        self.backgrounds = backgrounds
        self.targets = make_targets(recipe, split.train)
        self.samples = np.array([len(signals.sounds[clip_key(u)].pcm) for u in split.train])
        self.steps = len(split.train) // tuning.batch
        self.blocks = TrainedBlocks(network.whisper, recipe.layers, tuning.blocks)
        network.requires_grad_(False)
        self.heads = network.heads[: network.shape.asked_alone]
        for part in (*self.blocks.trained, self.heads):
            part.requires_grad_(True)
        self.optimizer = torch.optim.AdamW(self._groups(), weight_decay=tuning.weight_decay)
        self.rates = [group["lr"] for group in self.optimizer.param_groups]
        keep = get_ema_multi_avg_fn(tuning.averaging)  # type: ignore[no-untyped-call]
        self.average = AveragedModel(network, multi_avg_fn=keep)

    @property
    def averaged(self) -> EncoderNetwork:
        """Return the network with the running average of its weights."""
        return cast(EncoderNetwork, self.average.module).eval()

    def finish(self, path: Path, on_epoch: Callable[[EpochReport], None]) -> EncoderNetwork:
        """Train what the checkpoint at ``path`` lacks and return the running average."""
        network, optimizer, epochs = self.network, self.optimizer, self.tuning.epochs
        found = read_checkpoint(path, network=network, optimizer=optimizer, key=self.key)
        state = found or Checkpoint()
        if found:
            self.average.load_state_dict(state.best)
        while state.epoch < epochs:
            loss = self.train_epoch(state.epoch)
            state = replace(state, epoch=state.epoch + 1, best=self.average.state_dict())
            write_checkpoint(path, state, network=network, optimizer=optimizer, key=self.key)
            ua, wa = self.validate()
            on_epoch(EpochReport(state.epoch, epochs, loss, ua, wa, best=state.epoch == epochs))
        return self.averaged

    @property
    def key(self) -> str:
        """Say what a checkpoint must be of to be taken up: other runs make no difference."""
        alone = self.tuning.model_copy(update={"runs": 1, "start": 0.0})
        recipe = self.recipe.model_copy(update={"tuning": alone})
        split = self.split
        part = f"{split.protocol} {split.fold} {len(split.train)}"
        return f"{recipe.model_dump_json()} {part} {self.seed}"

    def train_epoch(self, epoch: int) -> float:
        """Train one epoch and return its mean loss; its chances depend on seed and epoch alone."""
        rng = np.random.default_rng([self.seed, 1000 + epoch])
        torch.manual_seed(int(rng.integers(2**31)))
        self.network.train()
        total = 0.0
        batches = alike(self.samples, size=self.tuning.batch, spread=_SPREAD, rng=rng)
        for step, chosen in enumerate(batches):
            self._set_rates(epoch * self.steps + step)
            loss = self._loss(chosen, rng)
            self.optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(self.network.parameters(), _MOST_GRADIENT)
            self.optimizer.step()
            self.average.update_parameters(self.network)
            total += loss.item()
        return total / max(1, self.steps)

    def validate(self) -> tuple[float, float]:
        """Return UA and WA of the validation part, whole clips; NaN if there is none."""
        part = self.split.validation
        if not part:
            return math.nan, math.nan
        said = judge_whole(self.averaged, [self.signals.whole(u) for u in part])[:, :-1]
        truth = self.split.labels.targets(u.label for u in part)
        right = said.argmax(axis=1) == truth
        return float(np.mean([right[truth == n].mean() for n in np.unique(truth)])), float(
            right.mean()
        )

    def _groups(self) -> list[dict[str, Any]]:
        """Return the parameters and their rates: each block's lower than that of the next."""
        tuning = self.tuning
        heads = list(self.heads.parameters())
        rate = tuning.learning_rate * tuning.head_rate
        return [*self.blocks.groups(tuning), {"params": heads, "lr": rate}]

    def _set_rates(self, step: int) -> None:
        """Let the rates rise over a tenth of the steps, then fall to zero by half a cosine."""
        done = (step + 1) / max(1, self.tuning.epochs * self.steps)
        fall = 0.5 * (1.0 + math.cos(math.pi * (done - _RISE) / (1.0 - _RISE)))
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate * min(done / _RISE, fall) if done < _RISE else rate * fall

    def _loss(self, chosen: NDArray[np.int64], rng: np.random.Generator) -> Tensor:
        """Return the heads' mean loss over some clips, blended at the first trained block."""
        clips = [self.split.train[n] for n in chosen]
        sounds = [self.signals.sounds[clip_key(u)] for u in clips]
        copies = [self.tuning.copies.of(sound, rng, self.backgrounds) for sound in sounds]
        given, lengths = self.blocks.before(*log_mels(copies))
        batch = Batch(given, lengths, self.targets.of(chosen))
        blended = mix_up(batch, self.tuning.mixup_alpha, rng)
        kept = cast(Tensor, blended.lengths)
        seen = self.blocks.after(blended.inputs, kept)
        losses = [
            head_loss(
                said, blended.wanted, gender_weight=self.recipe.gender_weight,
                label_smoothing=self.tuning.label_smoothing,
            )
            for said in self.network.logits(seen, kept)[: len(self.heads)]
        ]  # fmt: skip
        return torch.stack(losses).mean()


def judge_whole(
    network: EncoderNetwork, signals: Sequence[NDArray[np.float32]]
) -> NDArray[np.float64]:
    """Return what is heard in whole clips: a distribution each, behind it a woman's voice.

    Args:
        network: in evaluation mode.
        signals: each float32, [samples], -1..1, 16 kHz.

    Returns:
        [clips, labels + 1].
    """
    made = np.zeros((len(signals), network.shape.head.labels + 1))
    order = sorted(range(len(signals)), key=lambda n: len(signals[n]))
    for start in range(0, len(order), _JUDGED_AT_ONCE):
        chosen = order[start : start + _JUDGED_AT_ONCE]
        with torch.inference_mode():
            heard = network.hear([signals[n] for n in chosen])
            emotions, female = network.judge(heard.states, heard.lengths)
        made[chosen] = torch.cat([emotions, female[:, None]], dim=1).double().numpy()
    return made
