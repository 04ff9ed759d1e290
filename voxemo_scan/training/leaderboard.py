"""All models on one protocol, ranked: the classic ones fitted on the spot, and what was trained."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.errors import MissingError
from voxemo_scan.folders import cache_folder
from voxemo_scan.models.registry import load_files
from voxemo_scan.models.weights import load_description
from voxemo_scan.progress import NoProgress, Progress
from voxemo_scan.training.clips import EnsembleJudge
from voxemo_scan.training.combine import calibrate
from voxemo_scan.training.evaluate import Evaluation, Heard, evaluate, join, listen_to
from voxemo_scan.training.judge import ClipJudge
from voxemo_scan.training.labels import label_set
from voxemo_scan.training.prepare import Prepared, prepare
from voxemo_scan.training.recipe import load_recipe, recipe_names
from voxemo_scan.training.splits import Split, find_protocol
from voxemo_scan.training.zoo.fit import fit_zoo, summaries_of
from voxemo_scan.training.zoo.judge import ZooDescription, ZooModel, load_zoo
from voxemo_scan.training.zoo.recipe import ZooRecipe

_SCHEMA: Final = "voxemo-scan/leaderboard/1"


@dataclass(frozen=True)
class Entry:
    """One model's place; ``seconds`` is how long its fitting took, None if done before."""

    evaluation: Evaluation
    seconds: float | None


@dataclass(frozen=True)
class Leaderboard:
    """Models on a protocol, best UA first."""

    protocol: str
    labels: int
    seed: int
    entries: tuple[Entry, ...]


def rank(
    protocol: str,
    *,
    data: Path,
    runs: Path,
    labels: int,
    seed: int = 0,
    progress: Progress | None = None,
) -> Leaderboard:
    """Return every model's figures on the protocol's test part, best first.

    The models that need no network are fitted on the training part and kept in ``runs``, from where
    the next ranking takes them; networks take part that were trained into ``runs`` on this
    protocol.

    Args:
        protocol: its name.
        data: the folder that holds the corpora and ``splits/``.
        runs: where trained models are kept, ``PROTOCOL[/fold-N]/RECIPE/``.
        labels: how many labels to tell apart.
        seed: of everything random.
        progress: is told what is being fitted.
    """
    told = progress or NoProgress()
    folds = range(find_protocol(protocol).folds)
    wanted = label_set(labels)
    heard: dict[str, list[Heard]] = {}
    seconds: dict[str, float | None] = {}
    judges: dict[str, ClipJudge] = {}
    for fold in folds:
        prepared = prepare(
            protocol, data=data, cache_folder=cache_folder() / "corpora", fold=fold,
            labels=wanted, progress=told,
        )  # fmt: skip
        folder = runs / protocol / (f"fold-{fold}" if len(folds) > 1 else "")
        for judge, found, took in _judged(prepared, folder, labels=labels, seed=seed, told=told):
            heard.setdefault(judge.name, []).append(found)
            judges[judge.name] = judge
            seconds[judge.name] = took
    entries = [
        Entry(
            evaluate(join(each), protocol=protocol, labels=wanted, judge=judges[name], seed=seed),
            seconds[name],
        )
        for name, each in heard.items()
        if len(each) == len(folds)
    ]
    best_first = sorted(entries, key=lambda entry: -entry.evaluation.ua)
    return Leaderboard(protocol, labels, seed, tuple(best_first))


def to_json(board: Leaderboard, *, command: str) -> dict[str, Any]:
    """Return the leaderboard as JSON values; ``command`` is what made it."""
    return {
        "schema": _SCHEMA,
        "protocol": board.protocol,
        "labels": board.labels,
        "seed": board.seed,
        "command": command,
        "models": [
            {
                "name": entry.evaluation.model,
                "parameters": entry.evaluation.parameters,
                "ua": entry.evaluation.ua,
                "ua_ci": list(entry.evaluation.whole.ua_ci),
                "wa": entry.evaluation.whole.wa,
                "macro_f1": entry.evaluation.whole.macro_f1,
                "ece": entry.evaluation.whole.ece,
                "fit_seconds": entry.seconds,
            }
            for entry in board.entries
        ],
    }


def to_markdown(board: Leaderboard, *, command: str) -> str:
    """Return the leaderboard as a Markdown table."""
    lines = [
        f"# Leaderboard of `{board.protocol}`, {board.labels} labels",
        "",
        f"    {command}",
        "",
        "| model | parameters | UA (95 %) | WA | macro-F1 | ECE | fitted in |",
        "|---|---|---|---|---|---|---|",
    ]
    for entry in board.entries:
        found, m = entry.evaluation, entry.evaluation.whole
        took = "before" if entry.seconds is None else f"{entry.seconds:.0f} s"
        low, high = (100 * each for each in m.ua_ci)
        lines.append(
            f"| {found.model} | {found.parameters:,} | {100 * found.ua:.1f} ({low:.1f} to "
            f"{high:.1f}) | {100 * m.wa:.1f} | {100 * m.macro_f1:.1f} | {m.ece:.3f} | {took} |"
        )
    return "\n".join(lines) + "\n"


def _judged(
    prepared: Prepared, folder: Path, *, labels: int, seed: int, told: Progress
) -> Iterator[tuple[ClipJudge, Heard, float | None]]:
    """Yield each model with what it says of the test part and how long its fitting took."""
    yield from _zoo(prepared, folder, labels=labels, seed=seed, told=told)
    for path in sorted(folder.glob("*/*.safetensors")):
        if path.name.startswith("checkpoint"):
            continue
        description = load_description(path)
        of = (description.protocol, description.fold)
        if of != (prepared.split.protocol, prepared.split.fold) or description.labels != labels:
            continue
        told.note(f"judging {description.name}")
        ensemble = calibrate(
            load_files([path]), prepared.split.validation, prepared.signals,
            labels=prepared.split.labels,
        )  # fmt: skip
        judge = EnsembleJudge(ensemble, description.name)
        yield judge, listen_to(judge, prepared.split, prepared.signals), None


def _zoo(
    prepared: Prepared, folder: Path, *, labels: int, seed: int, told: Progress
) -> Iterator[tuple[ClipJudge, Heard, float | None]]:
    split = prepared.split
    train: NDArray[np.float32] | None = None
    test = summaries_of(split.test, prepared)
    for name in recipe_names():
        recipe = load_recipe(name)
        if not isinstance(recipe, ZooRecipe):
            continue
        own = folder / (name if recipe.labels == labels else f"{name}-{labels}")
        recipe = recipe.model_copy(update={"labels": labels})
        model, took = _kept(own / f"{name}.zip", recipe, split, seed=seed), None
        if model is None:
            if train is None:
                train = summaries_of(split.train, prepared)
            told.note(f"fitting {name}")
            started = time.perf_counter()
            path = fit_zoo(recipe, prepared, seed=seed, folder=own, summaries=train)
            took = time.perf_counter() - started
            model = load_zoo(path)
        yield model, _heard(model, test, prepared), took


def _kept(path: Path, recipe: ZooRecipe, split: Split, *, seed: int) -> ZooModel | None:
    """Return the model at ``path`` if it was fitted by this recipe to this part; else None."""
    try:
        found = load_zoo(path)
    except MissingError:
        return None
    wanted = ZooDescription(recipe=recipe, protocol=split.protocol, fold=split.fold, seed=seed)
    return found if found.description == wanted else None


def _heard(model: ZooModel, test: Any, prepared: Prepared) -> Heard:
    split = prepared.split
    if model.lstm is not None:
        return listen_to(model, split, prepared.signals)
    said = model.judge_summaries(test)
    return Heard(split.test, said, np.full(len(split.test), split.fold))
