"""How far validation speakers make networks lean beyond what speakers do at large.

A network's leanings are fitted on validation clips, which it has not learned from; but they are of
few speakers, and a speaker who sounds sad by nature counts as a leaning to sadness. The training
speakers are many more, and heads over the encoder's frozen blocks, each learning from some of them
and judging the others, can tell how far speakers at large lean, and how far those of the
validation part do beside them. The second less the first is chance, and nearly the same for any
network: taken off what a network leans to on validation clips, it leaves what other speakers are to
be expected to lean to (a control variate).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.models.encoder import EncoderShape
from voxemo_scan.models.threads import one_thread
from voxemo_scan.progress import Progress
from voxemo_scan.training.combine import fit_leanings
from voxemo_scan.training.copies import Copy
from voxemo_scan.training.encoder_fit import fit_heads, judge_states
from voxemo_scan.training.encoder_recipe import EncoderRecipe, HeadTraining
from voxemo_scan.training.initial import initial_file, load_initial
from voxemo_scan.training.prepare import Prepared
from voxemo_scan.training.splits import Split
from voxemo_scan.training.states import StateBank, load_states

_PARTS: Final = 4
_SEED: Final = 1
_COPIES: Final = (Copy(), Copy(speed=1.1, margin=0.8, gain_db=6.0))
_WIDE: Final = HeadTraining(heads=2, epochs=40, batch=64)


def beyond_speakers(
    shape: EncoderShape, prepared: Prepared, *, encoder: str, progress: Progress | None = None
) -> tuple[float, ...]:
    """Return what validation speakers lean to beyond speakers at large, log odds, [labels].

    Args:
        shape: of the network whose leanings are wanted: its blocks and layers are heard by.
        prepared: a protocol's parts.
        encoder: the speech encoder's weights: a model of the Hugging Face hub or a local file.
        progress: is told how far the encoding is.

    Raises:
        MissingError: the encoder's weights are not to be had.
    """
    recipe = _recipe(shape)
    blocks, sha256 = load_initial(initial_file(encoder), recipe.shape.whisper)
    banks = [
        load_states(
            blocks, prepared.utterances, prepared.signals, layers=shape.layers, copy=copy,
            encoder_sha256=sha256, cache_folder=prepared.cache_folder, progress=progress,
        )
        for copy in recipe.copies
    ]  # fmt: skip
    return compare_speakers(recipe, prepared.split, banks, parts=_PARTS, seed=_SEED)


def compare_speakers(
    recipe: EncoderRecipe, split: Split, banks: Sequence[StateBank], *, parts: int, seed: int
) -> tuple[float, ...]:
    """Return the validation speakers' leanings less the training speakers', [labels].

    Args:
        recipe: what heads are trained by.
        split: its training speakers are dealt into ``parts``, each heard by heads that learned
            from the other parts, the validation speakers by those of all parts in turn.
        banks: the states of the clips as they are, then those of their copies.
        parts: how many, at most one a speaker.
        seed: of everything random.
    """
    _, owners = np.unique([f"{u.corpus} {u.speaker}" for u in split.train], return_inverse=True)
    speakers = int(owners.max()) + 1
    parts = min(parts, speakers)
    dealt = np.random.default_rng(seed).permutation(speakers) % parts
    heard = np.zeros((len(split.train), len(split.labels)))
    beside: list[NDArray[np.float64]] = []
    for number in range(parts):
        own = dealt[owners] == number
        others = [u for u, theirs in zip(split.train, own, strict=True) if not theirs]
        learned = replace(split, train=tuple(others), validation=())
        judged = [u for u, theirs in zip(split.train, own, strict=True) if theirs]
        with one_thread():
            heads = fit_heads(recipe, learned, banks, seed=100 * seed + number)
            heard[own] = judge_states(heads, judged, banks[0])[:, :-1]
            validation = judge_states(heads, split.validation, banks[0])[:, :-1]
        beside.append(_leanings(validation, split, "validation"))
    beyond = np.mean(beside, axis=0) - _leanings(heard, split, "train")
    return tuple(beyond.tolist())


def _leanings(said: NDArray[np.float64], split: Split, part: str) -> NDArray[np.float64]:
    utterances = split.train if part == "train" else split.validation
    truth = split.labels.targets(u.label for u in utterances)
    return np.asarray(fit_leanings(said, truth)[1])


def _recipe(shape: EncoderShape) -> EncoderRecipe:
    return EncoderRecipe(
        kind="encoder", name="speakers", blocks=max(shape.layers),
        layers=shape.layers, copies=_COPIES, votes=0.1, wide=_WIDE,
        deep=HeadTraining(heads=0, epochs=1, batch=2),
    )  # fmt: skip
