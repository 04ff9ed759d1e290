"""Training the heads of an encoder member on the kept states of its frozen blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from voxemo_scan.models.head import DeepHead, Head, WideHead, summarise, to_moments
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.encoder_recipe import EncoderRecipe, HeadTraining
from voxemo_scan.training.labels import label_set
from voxemo_scan.training.report import EpochReport
from voxemo_scan.training.splits import Split
from voxemo_scan.training.states import StateBank

_STATISTICS_CLIPS: Final = 600
_JUDGED_AT_ONCE: Final = 32

OnEpoch = Callable[[EpochReport], None]


@dataclass(frozen=True)
class Targets:
    """What clips are to be heard as: [clips, labels], and a woman's voice, [clips], or NaN."""

    emotions: Tensor
    female: Tensor

    def of(self, chosen: NDArray[np.int64]) -> Targets:
        """Return those of some clips."""
        return Targets(self.emotions[chosen], self.female[chosen])

    def to(self, device: torch.device) -> Targets:
        """Return them on ``device``."""
        return Targets(self.emotions.to(device), self.female.to(device))


@dataclass(frozen=True)
class Batch:
    """Standardised input of a head, its lengths where it has any, and what is to be heard."""

    inputs: Tensor
    lengths: Tensor | None
    wanted: Targets


def fit_heads(
    recipe: EncoderRecipe,
    split: Split,
    banks: Sequence[StateBank],
    *,
    seed: int,
    on_epoch: OnEpoch = lambda _: None,
) -> list[Head]:
    """Train a recipe's heads on ``split`` and return them, wide ones first.

    Args:
        recipe: what to train and how.
        split: whose training part is learned from.
        banks: the states of the clips as they are, then those of their copies.
        seed: of everything random; the same one gives the same heads on the same machine.
        on_epoch: told each epoch's loss, and after a head's last one its validation figures.
    """
    targets = make_targets(recipe, split.train)
    shape = recipe.shape.head

    def validate(head: Head) -> tuple[float, float]:
        return validate_head(head, split, banks[0])

    heads: list[Head] = []
    if recipe.wide.heads:
        summaries = np.stack([summaries_of(split.train, bank) for bank in banks])
    for number in range(recipe.wide.heads):
        torch.manual_seed(1000 * seed + number)
        wide = WideHead(shape)
        _set_statistics(wide, summaries[0], axis=0)
        batches = WideBatches(wide, summaries, targets, recipe.wide)
        rng = np.random.default_rng([seed, number])
        heads.append(fit_head(wide, batches, recipe, rng=rng, validate=validate, on_epoch=on_epoch))
    for number in range(recipe.deep.heads):
        torch.manual_seed(1000 * seed + 500 + number)
        deep = DeepHead(shape)
        _set_statistics(deep, _sampled_moments(split.train, banks[0]), axis=1)
        frames = _DeepBatches(deep, split.train, banks, targets, recipe.deep)
        rng = np.random.default_rng([seed, 500 + number])
        heads.append(fit_head(deep, frames, recipe, rng=rng, validate=validate, on_epoch=on_epoch))
    return heads


def fit_head(
    head: Head,
    batches: WideBatches | _DeepBatches,
    recipe: EncoderRecipe,
    *,
    rng: np.random.Generator,
    validate: Callable[[Head], tuple[float, float]],
    on_epoch: OnEpoch,
) -> Head:
    """Train ``head`` on its batches, in place, and return it."""
    training = batches.training
    optimizer = torch.optim.AdamW(
        head.parameters(), lr=training.learning_rate, weight_decay=training.weight_decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        training.learning_rate,
        total_steps=training.epochs * len(batches),
        pct_start=0.1,
    )
    for epoch in range(training.epochs):
        head.train()
        total = 0.0
        for batch in batches.epoch(rng):
            given = (batch.inputs,) if batch.lengths is None else (batch.inputs, batch.lengths)
            loss = head_loss(
                head.judge(*given), batch.wanted, gender_weight=recipe.gender_weight,
                label_smoothing=training.label_smoothing,
            )  # fmt: skip
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
            total += loss.item()
        last = epoch + 1 == training.epochs
        ua, wa = validate(head) if last else (float("nan"), float("nan"))
        on_epoch(EpochReport(epoch + 1, training.epochs, total / len(batches), ua, wa, best=last))
    return head.eval()


class WideBatches:
    """Batches of clips' summaries, each clip as one of its copies, blended with another's."""

    def __init__(
        self,
        head: WideHead,
        summaries: NDArray[np.float32],
        targets: Targets,
        training: HeadTraining,
    ) -> None:
        self.inputs = head.standardise(torch.from_numpy(summaries))
        self.targets, self.training = targets, training

    def __len__(self) -> int:
        return self.inputs.shape[1] // self.training.batch

    def epoch(self, rng: np.random.Generator) -> Iterator[Batch]:
        """Yield an epoch's batches."""
        copies, clips, _ = self.inputs.shape
        order = rng.permutation(clips)
        for number in range(len(self)):
            chosen = order[number * self.training.batch : (number + 1) * self.training.batch]
            inputs = self.inputs[rng.integers(copies, size=len(chosen)), chosen]
            yield mix_up(
                Batch(inputs, None, self.targets.of(chosen)), self.training.mixup_alpha, rng
            )


class _DeepBatches:
    """Batches of clips' moments, each clip as one of its copies, blended with another's.

    Clips of like length go together, since what a shorter one lacks is cut off the longer.
    """

    def __init__(
        self,
        head: DeepHead,
        utterances: Sequence[Utterance],
        banks: Sequence[StateBank],
        targets: Targets,
        training: HeadTraining,
    ) -> None:
        self.head, self.utterances, self.banks = head, utterances, banks
        self.targets, self.training = targets, training

    def __len__(self) -> int:
        return len(self.utterances) // self.training.batch

    def epoch(self, rng: np.random.Generator) -> Iterator[Batch]:
        """Yield an epoch's batches."""
        size = self.training.batch
        copies = rng.integers(len(self.banks), size=len(self.utterances))
        frames = [self.banks[c].frames(u) for c, u in zip(copies, self.utterances, strict=True)]
        order = np.argsort(frames * rng.uniform(0.9, 1.1, size=len(frames)))
        spare = int(rng.integers(len(order) - len(self) * size + 1))
        for number in rng.permutation(len(self)):
            chosen = order[spare + number * size : spare + (number + 1) * size]
            clips = [self.banks[copies[n]].of(self.utterances[n]) for n in chosen]
            moments, lengths = to_moments(*stack(clips))
            batch = Batch(self.head.standardise(moments), lengths, self.targets.of(chosen))
            yield mix_up(batch, self.training.mixup_alpha, rng)


def mix_up(batch: Batch, alpha: float, rng: np.random.Generator) -> Batch:
    """Blend clips and targets with others of the batch (Zhang et al. 2018)."""
    if not alpha:
        return batch
    share = float(rng.beta(alpha, alpha))
    share = max(share, 1.0 - share)
    other = torch.from_numpy(rng.permutation(len(batch.inputs)))

    def blend(values: Tensor) -> Tensor:
        return share * values + (1.0 - share) * values[other]

    lengths = batch.lengths
    return Batch(
        blend(batch.inputs),
        None if lengths is None else torch.minimum(lengths, lengths[other]),
        Targets(blend(batch.wanted.emotions), blend(batch.wanted.female)),
    )


def summaries_of(utterances: Sequence[Utterance], bank: StateBank) -> NDArray[np.float32]:
    """Return clips' summaries, float32, [clips, 2 x layers x width]."""
    return np.concatenate(
        [summarise(*stack([bank.of(utterance)])).numpy() for utterance in utterances]
    )


def judge_states(
    heads: Sequence[Head], utterances: Sequence[Utterance], bank: StateBank
) -> NDArray[np.float64]:
    """Return the heads' mean distribution for each clip, [clips, labels + 1]; last, a woman's."""
    made = np.zeros((len(utterances), heads[0].shape.labels + 1))
    order = sorted(range(len(utterances)), key=lambda n: bank.frames(utterances[n]))
    for start in range(0, len(order), _JUDGED_AT_ONCE):
        chosen = order[start : start + _JUDGED_AT_ONCE]
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


def make_targets(recipe: EncoderRecipe, utterances: Sequence[Utterance]) -> Targets:
    """Return what clips are to be heard as, listeners' votes blended in as the recipe says."""
    labels = label_set(recipe.labels)
    emotions = np.eye(len(labels), dtype=np.float32)[labels.targets(u.label for u in utterances)]
    for n, utterance in enumerate(utterances):
        heard = utterance.votes.voice if utterance.votes else (0,) * 6
        if recipe.votes and sum(heard):
            emotions[n] *= 1.0 - recipe.votes
            emotions[n, :6] += recipe.votes * np.array(heard, dtype=np.float32) / sum(heard)
    known = {"female": 1.0, "male": 0.0, None: float("nan")}
    return Targets(torch.from_numpy(emotions), torch.tensor([known[u.gender] for u in utterances]))


def _sampled_moments(utterances: Sequence[Utterance], bank: StateBank) -> NDArray[np.float32]:
    """Return the moments of some of the clips, [layers, moments, width]."""
    rng = np.random.default_rng(0)
    count = min(_STATISTICS_CLIPS, len(utterances))
    chosen = rng.choice(len(utterances), size=count, replace=False)
    return np.concatenate(
        [to_moments(*stack([bank.of(utterances[n])]))[0][0].numpy() for n in chosen], axis=1
    )


def _set_statistics(head: Head, inputs: NDArray[np.float32], *, axis: int) -> None:
    head.input_mean.copy_(torch.from_numpy(inputs.mean(axis=axis)))
    head.input_scale.copy_(torch.from_numpy(inputs.std(axis=axis)).clamp(min=1e-4))


def head_loss(
    said: tuple[Tensor, Tensor], wanted: Targets, *, gender_weight: float, label_smoothing: float
) -> Tensor:
    """Return the cross-entropy of a head's logits, that of the voice's gender added by weight."""
    emotions, female = said
    loss = functional.cross_entropy(emotions, wanted.emotions, label_smoothing=label_smoothing)
    if gender_weight:
        known = ~wanted.female.isnan()
        gender = functional.binary_cross_entropy_with_logits(
            female, wanted.female.nan_to_num(), weight=known.to(female.dtype), reduction="sum"
        )
        loss = loss + gender_weight * gender / known.sum().clamp(min=1)
    return loss


def validate_head(head: Head, split: Split, bank: StateBank) -> tuple[float, float]:
    """Return UA and WA of whole clips of the validation part; NaN if there is none."""
    if not split.validation:
        return float("nan"), float("nan")
    said = judge_states([head], split.validation, bank)[:, :-1]
    truth = split.labels.targets(u.label for u in split.validation)
    right = said.argmax(axis=1) == truth
    return float(np.mean([right[truth == n].mean() for n in np.unique(truth)])), float(right.mean())
