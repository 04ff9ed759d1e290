"""Teaching a listener to hear a voice's windows beside one another, from voices that are drawn.

Heads judge the speakers whom they learned from far too well, so the speakers are dealt into parts
and each part is heard by a head that learned from the others. Of their clips voices are drawn:
some windows of one speaker, few or many, of any mixture of emotions from even to all of one, some
heard again and again as overlapping windows are, some another speaker's as when voices are taken
for one another, and some in another place: all shifted as far as one voice lies from another, or
farther, as recordings of another kind are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from voxemo_scan.models.adaptation import VoiceListener
from voxemo_scan.models.head import WideHead
from voxemo_scan.training.adaptive_fit import fit_adaptive_head
from voxemo_scan.training.encoder_fit import OnEpoch
from voxemo_scan.training.encoder_recipe import EncoderRecipe, HeadTraining, Listening
from voxemo_scan.training.report import EpochReport
from voxemo_scan.training.voice_clips import Statistics, VoiceClips, as_tensor, statistics_of

_LEAST_WINDOWS, _MOST_WINDOWS = 2, 64
_WINDOWS_AT_ONCE: Final = 1024
_LEAST_VOICES: Final = 8
_MOST_INTRUDERS: Final = 0.3
_REPORTED: Final = 10
_MOST_GRADIENT: Final = 1.0
_RISE: Final = 0.1


@dataclass(frozen=True)
class Part:
    """Some speakers' clips as a head hears them that did not learn from them.

    ``windows``: float16, [copies, clips, inner], projected; ``rows``: of each speaker and label
    the clips; ``effects``, [labels, inner], and ``places``, [voices, inner], of those whom the
    head learned from.
    """

    head: WideHead
    windows: NDArray[np.float16]
    labels: NDArray[np.int64]
    rows: tuple[tuple[NDArray[np.int64], ...], ...]
    effects: Tensor
    places: NDArray[np.float32]


@dataclass(frozen=True)
class Drawn:
    """Voices drawn of a part: windows, [voices, n, inner], and what each is, [voices, n]."""

    part: Part
    windows: Tensor
    labels: Tensor


def fit_listener(
    recipe: EncoderRecipe,
    training: HeadTraining,
    listening: Listening,
    clips: VoiceClips,
    statistics: Statistics,
    *,
    seed: int,
    on_epoch: OnEpoch = lambda _: None,
) -> VoiceListener:
    """Return a listener that learned from ``clips``.

    Args:
        recipe: what heads are trained by.
        training: how adaptive ones are.
        listening: how the listener is.
        clips: the training clips.
        statistics: of ``clips``.
        seed: of everything random.
        on_epoch: told the mean loss of each tenth of the steps.
    """
    parts = deal(recipe, training, clips, parts=listening.parts, seed=seed)
    torch.manual_seed(seed)
    listener = VoiceListener(size=clips.summaries.shape[-1], labels=recipe.labels)
    listener.input_mean.copy_(as_tensor(statistics.mean))
    listener.input_scale.copy_(as_tensor(statistics.scale))
    listener.effects.copy_(as_tensor(statistics.effects))
    _learn(listener, parts, listening, rng=np.random.default_rng(seed), on_epoch=on_epoch)
    return listener.eval()


def deal(
    recipe: EncoderRecipe, training: HeadTraining, clips: VoiceClips, *, parts: int, seed: int
) -> list[Part]:
    """Return ``parts`` parts of the voices, each heard by a head that learned from the others."""
    voices = clips.voices
    dealt = np.random.default_rng(seed).permutation(voices.count) % parts
    made = []
    for number in range(parts):
        own = np.flatnonzero(dealt[voices.owners] == number)
        others = clips.of(np.flatnonzero(dealt[voices.owners] != number))
        statistics = statistics_of(others)
        head = fit_adaptive_head(
            recipe, training, others, statistics, seed=seed, number=100 + number
        )
        made.append(_heard_by(head, clips.of(own), statistics))
    return made


def _heard_by(head: WideHead, clips: VoiceClips, statistics: Statistics) -> Part:
    owners, labels = clips.voices.owners, clips.voices.labels
    with torch.no_grad():
        windows = [
            head.project(as_tensor(statistics.standardise(copy))).half().numpy()
            for copy in clips.summaries
        ]
        effects = head.project(as_tensor(statistics.effects))
        places = head.project(as_tensor(statistics.voices)).numpy()
    rows = tuple(
        tuple(np.flatnonzero((owners == voice) & (labels == n)) for n in range(len(effects)))
        for voice in range(clips.voices.count)
    )
    head.requires_grad_(False)
    return Part(head, np.stack(windows), labels, rows, effects, places)


def draw_voices(parts: Sequence[Part], listening: Listening, rng: np.random.Generator) -> Drawn:
    """Return some voices of as many windows each, all of one part."""
    part = parts[int(rng.integers(len(parts)))]
    count = round(math.exp(rng.uniform(math.log(_LEAST_WINDOWS), math.log(_MOST_WINDOWS))))
    voices = max(_LEAST_VOICES, _WINDOWS_AT_ONCE // count)
    windows = np.zeros((voices, count, part.windows.shape[-1]), np.float32)
    labels = np.zeros((voices, count), np.int64)
    for number in range(voices):
        rows = _rows(part, listening, count, rng)
        windows[number] = part.windows[rng.integers(len(part.windows)), rows]
        labels[number] = part.labels[rows]
        if rng.random() < listening.moved:
            one, other = rng.integers(len(part.places), size=2)
            far = rng.uniform(*listening.moved_by)
            windows[number] += far * (part.places[one] - part.places[other])
    return Drawn(part, torch.from_numpy(windows), torch.from_numpy(labels))


def _rows(
    part: Part, listening: Listening, count: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return the clips of one drawn voice, [count]."""
    own = part.rows[int(rng.integers(len(part.rows)))]
    wanted = rng.multinomial(count, _mixture(len(own), listening, rng))
    found = [
        rng.choice(rows, size=most, replace=most > len(rows))
        for rows, most in zip(own, wanted, strict=True)
        if most and len(rows)
    ] or [np.concatenate(own)[:1]]
    rows = np.concatenate(found)
    rows = np.concatenate([rows, rng.choice(rows, size=count - len(rows))])
    if rng.random() < listening.repeated and count > 3:
        rows = rng.choice(rng.choice(rows, size=count // 2, replace=False), size=count)
    if rng.random() < listening.intruded and count > 3:
        intruder = np.concatenate(part.rows[int(rng.integers(len(part.rows)))])
        theirs = rng.random(count) < rng.uniform(0.0, _MOST_INTRUDERS)
        rows = np.where(theirs, rng.choice(intruder, size=count), rows)
    return rows


def _mixture(labels: int, listening: Listening, rng: np.random.Generator) -> NDArray[np.float64]:
    sort = rng.random()
    if sort < listening.even:
        return np.full(labels, 1.0 / labels)
    if sort < listening.even + listening.one:
        return np.asarray(np.eye(labels)[rng.integers(labels)])
    return rng.dirichlet(np.full(labels, rng.choice([0.4, 2.0])))


def _learn(
    listener: VoiceListener,
    parts: Sequence[Part],
    listening: Listening,
    *,
    rng: np.random.Generator,
    on_epoch: OnEpoch,
) -> None:
    optimizer = torch.optim.AdamW(
        listener.parameters(), lr=listening.learning_rate, weight_decay=listening.weight_decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, listening.learning_rate, total_steps=listening.steps, pct_start=_RISE
    )
    told, total = max(1, listening.steps // _REPORTED), 0.0
    for step in range(1, listening.steps + 1):
        drawn = draw_voices(parts, listening, rng)
        rounds = listener(drawn.windows, drawn.part.effects, drawn.part.head.decide)
        loss = torch.stack(
            [functional.cross_entropy(r.flatten(0, 1), drawn.labels.flatten()) for r in rounds]
        ).mean()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(listener.parameters(), _MOST_GRADIENT)
        optimizer.step()
        schedule.step()
        total += loss.item()
        if step % told == 0:
            mean = total / told
            on_epoch(EpochReport(step // told, _REPORTED, mean, math.nan, math.nan, best=False))
            total = 0.0
