"""Training wide heads that can hear a voice by what is left when its own is taken off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from voxemo_scan.models.head import Head, WideHead
from voxemo_scan.training.encoder_fit import Batch, OnEpoch, WideBatches, fit_head, mix_up
from voxemo_scan.training.encoder_recipe import EncoderRecipe, HeadTraining
from voxemo_scan.training.voice_clips import Statistics, VoiceClips, as_tensor

_TOLD_BY: Final = (0, 1, 2, 4, 8, 16, 32, 64)
"""Clips by which a voice is told, while heads learn to hear what is left of it."""
_DRAWS: Final = 4

Validate = Callable[[Head], tuple[float, float]]


def fit_adaptive_head(
    recipe: EncoderRecipe,
    training: HeadTraining,
    clips: VoiceClips,
    statistics: Statistics,
    *,
    seed: int,
    number: int,
    validate: Validate = lambda _: (float("nan"), float("nan")),
    on_epoch: OnEpoch = lambda _: None,
) -> WideHead:
    """Train one head and return it.

    Args:
        recipe: what to train.
        training: how to train it.
        clips: what to learn from.
        statistics: of ``clips``.
        seed: of everything random.
        number: tells heads of one seed apart.
        validate: gives UA and WA on the validation part.
        on_epoch: told each epoch's loss, and after the last one the validation figures.
    """
    torch.manual_seed(1000 * seed + 700 + number)
    head = WideHead(recipe.shape.head)
    head.input_mean.copy_(as_tensor(statistics.mean))
    head.input_scale.copy_(as_tensor(statistics.scale))
    batches = _AdaptiveBatches(head, clips, training, statistics)
    rng = np.random.default_rng([seed, 700 + number])
    fit_head(head, batches, recipe, rng=rng, on_epoch=on_epoch, validate=validate)
    return head


class _AdaptiveBatches(WideBatches):
    """Batches of clips' summaries from which some of their voice's own has been taken off.

    As much as so many of the voice's other clips would tell: none of them, one, two, four or more.
    """

    def __init__(
        self, head: WideHead, clips: VoiceClips, training: HeadTraining, statistics: Statistics
    ) -> None:
        super().__init__(head, clips.summaries, clips.targets, training)
        self.voices = clips.voices
        self.steadiness = statistics.steadiness
        self.rest = self.inputs.numpy() - statistics.effects[self.voices.labels]

    def epoch(self, rng: np.random.Generator) -> Iterator[Batch]:
        """Yield an epoch's batches."""
        own = torch.from_numpy(self._own(rng))
        copies, clips, _ = self.inputs.shape
        levels, draws = own.shape[2:4]
        order = rng.permutation(clips)
        for number in range(len(self)):
            chosen = order[number * self.training.batch : (number + 1) * self.training.batch]
            copy, level, draw = (
                rng.integers(most, size=len(chosen)) for most in (copies, levels, draws)
            )
            left = self.inputs[copy, chosen] - own[copy, self.voices.owners[chosen], level, draw]
            yield mix_up(Batch(left, None, self.targets.of(chosen)), self.training.mixup_alpha, rng)

    def _own(self, rng: np.random.Generator) -> NDArray[np.float32]:
        """Return what some clips tell of a voice, [copies, voices, levels, draws, size]."""
        copies, _, size = self.rest.shape
        made = np.zeros((copies, self.voices.count, len(_TOLD_BY), _DRAWS, size), np.float32)
        for voice in range(self.voices.count):
            clips = np.flatnonzero(self.voices.owners == voice)
            for level, most in enumerate(_TOLD_BY):
                count = min(most, len(clips))
                sure = count * self.steadiness / (1.0 + count * self.steadiness)
                for copy in range(copies if count else 0):
                    for draw in range(_DRAWS):
                        told = rng.choice(clips, size=count, replace=False)
                        made[copy, voice, level, draw] = sure * self.rest[copy][told].mean(axis=0)
        return made
