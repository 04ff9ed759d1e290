"""A scene's shares as prevalence: the mix of emotions that explains its windows best.

A network answers as if a scene held as much of each emotion as its training did. The mean of its
distributions is drawn towards that mix, and counted verdicts towards whatever it confuses. Saerens,
Latinne and Decaestecker (2002) go back and forth between the windows' distributions given the
scene's mix, and the mix given the distributions, until both agree: expectation maximisation.

The prior: acted corpora hold about as many clips of each emotion, so distributions come from an
even prior and serve as likelihoods as they are; nothing even is carried into the scene by them. All
that a scene is taken to hold beforehand is a fraction of a window of each emotion (a Dirichlet
prior), so that two or three windows do not make it a scene of one emotion. What the estimate relies
on is that distributions are calibrated: on sound unlike all training it may err more than the mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.scan.evidence import Evidence
from voxemo_scan.scan.shares import BootstrapOptions

Estimator = Literal["em", "mean"]
ESTIMATORS: Final[tuple[Estimator, ...]] = get_args(Estimator)

_SETTLED: Final = 1e-8
_ROUNDS: Final = 2000
_RESAMPLE_SETTLED: Final = 5e-4
_RESAMPLE_ROUNDS: Final = 30
_NEVER: Final = 1e-6
"""Windows of each emotion that a resample holds at least, so that none is ruled out for good."""
_CHUNK: Final = 250_000
"""Resamples times windows that are worked on at once: what fits a processor's cache."""


@dataclass(frozen=True, slots=True)
class PrevalenceOptions:
    """What the estimate takes for granted; both chosen on scenes of validation speakers.

    ``pseudo_windows`` is how many windows of each emotion a scene is taken to hold beside its
    own (a half is Jeffreys' prior); ``leaning`` is how far networks lean to an emotion in one
    scene's voices and not in another's: the standard deviation of its log odds.
    """

    pseudo_windows: float = 0.5
    leaning: float = 0.4


def prevalence(scene: Evidence, *, options: PrevalenceOptions) -> NDArray[np.float64]:
    """Return the shares of speech time, [6], that sum to 1.

    They are the windows' distributions, adapted to the scene's likeliest mix (MAP) and averaged.
    """
    adapted = scene.rows * _mix(scene, options=options)
    adapted /= adapted.sum(axis=1, keepdims=True)
    shares = scene.seconds @ adapted
    return np.asarray(shares / shares.sum())


def prevalence_intervals(
    scene: Evidence,
    *,
    options: PrevalenceOptions,
    bootstrap: BootstrapOptions,
) -> NDArray[np.float64]:
    """Return the low and high end of each share's interval, [6, 2]; it holds the share.

    The interval is for what this scene holds, not for what scenes like it would (a prediction
    interval: Keith and O'Connor 2018). Each resample draws whole segments with replacement,
    since the windows of one are not independent (Efron and Tibshirani 1993, ch. 8), leans the
    networks to one emotion or another as they lean from voice to voice, weighs what the scene is
    taken to hold beforehand anew, too (the proper Bayesian bootstrap: Muliere and Secchi 1996),
    estimates the mix, and given that mix draws what each piece of evidence is.
    """
    with _blas().limit(limits=1, user_api="blas"):  # threads slow such narrow products down
        drawn = np.concatenate(list(_resamples(scene, options=options, bootstrap=bootstrap)))
    tail = (1.0 - bootstrap.coverage) / 2.0
    low, high = np.quantile(drawn, [tail, 1.0 - tail], axis=0)
    found = prevalence(scene, options=options)
    return np.stack([np.minimum(low, found), np.maximum(high, found)], axis=1)


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


def _mix(scene: Evidence, *, options: PrevalenceOptions) -> NDArray[np.float64]:
    """Return the scene's likeliest mix of emotions, [6], under the Dirichlet prior."""
    mix = np.full((1, len(EMOTIONS)), 1.0 / len(EMOTIONS))
    (found,) = _climb(
        mix, scene.weights[None], scene.rows, np.ones_like(mix), pseudo=options.pseudo_windows,
        settled=_SETTLED, rounds=_ROUNDS,
    )  # fmt: skip
    return np.asarray(found, dtype=np.float64)


def _climb(
    mixes: NDArray[np.floating],
    weights: NDArray[np.floating],
    rows: NDArray[np.floating],
    leanings: NDArray[np.floating],
    *,
    pseudo: float | NDArray[np.floating],
    settled: float,
    rounds: int,
) -> NDArray[np.floating]:
    """Return the mixes, [resamples, 6], to which expectation maximisation leads.

    Args:
        mixes: [resamples, 6], where to start.
        weights: [resamples, windows], how much each window counts.
        rows: [windows, 6], distributions.
        leanings: [resamples, 6], the factors by which each emotion's likelihood is off.
        pseudo: windows of each emotion beside the scene's own; [resamples, 6] if they differ.
        settled: the change of a share at which to stop.
        rounds: after how many rounds to stop anyway.
    """
    for _ in range(rounds):
        likely = mixes * leanings
        heard = likely * ((weights / (likely @ rows.T)) @ rows) + pseudo
        better = heard / heard.sum(axis=1, keepdims=True)
        change = float(np.abs(better - mixes).max())
        mixes = better
        if change < settled:
            break
    return mixes


def _resamples(
    scene: Evidence, *, options: PrevalenceOptions, bootstrap: BootstrapOptions
) -> Iterator[NDArray[np.float64]]:
    """Yield resampled shares, [some, 6] at a time, in single precision within."""
    rng = np.random.default_rng(bootstrap.seed)
    rows, weights = scene.rows.astype(np.float32), scene.weights.astype(np.float32)
    start = _mix(scene, options=options).astype(np.float32)
    count = int(scene.segments.max()) + 1
    step = max(1, _CHUNK // len(rows))
    for first in range(0, bootstrap.resamples, step):
        size = min(step, bootstrap.resamples - first)
        times = rng.multinomial(count, np.full(count, 1.0 / count), size=size)
        spread = rng.normal(scale=options.leaning, size=(size, len(EMOTIONS)))
        leanings = np.exp(spread).astype(np.float32)
        pseudo = rng.standard_gamma(options.pseudo_windows, size=spread.shape) + _NEVER
        mixes = _climb(
            np.tile(start, (size, 1)), times.astype(np.float32)[:, scene.segments] * weights, rows,
            leanings, pseudo=pseudo.astype(np.float32), settled=_RESAMPLE_SETTLED,
            rounds=_RESAMPLE_ROUNDS,
        )  # fmt: skip
        yield _drawn(scene, rows, mixes * leanings, rng)


def _drawn(
    scene: Evidence,
    rows: NDArray[np.float32],
    likely: NDArray[np.floating],
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Return the shares, [resamples, 6], of emotions drawn for each block of windows.

    Args:
        scene: whose windows they are.
        rows: [windows, 6], their distributions.
        likely: [resamples, 6], what they are to be multiplied by.
        rng: where chances come from.
    """
    chances = rng.random((len(likely), int(scene.blocks.max()) + 1), dtype=np.float32)
    bars = chances[:, scene.blocks] * (likely @ rows.T)
    seconds = (scene.seconds / scene.seconds.sum()).astype(np.float32)
    reached = np.zeros_like(bars)
    edges = [np.zeros(len(likely))]
    for emotion in range(len(EMOTIONS) - 1):
        reached += likely[:, emotion, None] * rows[:, emotion]
        edges.append((bars < reached).astype(np.float32) @ seconds)
    shares = np.diff(np.stack([*edges, np.ones(len(likely))], axis=1), axis=1)
    return np.asarray(shares.clip(0.0, 1.0))
