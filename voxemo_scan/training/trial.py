"""A protocol from its clips to a model's figures, fold by fold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from voxemo_scan.errors import UsageError
from voxemo_scan.models.ensemble import Ensemble
from voxemo_scan.models.registry import load_files, load_shipped
from voxemo_scan.models.weights import load_description
from voxemo_scan.progress import Progress
from voxemo_scan.training.clips import EnsembleJudge
from voxemo_scan.training.combine import calibrate
from voxemo_scan.training.evaluate import (
    Evaluation,
    Heard,
    evaluate,
    evaluate_conditions,
    join,
    listen_to,
)
from voxemo_scan.training.film.backgrounds import load_backgrounds
from voxemo_scan.training.film.conditions import SNRS_DB, deliveries, film_like, under
from voxemo_scan.training.labels import LabelSet
from voxemo_scan.training.leak import refuse_leak
from voxemo_scan.training.levels import Levelling, SpeechOf, at_level
from voxemo_scan.training.prepare import Prepared, prepare
from voxemo_scan.training.splits import Split, find_protocol


@dataclass(frozen=True)
class Trial:
    """What is judged, and how.

    ``folds`` are counted from 0; ``labels`` are the protocol's own where None; ``validation``
    judges the validation part instead of the test. ``levelling`` and ``gain_db`` change the
    clips' levels (see ``levels.at_level``). If ``adapted``, each speaker's clips are heard beside
    one another.
    """

    protocol: str
    folds: tuple[int, ...] = (0,)
    labels: LabelSet | None = None
    validation: bool = False
    levelling: Levelling = "recorded"
    gain_db: float = 0.0
    adapted: bool = False


@dataclass(frozen=True)
class FoldModels:
    """The model of each fold: alike in kind, each trained without its own fold's test part.

    Unless they are ``calibrated``, the members' weights and temperatures are fitted on the fold's
    validation part before its test part is judged, or left alone if it was learned from.
    """

    ensembles: Mapping[int, Ensemble]
    calibrated: bool = True

    def to(self, device: torch.device) -> FoldModels:
        """Move all of them to ``device`` and return them."""
        for ensemble in self.ensembles.values():
            ensemble.to(device)
        return self

    @property
    def name(self) -> str:
        """Return what reports call them."""
        return next(iter(self.ensembles.values())).info.name

    @property
    def parameters(self) -> int:
        """Return how many trained numbers one fold's model holds."""
        return next(iter(self.ensembles.values())).parameters

    @property
    def sha256(self) -> dict[str, str]:
        """Return the checksum of each file, behind its fold's number if they are not the same."""
        each = {fold: _checksums(ensemble) for fold, ensemble in self.ensembles.items()}
        first = next(iter(each.values()))
        if all(files == first for files in each.values()):
            return first
        return {
            f"fold {n}: {name}": digest for n, of in each.items() for name, digest in of.items()
        }


def _checksums(ensemble: Ensemble) -> dict[str, str]:
    if len(ensemble.info.sha256) == len(ensemble.networks):
        return dict(ensemble.info.sha256)
    return EnsembleJudge(ensemble).sha256  # files of one name, from several folders


def folds_of(protocol: str, *, fold: int | None) -> tuple[int, ...]:
    """Return the folds to judge: the one asked for, or all.

    Raises:
        UsageError: there is no such protocol, or no such fold.
    """
    count = find_protocol(protocol).folds
    if fold is None:
        return tuple(range(count))
    if not 0 <= fold < count:
        raise UsageError(f"{protocol} has no fold {fold}", remedy=f"choose 0 to {count - 1}")
    return (fold,)


def shipped_for(folds: Sequence[int], *, model: str | None) -> FoldModels:
    """Return a shipped model for all ``folds``.

    Raises:
        MissingError: its weights are missing or damaged.
        UsageError: there is no such model.
    """
    return FoldModels(dict.fromkeys(folds, load_shipped(model)))


def trained_for(folds: Sequence[int], *, protocol: str, weights: Sequence[Path]) -> FoldModels:
    """Return the models that ``weights`` hold, each file's for the fold that it was trained on.

    Files of one fold are averaged. Of a protocol of one fold, all files are.

    Raises:
        MissingError: a file is missing or damaged.
        UsageError: a fold has no file.
    """
    if find_protocol(protocol).folds == 1:
        return FoldModels(dict.fromkeys(folds, load_files(weights)), calibrated=False)
    by_fold: dict[int, list[Path]] = defaultdict(list)
    for path in weights:
        by_fold[load_description(path).fold].append(path)
    if missing := [str(fold) for fold in folds if fold not in by_fold]:
        raise UsageError(
            f"no weights of {protocol}'s fold {', '.join(missing)}",
            remedy="train them with `train --fold N`, or choose one that is there with --fold",
        )
    return FoldModels({fold: load_files(by_fold[fold]) for fold in folds}, calibrated=False)


def hold(
    models: FoldModels,
    trial: Trial,
    *,
    data: Path,
    cache_folder: Path,
    seed: int = 0,
    progress: Progress | None = None,
) -> Evaluation:
    """Return the models' figures.

    Args:
        models: a model for each of the trial's folds.
        trial: what is judged.
        data: the folder that holds the corpora and ``splits/``.
        cache_folder: where decoded sound is kept.
        seed: of the intervals.
        progress: is told how far it is.

    Raises:
        UsageError: a model has learned from clips that it is to judge, does not know their
            labels or the level that it learned from, or the corpora are not there.
    """
    heard = [
        _hear(
            models.ensembles[fold], trial, fold, calibrated=models.calibrated, data=data,
            cache_folder=cache_folder, progress=progress,
        )
        for fold in trial.folds
    ]  # fmt: skip
    labels = trial.labels or find_protocol(trial.protocol).labels
    under = {name: join([each[name] for each in heard]) for name in heard[0]}
    if len(under) > 1:
        return evaluate_conditions(
            under, protocol=trial.protocol, labels=labels, judge=models, seed=seed
        )
    (only,) = under.values()
    return evaluate(only, protocol=trial.protocol, labels=labels, judge=models, seed=seed)


def _hear(
    ensemble: Ensemble,
    trial: Trial,
    fold: int,
    *,
    calibrated: bool,
    data: Path,
    cache_folder: Path,
    progress: Progress | None,
) -> dict[str, Heard]:
    """Return what is heard of the fold's test clips under each of the protocol's conditions."""
    found = prepare(
        trial.protocol, data=data, cache_folder=cache_folder, fold=fold, labels=trial.labels,
        progress=progress,
    )  # fmt: skip
    if trial.levelling != "recorded" and ensemble.speech_level_db is None:
        raise UsageError(
            "the level that these weights learned from is not known",
            remedy="leave out --level, or evaluate a shipped model",
        )
    ensemble, split = ready(ensemble, found, calibrated=calibrated, validation=trial.validation)
    speech = at_level(
        found.signals, split.test, levelling=trial.levelling,
        target_db=ensemble.speech_level_db or 0.0, gain_db=trial.gain_db,
    )  # fmt: skip
    judge = EnsembleJudge(ensemble, name=ensemble.info.name)
    conditions = _conditions(trial.protocol, speech, data=data)
    return {
        name: listen_to(judge, split, each, adapted=trial.adapted)
        for name, each in conditions.items()
    }


def ready(
    ensemble: Ensemble, found: Prepared, *, calibrated: bool, validation: bool
) -> tuple[Ensemble, Split]:
    """Return an ensemble that may judge a split's test part, and the split.

    Args:
        ensemble: the model; its weights, temperatures and leanings are fitted on the validation
            part unless it was learned from.
        found: the protocol's parts.
        calibrated: leave what was fitted before as it is.
        validation: the validation part is to be judged in the test's place.

    Raises:
        UsageError: a network has learned from clips that it is to judge.
    """
    split = found.split
    if validation:
        split = replace(split, test=split.validation, validation=())
    descriptions = [n.description for n in ensemble.networks]
    refuse_leak(descriptions, split, data=found.data)
    merged = any(description.merged for description in descriptions)
    if merged and validation:
        raise UsageError(
            "these weights have learned from the validation part, too",
            remedy="train them without --merge to judge it",
        )
    if not (calibrated or merged or validation):
        ensemble = calibrate(ensemble, split.validation, found.signals, labels=split.labels)
    return ensemble, split


def _conditions(protocol: str, speech: SpeechOf, *, data: Path) -> dict[str, SpeechOf]:
    """Return the test clips as the protocol has them heard, by the condition's name."""
    sound = find_protocol(protocol).sound
    if sound == "recorded":
        return {"all": speech}
    if sound == "delivery":
        return {"as recorded": speech, **deliveries(speech)}
    backgrounds = load_backgrounds(data, "test")
    if sound == "film-like":
        return {"all": film_like(speech, backgrounds)}
    distances = {f"{snr:.0f} dB": under(speech, backgrounds, snr_db=snr) for snr in SNRS_DB}
    return {"as recorded": speech, **distances}
