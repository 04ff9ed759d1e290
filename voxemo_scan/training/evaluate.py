"""Holding models against a protocol's test part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.errors import UsageError
from voxemo_scan.models.judgement import Judgement
from voxemo_scan.training.clips import EnsembleJudge
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.judge import ClipJudge
from voxemo_scan.training.labels import LabelSet
from voxemo_scan.training.levels import SpeechOf
from voxemo_scan.training.metrics import Metrics, measure
from voxemo_scan.training.splits import Split, find_protocol, load_split

_YOUNG, _OLD = 30, 50


@dataclass(frozen=True)
class PartResult:
    """A model's figures on one part of a protocol's test clips.

    ``gender_accuracy`` is the fraction of clips whose speaker's gender was heard right, None for
    a model that does not tell genders apart.
    """

    part: str
    metrics: Metrics
    gender_accuracy: float | None


@dataclass(frozen=True)
class Evaluation:
    """A model's figures on a protocol: all test clips together, then each part of them.

    ``fold_ua`` is each fold's UA, of a protocol of several folds.
    """

    protocol: str
    model: str
    sha256: dict[str, str]
    parameters: int
    seed: int
    labels: LabelSet
    parts: tuple[PartResult, ...]
    fold_ua: tuple[float, ...] = ()


@dataclass(frozen=True)
class Heard:
    """What a model said of a protocol's test clips, of all folds."""

    utterances: tuple[Utterance, ...]
    judgement: Judgement
    folds: NDArray[np.int64]


def listen_to(judge: ClipJudge, split: Split, speech: SpeechOf) -> Heard:
    """Return what ``judge`` says of the test part of ``split``."""
    judgement = judge.judge([speech.clip(u) for u in split.test])
    return Heard(split.test, judgement, np.full(len(split.test), split.fold))


def join(heard: Sequence[Heard]) -> Heard:
    """Return several folds' test clips as one."""
    women = [h.judgement.female for h in heard if h.judgement.female is not None]
    return Heard(
        tuple(u for h in heard for u in h.utterances),
        Judgement(
            np.concatenate([h.judgement.probabilities for h in heard]),
            np.concatenate(women) if women else None,
        ),
        np.concatenate([h.folds for h in heard]),
    )


def evaluate(
    heard: Heard,
    *,
    protocol: str,
    labels: LabelSet,
    judge: ClipJudge,
    seed: int = 0,
) -> Evaluation:
    """Return the figures of what was heard.

    Args:
        heard: what the model said of the test clips; of all folds, if there are several.
        protocol: its name.
        labels: the labels that the protocol tells apart.
        judge: the model, the first fold's if each has its own.
        seed: of the intervals.
    """
    whole = [_part(name, mask, heard, labels, seed=seed) for name, mask in _groups(heard)]
    folds = np.unique(heard.folds)
    by_fold = [
        _part("", heard.folds == fold, heard, labels, seed=seed, resamples=1).metrics.ua
        for fold in folds
    ]
    return Evaluation(
        protocol=protocol,
        model=judge.name,
        sha256=judge.sha256,
        parameters=judge.parameters,
        seed=seed,
        labels=labels,
        parts=tuple(whole),
        fold_ua=tuple(by_fold) if len(folds) > 1 else (),
    )


def refuse_leak(judge: EnsembleJudge, split: Split, *, data: Path) -> None:
    """Raise if a network was trained on clips that ``split`` tests.

    Raises:
        UsageError: it was; no honest figure could come of it.
    """
    test = {(u.corpus, u.clip) for u in split.test}
    utterances = (*split.train, *split.validation, *split.test)
    for network in judge.networks:
        trained, fold = network.description.protocol, network.description.fold
        if not trained or (trained, fold) == (split.protocol, split.fold):
            continue
        own = find_protocol(trained).corpora
        known = [u for u in utterances if u.corpus in own]
        try:
            other = load_split(trained, known, folder=data / "splits", fold=fold)
        except UsageError:
            heard = test & {(u.corpus, u.clip) for u in known}  # lists of corpora not at hand
        else:
            heard = test & {(u.corpus, u.clip) for u in (*other.train, *other.validation)}
        if heard:
            raise UsageError(
                f"{network.description.name} was trained on the {trained} protocol, which holds "
                f"{len(heard)} of the {len(test)} clips that {split.protocol} tests",
                remedy=f"evaluate it on {trained}, or train one on {split.protocol}",
            )


def _groups(heard: Heard) -> list[tuple[str, NDArray[np.bool_]]]:
    """Return the parts of the test clips that get figures of their own.

    All of them, then by corpus, gender, age and intensity, wherever there is more than one.
    """
    groups = [("all", np.ones(len(heard.utterances), dtype=bool))]
    for sort in (_corpus, _gender, _age_band, _intensity):
        names = [sort(u) for u in heard.utterances]
        kinds = sorted({name for name in names if name})
        if len(kinds) > 1:
            groups += [(kind, np.array([name == kind for name in names])) for kind in kinds]
    return groups


def _corpus(utterance: Utterance) -> str | None:
    return utterance.corpus


def _gender(utterance: Utterance) -> str | None:
    return {"female": "women", "male": "men"}.get(utterance.gender or "")


def _age_band(utterance: Utterance) -> str | None:
    if utterance.age is None:
        return None
    if utterance.age < _YOUNG:
        return f"under {_YOUNG}"
    return f"{_YOUNG} to {_OLD - 1}" if utterance.age < _OLD else f"{_OLD} and over"


def _intensity(utterance: Utterance) -> str | None:
    return f"{utterance.intensity} intensity" if utterance.intensity else None


def _part(
    name: str,
    mask: NDArray[np.bool_],
    heard: Heard,
    labels: LabelSet,
    *,
    seed: int,
    resamples: int = 1000,
) -> PartResult:
    chosen = [u for u, wanted in zip(heard.utterances, mask, strict=True) if wanted]
    female = heard.judgement.female
    return PartResult(
        part=name,
        metrics=measure(
            heard.judgement.probabilities[mask],
            labels.targets(u.label for u in chosen),
            speakers=[f"{u.corpus} {u.speaker}" for u in chosen],
            label_set=labels,
            resamples=resamples,
            seed=seed,
        ),
        gender_accuracy=None if female is None else _gender_accuracy(female[mask], chosen),
    )


def _gender_accuracy(female: NDArray[np.float64], chosen: Sequence[Utterance]) -> float | None:
    right = [
        (said > 0.5) == (u.gender == "female")
        for said, u in zip(female, chosen, strict=True)
        if u.gender
    ]
    return float(np.mean(right)) if right else None
