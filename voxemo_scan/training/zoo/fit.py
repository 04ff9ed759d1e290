"""Fitting a classic model on a protocol's training part."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.errors import UsageError
from voxemo_scan.features.summary import frames, summary
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.labels import label_set
from voxemo_scan.training.prepare import Prepared
from voxemo_scan.training.zoo.estimators import fit_estimator
from voxemo_scan.training.zoo.judge import ZooDescription, ZooModel, save_zoo
from voxemo_scan.training.zoo.lstm import fit_lstm
from voxemo_scan.training.zoo.recipe import ZooRecipe

_FEW: Final = 64
"""Clips that are done before another process has started."""


def fit_zoo(
    recipe: ZooRecipe,
    prepared: Prepared,
    *,
    seed: int,
    folder: Path,
    summaries: NDArray[np.float32] | None = None,
) -> Path:
    """Fit ``recipe`` on the training part and return the file, written into ``folder``.

    ``summaries`` are the training clips', [clips, 188]; computed if not given.
    """
    split = prepared.split
    targets = label_set(recipe.labels).targets(u.label for u in split.train)
    description = ZooDescription(recipe=recipe, protocol=split.protocol, fold=split.fold, seed=seed)
    if recipe.kind == "lstm":
        clips = [frames(prepared.signals.of(u)) for u in split.train]
        model = ZooModel(description, {}, fit_lstm(recipe, clips, targets, seed=seed))
    else:
        if summaries is None:
            summaries = summaries_of(split.train, prepared)
        model = ZooModel(
            description, _estimators(recipe, split.train, summaries, targets, seed=seed)
        )
    path = folder / f"{recipe.name}.zip"
    save_zoo(model, path)
    return path


def summaries_of(utterances: Sequence[Utterance], prepared: Prepared) -> NDArray[np.float32]:
    """Return clips' summaries, float32, [clips, 188]; those of many are computed over all cores."""
    signals = (prepared.signals.of(u) for u in utterances)
    if len(utterances) <= _FEW:
        return np.stack([summary(signal) for signal in signals])
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        return np.stack(list(pool.map(summary, signals, chunksize=64)))


def _estimators(
    recipe: ZooRecipe,
    utterances: Sequence[Utterance],
    summaries: NDArray[np.float32],
    targets: NDArray[np.int64],
    *,
    seed: int,
) -> dict[str, object]:
    speakers = np.array([f"{u.corpus} {u.speaker}" for u in utterances])

    def fit(which: NDArray[np.bool_], wanted: NDArray[np.int64]) -> object:
        return fit_estimator(
            recipe, summaries[which], wanted[which], speakers=speakers[which].tolist(), seed=seed
        )

    everyone = np.ones(len(utterances), dtype=bool)
    if not recipe.per_gender:
        return {"all": fit(everyone, targets)}
    known = np.array([u.gender is not None for u in utterances])
    female = np.array([u.gender == "female" for u in utterances])
    if not female.any() or not (known & ~female).any():
        raise UsageError(
            f"{recipe.name} needs clips of women and of men to learn from",
            remedy="choose a recipe that does not tell genders apart",
        )
    return {
        "gender": fit(known, female.astype(np.int64)),
        "female": fit(female, targets),
        "male": fit(known & ~female, targets),
    }
