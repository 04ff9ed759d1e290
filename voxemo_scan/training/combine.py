"""Fitting what stands around networks: members' temperatures and weights, the mean's leanings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import logsumexp

from voxemo_scan.models.ensemble import Ensemble, Voice
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.models.judgement import Calibration, tempered
from voxemo_scan.training.clips import EnsembleJudge
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.judge import Clip
from voxemo_scan.training.labels import LabelSet
from voxemo_scan.training.levels import SpeechOf
from voxemo_scan.training.narrow import narrow

_STEPS: Final = 21
_DIGITS: Final = 4
_WORTH: Final = 0.003
"""Log-loss that asking a further member must save: every scan pays for it."""


def fit_temperature(probabilities: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Return the temperature that makes ``labels``, [clips], likeliest (Guo et al. 2017).

    ``probabilities``: [clips, labels], each row summing to 1.
    """

    def surprise(log_temperature: float) -> float:
        return _surprise(
            tempered(probabilities, temperature=float(np.exp(log_temperature))), labels
        )

    found = minimize_scalar(surprise, bounds=(np.log(0.2), np.log(5.0)), method="bounded")
    return round(float(np.exp(found.x)), _DIGITS)


def fit_leanings(
    probabilities: NDArray[np.float64], labels: NDArray[np.int64], *, beyond: Sequence[float] = ()
) -> tuple[float, tuple[float, ...]]:
    """Return the temperature and the leanings, log odds, that make ``labels``, [clips], likeliest.

    Bias-corrected temperature scaling (Alexandari, Kundaje and Shrikumar 2020). Each label counts
    as much as any other however many clips it has, so that what is left assumes an even mix; few
    clips are not taken for a leaning (a normal prior of one unit).

    Args:
        probabilities: [clips, labels], each row summing to 1.
        labels: [clips], the place of each clip's label.
        beyond: what is known to be these clips' own, [labels]: it is left out of the leanings,
            and the temperature is the likeliest with the rest; nothing if empty.
    """
    logs = np.log(np.clip(probabilities, 1e-12, None))
    counts = np.bincount(labels, minlength=logs.shape[1])
    weights = 1.0 / counts[labels] / (counts > 0).sum()

    def surprise(fitted: NDArray[np.float64]) -> float:
        logits = logs * np.exp(fitted[0]) - fitted[1:]
        said = logits[np.arange(len(labels)), labels] - logsumexp(logits, axis=1)
        return float(np.square(fitted).sum() / (2 * len(labels)) - weights @ said)

    found = minimize(surprise, np.zeros(1 + logs.shape[1])).x
    sharpness, leanings = found[0], found[1:] - found[1:].mean()
    if len(beyond):
        leanings = leanings - np.asarray(beyond)
        sharpness = minimize_scalar(lambda s: surprise(np.append(s, leanings))).x
    return round(float(np.exp(-sharpness)), _DIGITS), tuple(leanings.round(_DIGITS).tolist())


def fit_weights(
    members: Sequence[NDArray[np.float64]], labels: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the weights, [members], summing to 1, whose mean makes ``labels`` likeliest.

    One member after the other is weighed against the mean of those before it, in steps of a
    twentieth. What hardly gains by being asked beside the other gets no weight: it need not be
    asked at all, in any scan.
    """
    weights = np.ones(1)
    mean = members[0]
    for member in members[1:]:
        shares = np.linspace(0.0, 1.0, _STEPS)
        losses = [_surprise((1 - s) * mean + s * member, labels) for s in shares]
        worth = min(losses) + _WORTH
        alone = next((n for n in (0, -1) if losses[n] <= worth), int(np.argmin(losses)))
        share = float(shares[alone])
        mean = (1 - share) * mean + share * member
        weights = np.append((1 - share) * weights, share)
    return weights.round(_DIGITS)


def calibrate(
    ensemble: Ensemble,
    utterances: Sequence[Utterance],
    speech: SpeechOf,
    *,
    labels: LabelSet,
    info: ModelInfo | None = None,
    beyond: Sequence[float] = (),
) -> Ensemble:
    """Return ``ensemble`` with all that is fitted, on clips it was not trained on.

    Leanings are fitted where the clips carry the very labels that the ensemble tells apart.

    Args:
        ensemble: whose members are to be weighed.
        utterances: the validation clips.
        speech: their sound.
        labels: those that the clips carry.
        info: the identity to give it, its own if None.
        beyond: what the clips' speakers lean to beyond speakers at large (see
            ``speaker_leanings``): it is no leaning of the ensemble. Nothing if empty.
    """
    clips = [speech.clip(u) for u in utterances]
    truth = labels.targets(u.label for u in utterances)
    said = [_alone(voice, ensemble, clips, labels=labels) for voice in ensemble.voices]
    own = [fit_temperature(each, truth) for each in said]
    warm = [tempered(each, temperature=t) for each, t in zip(said, own, strict=True)]
    weights = fit_weights(warm, truth)
    mean = np.asarray(sum(w * each for w, each in zip(weights, warm, strict=True)))
    fitted = Ensemble(
        [
            replace(voice, weight=float(w), temperature=t)
            for voice, w, t in zip(ensemble.voices, weights, own, strict=True)
        ],
        info=info or ensemble.info,
        calibration=_calibration(mean, truth, known=len(labels) == ensemble.labels, beyond=beyond),
        speech_level_db=ensemble.speech_level_db,
    )
    if fitted.adaptive:
        judge = EnsembleJudge(fitted)
        beside = judge.judge(clips, voices=[f"{u.corpus} {u.speaker}" for u in utterances])
        adapted = narrow(beside, heard=judge.labels, wanted=labels).probabilities
        fitted.adapted = _calibration(adapted, truth, known=len(labels) == ensemble.labels)
    return fitted


def _calibration(
    said: NDArray[np.float64],
    truth: NDArray[np.int64],
    *,
    known: bool,
    beyond: Sequence[float] = (),
) -> Calibration:
    if known:
        return Calibration(*fit_leanings(said, truth, beyond=beyond))
    return Calibration(fit_temperature(said, truth))


def _alone(
    voice: Voice, ensemble: Ensemble, clips: Sequence[Clip], *, labels: LabelSet
) -> NDArray[np.float64]:
    alone = EnsembleJudge(Ensemble([Voice(voice.member)], info=ensemble.info))
    said = narrow(alone.judge(clips), heard=alone.labels, wanted=labels)
    return said.probabilities


def _surprise(probabilities: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    return float(-np.log(probabilities[np.arange(len(labels)), labels] + 1e-12).mean())
