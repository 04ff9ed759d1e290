"""Training one classic network: epochs, early stopping, checkpoints that a run resumes from."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.features.image import ROWS, images
from voxemo_scan.models.classic_member import ClassicMember
from voxemo_scan.models.networks import ClassicNetwork
from voxemo_scan.models.weights import ClassicDescription, TrainedNetwork
from voxemo_scan.training.augment import SignalAugmenter, mask_images, mix_up
from voxemo_scan.training.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from voxemo_scan.training.clips import EnsembleJudge
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.labels import SIX
from voxemo_scan.training.metrics import measure
from voxemo_scan.training.recipe import Recipe
from voxemo_scan.training.report import EpochReport
from voxemo_scan.training.signals import SAMPLING_RATE, Signals
from voxemo_scan.training.splits import Split

_STATISTICS_CLIPS: Final = 2000


def describe(recipe: Recipe, split: Split, *, seed: int) -> ClassicDescription:
    """Return what the file of a network of ``recipe`` says of itself."""
    return ClassicDescription(
        name=recipe.name,
        shape=recipe.shape,
        image=recipe.image,
        protocol=split.protocol,
        fold=split.fold,
        added=split.added,
        seed=seed,
        recipe=recipe.model_dump(mode="json"),
    )


def fit(
    recipe: Recipe,
    split: Split,
    signals: Signals,
    *,
    seed: int,
    folder: Path,
    on_epoch: Callable[[EpochReport], None] = lambda _: None,
) -> ClassicNetwork:
    """Train ``recipe`` on ``split`` and return the network of the best validation epoch.

    The same seed gives the same network on the same machine, also when a killed run is taken up
    again from ``folder``, where a checkpoint is kept after each epoch.
    """
    torch.manual_seed(seed)
    network = ClassicNetwork(recipe.shape)
    set_statistics(network, split.train, signals, recipe=recipe)
    run = _Run(recipe, split, signals, network, seed)
    path = folder / "checkpoint.safetensors"
    state = (
        read_checkpoint(path, network=network, optimizer=run.optimizer, key=run.key) or Checkpoint()
    )
    while state.epoch < recipe.epochs and state.epoch - state.best_epoch < recipe.patience:
        loss = run.train_epoch(state.epoch)
        ua, wa = run.validate()
        better = ua > state.best_ua
        if better:
            state.best_ua, state.best_epoch = ua, state.epoch + 1
            state.best = {k: v.clone() for k, v in network.state_dict().items()}
        state.epoch += 1
        write_checkpoint(path, state, network=network, optimizer=run.optimizer, key=run.key)
        on_epoch(EpochReport(state.epoch, recipe.epochs, loss, ua, wa, better))
    network.load_state_dict(state.best)
    network.eval()
    return network


def set_statistics(
    network: ClassicNetwork, utterances: Sequence[Utterance], signals: Signals, *, recipe: Recipe
) -> None:
    """Set the mean and deviation of each image row from training clips."""
    rng = np.random.default_rng(0)
    count = min(_STATISTICS_CLIPS, len(utterances))
    chosen = [utterances[i] for i in rng.choice(len(utterances), size=count, replace=False)]
    total, squares, frames = torch.zeros(ROWS), torch.zeros(ROWS), 0
    for start in range(0, count, 100):
        pictures = images([signals.of(u) for u in chosen[start : start + 100]], recipe.image)
        total += pictures.sum(dim=(0, 2))
        squares += pictures.square().sum(dim=(0, 2))
        frames += pictures.shape[0] * pictures.shape[2]
    mean = total / frames
    network.row_mean.copy_(mean)
    network.row_scale.copy_((squares / frames - mean.square()).clamp(min=1e-6).sqrt())


def target_index(utterance: Utterance, *, labels: int) -> int:
    """Return the clip's label: the emotion's place, behind six more for a man of twelve labels."""
    index = int(SIX.targets([utterance.label])[0])
    return index + len(EMOTIONS) if labels == 12 and utterance.gender == "male" else index


class _Run:
    """One training run's fixed parts; what changes lies in network, optimizer and checkpoint."""

    def __init__(
        self, recipe: Recipe, split: Split, signals: Signals, network: ClassicNetwork, seed: int
    ) -> None:
        self.recipe, self.split, self.signals, self.network, self.seed = (
            recipe,
            split,
            signals,
            network,
            seed,
        )
        window_samples = round(recipe.image.window_s * SAMPLING_RATE)
        self.augment = SignalAugmenter(recipe.augmentation, window_samples=window_samples)
        indices = [target_index(u, labels=recipe.labels) for u in split.train]
        self.targets = nn.functional.one_hot(torch.tensor(indices), recipe.labels).float()
        self.weights = _class_weights(self.targets)
        self.steps = len(split.train) // recipe.batch
        self.optimizer = torch.optim.AdamW(
            network.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay
        )
        self.loss = nn.CrossEntropyLoss(self.weights, label_smoothing=recipe.label_smoothing)

    @property
    def key(self) -> str:
        """Say what a checkpoint must be of to be taken up."""
        return f"{self.recipe.model_dump_json()} {self.split.protocol} {self.seed}"

    def train_epoch(self, epoch: int) -> float:
        """Train one epoch and return its mean loss; its chances depend on seed and epoch alone."""
        rng = np.random.default_rng([self.seed, epoch])
        torch.manual_seed(int(rng.integers(2**31)))
        self.network.train()
        total = 0.0
        for step, (pictures, targets) in enumerate(self._batches(rng)):
            for group in self.optimizer.param_groups:
                group["lr"] = self._learning_rate(epoch * self.steps + step)
            loss = self.loss(self.network.judge(pictures), targets)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            total += loss.item()
        return total / max(1, self.steps)

    def validate(self) -> tuple[float, float]:
        """Return UA and WA of the validation part."""
        part = self.split.validation
        description = describe(self.recipe, self.split, seed=self.seed)
        member = ClassicMember([TrainedNetwork(self.network.eval(), description, "")])
        with torch.inference_mode():
            heard = EnsembleJudge(member).judge([self.signals.clip(u) for u in part])
        labels = SIX.targets(u.label for u in part)
        found = measure(
            heard.probabilities, labels, speakers=[u.speaker for u in part], resamples=1
        )
        return found.ua, found.wa

    def _batches(self, rng: np.random.Generator) -> Iterator[tuple[Tensor, Tensor]]:
        options, size = self.recipe.augmentation, self.recipe.batch
        order = rng.permutation(len(self.split.train))
        for step in range(self.steps):
            chosen = order[step * size : (step + 1) * size]
            windows = [self.augment(self.signals.of(self.split.train[i]), rng) for i in chosen]
            pictures = self.network.normalise(images(windows, self.recipe.image))
            masked = mask_images(pictures, options, rng)
            yield mix_up(masked, self.targets[chosen], alpha=options.mixup_alpha, rng=rng)

    def _learning_rate(self, step: int) -> float:
        """Return the rate at ``step``: a linear rise over a tenth, then half a cosine to zero."""
        total = self.recipe.epochs * self.steps
        rise = max(1, total // 10)
        if step < rise:
            return self.recipe.learning_rate * (step + 1) / rise
        return (
            self.recipe.learning_rate
            * 0.5
            * (1 + math.cos(math.pi * (step - rise) / (total - rise)))
        )


def _class_weights(targets: Tensor) -> Tensor:
    """Return weights that lift rare labels halfway, [labels], 1 where all are as frequent."""
    counts = targets.sum(dim=0).clamp(min=1)
    return (counts.sum() / counts / len(counts)).sqrt()
