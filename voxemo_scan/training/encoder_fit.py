"""Training the heads of an encoder member on the kept states of its frozen blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from voxemo_scan.models.head import Head
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.encoder_recipe import EncoderRecipe
from voxemo_scan.training.labels import LabelSet, label_set
from voxemo_scan.training.report import EpochReport
from voxemo_scan.training.splits import Split
from voxemo_scan.training.states import StateBank

_STATISTICS_CLIPS: Final = 600


@dataclass(frozen=True)
class _Targets:
    """What clips are to be heard as: [clips, labels], and a woman's voice, [clips], or NaN."""

    emotions: Tensor
    female: Tensor


def fit_head(
    recipe: EncoderRecipe,
    split: Split,
    banks: Sequence[StateBank],
    *,
    seed: int,
    on_epoch: Callable[[EpochReport], None] = lambda _: None,
) -> Head:
    """Train one head on ``split`` and return it as it is after the last epoch.

    Args:
        recipe: what to train and how.
        split: whose training part is learned from.
        banks: the states of the clips as they are, then those of their copies.
        seed: of everything random; the same one gives the same head on the same machine.
        on_epoch: told each epoch's loss and validation figures.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    head = Head(recipe.shape.head)
    set_statistics(head, split.train, banks[0])
    targets = _targets(recipe, split.train)
    steps = recipe.epochs * (len(split.train) // recipe.batch)
    optimizer = torch.optim.AdamW(
        head.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.learning_rate, total_steps=steps, pct_start=0.1
    )
    for epoch in range(recipe.epochs):
        head.train()
        total, count = 0.0, 0
        for states, lengths, wanted in _batches(recipe, split.train, banks, head, targets, rng):
            loss = _loss(recipe, *head.judge(states, lengths), wanted)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total, count = total + loss.item(), count + 1
        ua, wa = _validate(head, split, banks[0], labels=label_set(recipe.labels))
        on_epoch(EpochReport(epoch + 1, recipe.epochs, total / count, ua, wa, best=False))
    return head.eval()


def set_statistics(head: Head, utterances: Sequence[Utterance], bank: StateBank) -> None:
    """Set the mean and deviation of each layer's states from training clips."""
    rng = np.random.default_rng(0)
    count = min(_STATISTICS_CLIPS, len(utterances))
    chosen = rng.choice(len(utterances), size=count, replace=False)
    states = np.concatenate([bank.of(utterances[n]) for n in chosen], axis=1, dtype=np.float32)
    head.state_mean.copy_(torch.from_numpy(states.mean(axis=1)))
    head.state_scale.copy_(torch.from_numpy(states.std(axis=1)).clamp(min=1e-4))


def judge_states(
    heads: Sequence[Head], utterances: Sequence[Utterance], bank: StateBank
) -> NDArray[np.float64]:
    """Return the heads' mean distribution for each clip, [clips, labels + 1]; last, a woman's."""
    made = np.zeros((len(utterances), heads[0].shape.labels + 1))
    order = sorted(range(len(utterances)), key=lambda n: bank.frames(utterances[n]))
    for start in range(0, len(order), 32):
        chosen = order[start : start + 32]
        states, lengths = stack([bank.of(utterances[n]) for n in chosen])
        with torch.inference_mode():
            said = [head.eval()(states, lengths) for head in heads]
            emotions = torch.stack([e.softmax(1) for e, _ in said]).mean(0)
            female = torch.stack([f.sigmoid() for _, f in said]).mean(0)
        made[chosen] = torch.cat([emotions, female[:, None]], dim=1).double().numpy()
    return made


def stack(clips: Sequence[NDArray[np.float16]]) -> tuple[Tensor, Tensor]:
    """Return clips' states, each [layers, frames, width], as one tensor, and each one's frames."""
    lengths = torch.tensor([clip.shape[1] for clip in clips])
    layers, _, width = clips[0].shape
    states = torch.zeros(len(clips), layers, int(lengths.max()), width)
    for row, clip in zip(states, clips, strict=True):
        row[:, : clip.shape[1]] = torch.from_numpy(clip)
    return states, lengths


def _targets(recipe: EncoderRecipe, utterances: Sequence[Utterance]) -> _Targets:
    labels = label_set(recipe.labels)
    places = labels.targets(u.label for u in utterances)
    emotions = np.eye(len(labels), dtype=np.float32)[places]
    for row, utterance in zip(emotions, utterances, strict=True):
        heard = utterance.votes.voice if utterance.votes else (0,) * 6
        if recipe.votes and sum(heard):
            row *= 1.0 - recipe.votes
            row[:6] += recipe.votes * np.array(heard, dtype=np.float32) / sum(heard)
    known = {"female": 1.0, "male": 0.0, None: float("nan")}
    female = torch.tensor([known[u.gender] for u in utterances])
    return _Targets(torch.from_numpy(emotions), female)


def _batches(
    recipe: EncoderRecipe,
    utterances: Sequence[Utterance],
    banks: Sequence[StateBank],
    head: Head,
    targets: _Targets,
    rng: np.random.Generator,
) -> Iterator[tuple[Tensor, Tensor, _Targets]]:
    """Yield an epoch's batches: each clip once, as one of its copies, blended with another.

    Clips of like length go together, since what a shorter one lacks is cut off the longer.
    """
    copies = rng.integers(len(banks), size=len(utterances))
    frames = np.array([banks[c].frames(u) for c, u in zip(copies, utterances, strict=True)])
    order = np.argsort(frames * rng.uniform(0.9, 1.1, size=len(frames)))
    count = len(order) // recipe.batch
    spare = int(rng.integers(len(order) - count * recipe.batch + 1))
    for number in rng.permutation(count):
        start = spare + number * recipe.batch
        chosen = order[start : start + recipe.batch]
        states, lengths = stack([banks[copies[n]].of(utterances[n]) for n in chosen])
        states = head.standardise(states)
        wanted = _Targets(targets.emotions[chosen], targets.female[chosen])
        if recipe.mixup_alpha:
            states, lengths, wanted = _mix_up(states, lengths, wanted, recipe.mixup_alpha, rng)
        yield states, lengths, wanted


def _mix_up(
    states: Tensor, lengths: Tensor, wanted: _Targets, alpha: float, rng: np.random.Generator
) -> tuple[Tensor, Tensor, _Targets]:
    """Blend states and targets with others of the batch (Zhang et al. 2018)."""
    share = float(rng.beta(alpha, alpha))
    share = max(share, 1.0 - share)
    other = torch.from_numpy(rng.permutation(len(states)))

    def blend(values: Tensor) -> Tensor:
        return share * values + (1.0 - share) * values[other]

    return (
        blend(states),
        torch.minimum(lengths, lengths[other]),
        _Targets(blend(wanted.emotions), blend(wanted.female)),
    )


def _loss(recipe: EncoderRecipe, emotions: Tensor, female: Tensor, wanted: _Targets) -> Tensor:
    loss = functional.cross_entropy(
        emotions, wanted.emotions, label_smoothing=recipe.label_smoothing
    )
    known = ~wanted.female.isnan()
    if recipe.gender_weight and bool(known.any()):
        gender = nn.functional.binary_cross_entropy_with_logits(female[known], wanted.female[known])
        loss = loss + recipe.gender_weight * gender
    return loss


def _validate(
    head: Head, split: Split, bank: StateBank, *, labels: LabelSet
) -> tuple[float, float]:
    if not split.validation:
        return 0.0, 0.0
    said = judge_states([head], split.validation, bank)[:, : len(labels)]
    truth = labels.targets(u.label for u in split.validation)
    right = said.argmax(axis=1) == truth
    recalls = [right[truth == label].mean() for label in np.unique(truth)]
    return float(np.mean(recalls)), float(right.mean())
