"""Holding models against a protocol's test part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.errors import UsageError
from voxemo_scan.models.ensemble import Ensemble
from voxemo_scan.models.networks import EMOTION_COUNT
from voxemo_scan.progress import Progress
from voxemo_scan.training.clips import average_over_clips
from voxemo_scan.training.corpora import Utterance, load_corpora
from voxemo_scan.training.levels import Levelling, SpeechOf, at_level
from voxemo_scan.training.metrics import Metrics, measure
from voxemo_scan.training.signals import Signals, load_signals
from voxemo_scan.training.splits import Split, drop_unsound, load_split


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
    """A model's figures on a protocol: all test clips together, then each corpus."""

    protocol: str
    model: str
    sha256: dict[str, str]
    parameters: int
    seed: int
    parts: tuple[PartResult, ...]


def prepare(
    protocol: str, *, data: Path, cache_folder: Path, progress: Progress | None = None
) -> tuple[Split, Signals]:
    """Return a protocol's parts, less unsound training clips, and the clips' speech.

    Raises:
        UsageError: the corpora or split lists under ``data`` are not there.
    """
    utterances = load_corpora(data)
    split = load_split(protocol, utterances, folder=data / "splits")
    signals = load_signals(utterances, cache_folder=cache_folder, progress=progress)
    return drop_unsound(split, digests=signals.digests, silent=signals.silent), signals


def evaluate(
    ensemble: Ensemble,
    split: Split,
    signals: Signals,
    *,
    seed: int = 0,
    levelling: Levelling = "recorded",
    gain_db: float = 0.0,
) -> Evaluation:
    """Return the ensemble's figures on the test part of ``split``.

    ``levelling`` and ``gain_db`` change the clips' levels (see ``levels.at_level``).
    """
    if levelling != "recorded" and ensemble.speech_level_db is None:
        raise UsageError(
            "the level that these weights learned from is not known",
            remedy="leave out --level, or evaluate the shipped model",
        )
    target_db = ensemble.speech_level_db or 0.0
    speech = at_level(
        signals, split.test, levelling=levelling, target_db=target_db, gain_db=gain_db
    )
    said = judge_test(ensemble, split.test, speech)
    corpora = sorted({u.corpus for u in split.test})
    groups = {"all": np.ones(len(split.test), dtype=bool)}
    if len(corpora) > 1:
        groups |= {c: np.array([u.corpus == c for u in split.test]) for c in corpora}
    knows_gender = any(m.description.shape.labels == 12 for m in ensemble.members)
    return Evaluation(
        protocol=split.protocol,
        model=ensemble.info.name,
        sha256=dict(ensemble.info.sha256),
        parameters=ensemble.parameters,
        seed=seed,
        parts=tuple(
            _part(name, mask, said, split.test, seed=seed, knows_gender=knows_gender)
            for name, mask in groups.items()
        ),
    )


def judge_test(
    ensemble: Ensemble, utterances: Sequence[Utterance], signals: SpeechOf
) -> NDArray[np.float64]:
    """Return six emotion probabilities and the woman's for each clip, float64, [clips, 7]."""

    def judge(windows: list[NDArray[np.float32]]) -> NDArray[np.float64]:
        heard = ensemble.judge(windows)
        return np.column_stack([heard.probabilities, heard.female])

    return average_over_clips(judge, utterances, signals, window_s=ensemble.window_s)


def refuse_leak(ensemble: Ensemble, split: Split, *, data: Path) -> None:
    """Raise if a member was trained on clips that ``split`` tests.

    Raises:
        UsageError: it was; no honest figure could come of it.
    """
    utterances = (*split.train, *split.validation, *split.test)
    test = {u.clip for u in split.test}
    for member in ensemble.members:
        trained = member.description.protocol
        if not trained or trained == split.protocol:
            continue
        other = load_split(trained, utterances, folder=data / "splits")
        heard = test & {u.clip for u in (*other.train, *other.validation)}
        if heard:
            raise UsageError(
                f"{member.description.name} was trained on the {trained} protocol, which holds "
                f"{len(heard)} of the {len(test)} clips that {split.protocol} tests",
                remedy=f"evaluate it on {trained}, or train one on {split.protocol}",
            )


def _part(
    name: str,
    mask: NDArray[np.bool_],
    said: NDArray[np.float64],
    utterances: Sequence[Utterance],
    *,
    seed: int,
    knows_gender: bool,
) -> PartResult:
    chosen = [u for u, wanted in zip(utterances, mask, strict=True) if wanted]
    labels = np.array([EMOTIONS.index(u.emotion) for u in chosen])
    female = np.array([u.gender == "female" for u in chosen])
    right = (said[mask, EMOTION_COUNT] > 0.5) == female
    return PartResult(
        part=name,
        metrics=measure(
            said[mask, :EMOTION_COUNT],
            labels,
            speakers=[f"{u.corpus} {u.speaker}" for u in chosen],
            seed=seed,
        ),
        gender_accuracy=float(right.mean()) if knows_gender else None,
    )
