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

from collections.abc import Iterator, Sequence
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
    """What the estimate takes for granted; chosen on scenes of validation speakers.

    ``pseudo_windows`` is how many windows of each emotion a scene is taken to hold beside its
    own (a half is Jeffreys' prior). ``leaning`` is how far networks lean to an emotion in one scene
    and not in another, ``voice_leaning`` how far in one voice and not in another, beyond that: the
    standard deviations of its log odds.
    """

    pseudo_windows: float = 0.5
    leaning: float = 0.2
    voice_leaning: float = 0.7

    @property
    def untold_leaning(self) -> float:
        """Return how far networks lean in a scene whose voices nobody told apart.

        As in one of two voices that speak as much: one would make the intervals of most scenes too
        wide, and many those of most too narrow.
        """
        return float(np.hypot(self.leaning, self.voice_leaning / 2**0.5))


@dataclass(frozen=True, slots=True)
class _Part:
    """The windows of a voice, and how each resample weighs and leans them.

    ``places``: int, [windows], which of the scene's they are; ``rows``: [windows, 6], their
    distributions; ``weights``: [resamples, windows], how much each counts; ``leanings``:
    [resamples, 6], the factors by which each emotion's likelihood is off.
    """

    places: NDArray[np.int64]
    rows: NDArray[np.floating]
    weights: NDArray[np.floating]
    leanings: NDArray[np.floating]


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
    networks to one emotion or another in the scene as a whole and in each of its voices by itself,
    weighs what the scene is taken to hold beforehand anew, too (the proper Bayesian bootstrap:
    Muliere and Secchi 1996), estimates the mix, and given that mix draws what each piece of
    evidence is.
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
    every = np.arange(len(scene.rows))
    whole = _Part(every, scene.rows, scene.weights[None], np.ones_like(mix))
    (found,) = _climb(mix, [whole], pseudo=options.pseudo_windows, settled=_SETTLED, rounds=_ROUNDS)
    return np.asarray(found, dtype=np.float64)


def _climb(
    mixes: NDArray[np.floating],
    parts: Sequence[_Part],
    *,
    pseudo: float | NDArray[np.floating],
    settled: float,
    rounds: int,
) -> NDArray[np.floating]:
    """Return the mixes, [resamples, 6], to which expectation maximisation leads.

    Args:
        mixes: [resamples, 6], where to start.
        parts: the scene's windows.
        pseudo: windows of each emotion beside the scene's own; [resamples, 6] if they differ.
        settled: the change of a share at which to stop.
        rounds: after how many rounds to stop anyway.
    """
    for _ in range(rounds):
        heard = sum((_heard(part, mixes) for part in parts), start=pseudo + np.zeros_like(mixes))
        better = heard / heard.sum(axis=1, keepdims=True)
        change = float(np.abs(better - mixes).max())
        mixes = better
        if change < settled:
            break
    return mixes


def _heard(part: _Part, mixes: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return how many windows of each emotion a part holds, given mixes: [resamples, 6]."""
    likely = mixes * part.leanings
    return np.asarray(likely * ((part.weights / (likely @ part.rows.T)) @ part.rows))


def _resamples(
    scene: Evidence, *, options: PrevalenceOptions, bootstrap: BootstrapOptions
) -> Iterator[NDArray[np.float64]]:
    """Yield resampled shares, [some, 6] at a time, in single precision within."""
    rng = np.random.default_rng(bootstrap.seed)
    rows, weights = scene.rows.astype(np.float32), scene.weights.astype(np.float32)
    start = _mix(scene, options=options).astype(np.float32)
    count = int(scene.segments.max()) + 1
    voices = _places(scene)
    step = max(1, _CHUNK // len(rows))
    for first in range(0, bootstrap.resamples, step):
        size = min(step, bootstrap.resamples - first)
        times = rng.multinomial(count, np.full(count, 1.0 / count), size=size).astype(np.float32)
        leanings = _leanings(scene, len(voices), size, options=options, rng=rng)
        pseudo = rng.standard_gamma(options.pseudo_windows, size=(size, len(EMOTIONS))) + _NEVER
        parts = [
            _Part(own, rows[own], times[:, scene.segments[own]] * weights[own], leaning)
            for own, leaning in zip(voices, leanings, strict=True)
        ]
        mixes = _climb(
            np.tile(start, (size, 1)), parts, pseudo=pseudo.astype(np.float32),
            settled=_RESAMPLE_SETTLED, rounds=_RESAMPLE_ROUNDS,
        )  # fmt: skip
        yield _drawn(scene, parts, mixes, rng)


def _places(scene: Evidence) -> list[NDArray[np.int64]]:
    """Return which windows are each voice's; all in one where nobody told voices apart."""
    if scene.voices is None:
        return [np.arange(len(scene.rows))]
    return [np.flatnonzero(scene.voices == voice) for voice in range(int(scene.voices.max()) + 1)]


def _leanings(
    scene: Evidence,
    voices: int,
    resamples: int,
    *,
    options: PrevalenceOptions,
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    """Return by which factors networks lean to each emotion, [voices, resamples, 6]."""
    size = (voices, resamples, len(EMOTIONS))
    if scene.voices is None:
        leaning = rng.normal(scale=options.untold_leaning, size=size)
    else:
        leaning = rng.normal(scale=options.voice_leaning, size=size)
        leaning += rng.normal(scale=options.leaning, size=size[1:])
    return np.exp(leaning).astype(np.float32)


def _drawn(
    scene: Evidence,
    parts: Sequence[_Part],
    mixes: NDArray[np.floating],
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Return the shares, [resamples, 6], of emotions drawn for each block of windows."""
    chances = rng.random((len(mixes), int(scene.blocks.max()) + 1), dtype=np.float32)
    seconds = (scene.seconds / scene.seconds.sum()).astype(np.float32)
    edges = np.zeros((len(mixes), len(EMOTIONS) + 1))
    for part in parts:
        likely = mixes * part.leanings
        bars = chances[:, scene.blocks[part.places]] * (likely @ part.rows.T)
        reached = np.zeros_like(bars)
        for emotion in range(len(EMOTIONS) - 1):
            reached += likely[:, emotion, None] * part.rows[:, emotion]
            own = (bars < reached).astype(np.float32) @ seconds[part.places]
            edges[:, emotion + 1] += own
    edges[:, -1] = 1.0
    return np.asarray(np.diff(edges, axis=1).clip(0.0, 1.0))
