"""Holding models against a protocol's test part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

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
from voxemo_scan.training.narrow import narrow
from voxemo_scan.training.splits import Split
from voxemo_scan.training.subgroups import Subgroup, subgroups


class Identified(Protocol):
    """A model of which an evaluation says what it is."""

    @property
    def name(self) -> str:
        """What reports call it."""

    @property
    def parameters(self) -> int:
        """How many trained numbers it holds."""

    @property
    def sha256(self) -> dict[str, str]:
        """The checksum of each of its files."""


@dataclass(frozen=True)
class PartResult:
    """A model's figures on some of a protocol's test clips.

    ``part`` names them, ``sort`` is the division that they are of: all, corpus, sex, age or
    intensity. ``gender_accuracy`` is the fraction of clips whose speaker's gender was heard
    right, None from a model that does not tell or for speakers whose gender is not known.
    """

    part: str
    metrics: Metrics
    gender_accuracy: float | None
    sort: str = "all"


@dataclass(frozen=True)
class Evaluation:
    """A model's figures on a protocol: all test clips together, then each part of them.

    ``fold_ua`` is each fold's UA by its number, of a protocol of several folds; the parts then
    pool the folds' clips, each judged by its own fold's model.
    """

    protocol: str
    model: str
    sha256: dict[str, str]
    parameters: int
    seed: int
    labels: LabelSet
    parts: tuple[PartResult, ...]
    fold_ua: dict[int, float]

    @property
    def whole(self) -> Metrics:
        """Return the figures of all test clips together."""
        return self.parts[0].metrics

    @property
    def ua(self) -> float:
        """Return the UA to quote: the mean of the folds' where there are several (EmoBox)."""
        return float(np.mean(list(self.fold_ua.values()))) if self.fold_ua else self.whole.ua


@dataclass(frozen=True)
class Heard:
    """What a model said of a protocol's test clips; ``folds``: int, [clips], each one's fold."""

    utterances: tuple[Utterance, ...]
    judgement: Judgement
    folds: NDArray[np.int64]


def listen_to(judge: ClipJudge, split: Split, speech: SpeechOf, *, adapted: bool = False) -> Heard:
    """Return what ``judge`` says of the test part of ``split``, over the split's labels.

    If ``adapted``, each speaker's clips are heard beside one another.

    Raises:
        UsageError: the model does not know one of them, or cannot adapt.
    """
    clips = [speech.clip(u) for u in split.test]
    if adapted:
        if not isinstance(judge, EnsembleJudge) or not judge.adapts:
            raise UsageError(
                "this model hears each clip alone", remedy="leave out --adapted, or take another"
            )
        said = judge.judge(clips, voices=[f"{u.corpus} {u.speaker}" for u in split.test])
    else:
        said = judge.judge(clips)
    judgement = narrow(said, heard=judge.labels, wanted=split.labels)
    return Heard(split.test, judgement, np.full(len(split.test), split.fold))


def join(heard: Sequence[Heard]) -> Heard:
    """Return several folds' test clips as one."""
    women = [h.judgement.female for h in heard if h.judgement.female is not None]
    return Heard(
        tuple(u for h in heard for u in h.utterances),
        Judgement(
            np.concatenate([h.judgement.probabilities for h in heard]),
            np.concatenate(women) if len(women) == len(heard) else None,
        ),
        np.concatenate([h.folds for h in heard]),
    )


def evaluate(
    heard: Heard, *, protocol: str, labels: LabelSet, judge: Identified, seed: int = 0
) -> Evaluation:
    """Return the figures of what was heard.

    Args:
        heard: what the model said of the test clips; of all folds, if there are several.
        protocol: its name.
        labels: the labels that the clips carry.
        judge: the model.
        seed: of the intervals.
    """
    return Evaluation(
        protocol=protocol,
        model=judge.name,
        sha256=dict(judge.sha256),
        parameters=judge.parameters,
        seed=seed,
        labels=labels,
        parts=tuple(
            _part(subgroup, heard, labels=labels, seed=seed)
            for subgroup in subgroups(heard.utterances)
        ),
        fold_ua=_fold_ua(heard, labels=labels),
    )


def evaluate_conditions(
    heard: Mapping[str, Heard], *, protocol: str, labels: LabelSet, judge: Identified, seed: int = 0
) -> Evaluation:
    """Return the figures of the same clips heard under several conditions, the first to quote."""
    parts = [
        _part(
            Subgroup("condition" if number else "all", name, np.ones(len(each.utterances), bool)),
            each, labels=labels, seed=seed,
        )
        for number, (name, each) in enumerate(heard.items())
    ]  # fmt: skip
    return Evaluation(
        protocol=protocol, model=judge.name, sha256=dict(judge.sha256),
        parameters=judge.parameters, seed=seed, labels=labels, parts=tuple(parts), fold_ua={},
    )  # fmt: skip


def _fold_ua(heard: Heard, *, labels: LabelSet) -> dict[int, float]:
    """Return each fold's UA, of none where all clips are of one."""
    folds = np.unique(heard.folds).tolist()
    if len(folds) == 1:
        return {}
    return {
        fold: _measure(heard, heard.folds == fold, labels=labels, resamples=1, seed=0).ua
        for fold in folds
    }


def _part(subgroup: Subgroup, heard: Heard, *, labels: LabelSet, seed: int) -> PartResult:
    female = heard.judgement.female
    chosen = _chosen(heard, subgroup.members)
    return PartResult(
        part=subgroup.name,
        sort=subgroup.sort,
        metrics=_measure(heard, subgroup.members, labels=labels, seed=seed),
        gender_accuracy=None
        if female is None
        else _gender_accuracy(female[subgroup.members], chosen),
    )


def _measure(
    heard: Heard,
    members: NDArray[np.bool_],
    *,
    labels: LabelSet,
    seed: int,
    resamples: int = 1000,
) -> Metrics:
    chosen = _chosen(heard, members)
    return measure(
        heard.judgement.probabilities[members],
        labels.targets(u.label for u in chosen),
        speakers=[f"{u.corpus} {u.speaker}" for u in chosen],
        label_set=labels,
        resamples=resamples,
        seed=seed,
    )


def _chosen(heard: Heard, members: NDArray[np.bool_]) -> list[Utterance]:
    return [u for u, wanted in zip(heard.utterances, members, strict=True) if wanted]


def _gender_accuracy(female: NDArray[np.float64], chosen: Sequence[Utterance]) -> float | None:
    right = [
        (said > 0.5) == (u.gender == "female")
        for said, u in zip(female, chosen, strict=True)
        if u.gender
    ]
    return float(np.mean(right)) if right else None
