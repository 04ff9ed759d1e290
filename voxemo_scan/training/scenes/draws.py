"""Scenes drawn from clips that were judged once: how far each estimator's shares are off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.scan.estimate import estimate_shares
from voxemo_scan.scan.evidence import evidence
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.prevalence import prevalence
from voxemo_scan.scan.shares import mean_shares
from voxemo_scan.training.scenes.kept import KeptClips
from voxemo_scan.training.scenes.recipe import draw_shares

CLIPS: Final = (1, 2, 5, 10, 20, 40, 100, 200)
MIXES: Final = {"even": 10.0, "any": 1.0, "leaning": 0.3, "one emotion": 0.0}
"""How scenes' shares are drawn: the concentration of a symmetric Dirichlet distribution."""
ESTIMATORS: Final = ("em", "mean", "counts")
"""Expectation maximisation, plain means, and the fraction of windows with each verdict."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Scenes of so many clips, of all speakers or of so many ``voices``, with such shares."""

    mix: str
    clips: int
    voices: int | None = None


REFERENCE: Final = Kind("any", 40)
"""What estimators are compared by: shares uniform over all that there are, from all speakers."""
KINDS: Final = (
    *(Kind(mix, clips) for mix in MIXES for clips in CLIPS),
    *(Kind("any", clips, voices=2) for clips in CLIPS),
)


@dataclass(frozen=True)
class KindFigures:
    """What came of a kind's scenes.

    ``errors``: the mean absolute error of a share by estimator; ``coverage``: how often the
    95 % interval of expectation maximisation holds the true share, and its mean ``width``, from
    the first ``covered`` of the ``scenes``.
    """

    kind: Kind
    scenes: int
    errors: dict[str, float]
    covered: int
    coverage: float
    width: float


@dataclass(frozen=True)
class DrawnScene:
    """A scene's windows, their places among the kept ones, and what is true of them.

    ``emotions``, ``voices``: int, [windows]; ``shares``: of speech time, [6].
    """

    rows: NDArray[np.float64]
    seconds: NDArray[np.float64]
    segments: NDArray[np.int64]
    windows: NDArray[np.int64]
    emotions: NDArray[np.int64]
    voices: NDArray[np.int64]
    shares: NDArray[np.float64]


def draw_scenes(kept: KeptClips, kind: Kind, *, scenes: int, seed: int) -> Iterator[DrawnScene]:
    """Yield the same scenes of ``kind`` every time; each clip is a segment of its own.

    Emotions are drawn by the scene's shares, then for each one of its clips, with replacement.
    """
    for number in range(scenes):
        rng = np.random.default_rng([seed, number, kind.clips, *kind.mix.encode()])
        yield _scene(kept, _draw(kept, kind, rng))


def measure_kind(
    kept: KeptClips,
    kind: Kind,
    *,
    window_s: float,
    seed: int,
    scenes: int = 400,
    covered: int = 100,
) -> KindFigures:
    """Return the figures of a kind of scenes.

    Args:
        kept: the clips to draw from.
        kind: what scenes to draw.
        window_s: a window's length.
        seed: of the draws.
        scenes: how many to draw.
        covered: for how many of them to work out intervals, which takes longer.
    """
    errors: dict[str, list[float]] = {name: [] for name in ESTIMATORS}
    hits, widths = [], []
    for number, scene in enumerate(draw_scenes(kept, kind, scenes=scenes, seed=seed)):
        for name, shares in _estimates(scene, window_s=window_s).items():
            errors[name].append(float(np.abs(shares - scene.shares).mean()))
        if number < covered:
            low, high = _intervals(scene, window_s=window_s).T
            hits.append((low - _TINY <= scene.shares) & (scene.shares <= high + _TINY))
            widths.append(high - low)
    return KindFigures(
        kind=kind,
        scenes=scenes,
        errors={name: float(np.mean(each)) for name, each in errors.items()},
        covered=len(hits),
        coverage=float(np.mean(hits)),
        width=float(np.mean(widths)),
    )


_TINY: Final = 1e-6


def _draw(kept: KeptClips, kind: Kind, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return the scene's clips, int, [clips], of those emotions that its voices have clips of."""
    names = np.unique(kept.voices)
    cast = names if kind.voices is None else rng.choice(names, size=kind.voices, replace=False)
    heard = np.isin(kept.voices, cast)
    pools = [np.flatnonzero(heard & (kept.emotions == e)) for e in range(len(EMOTIONS))]
    shares = draw_shares(MIXES[kind.mix], rng) * [len(pool) > 0 for pool in pools]
    if not shares.any():
        shares = np.array([float(len(pool)) for pool in pools])
    emotions = rng.choice(len(EMOTIONS), size=kind.clips, p=shares / shares.sum())
    return np.array([rng.choice(pools[emotion]) for emotion in emotions], dtype=np.int64)


def _scene(kept: KeptClips, clips: NDArray[np.int64]) -> DrawnScene:
    counts = kept.counts[clips]
    segments = np.repeat(np.arange(len(clips)), counts)
    firsts = (np.cumsum(kept.counts) - kept.counts)[clips]
    within = np.arange(len(segments)) - np.repeat(np.cumsum(counts) - counts, counts)
    windows = firsts[segments] + within
    seconds = kept.seconds[windows]
    emotions = kept.emotions[clips][segments]
    _, voices = np.unique(kept.voices[clips], return_inverse=True)
    shares = np.bincount(emotions, weights=seconds, minlength=len(EMOTIONS)) / seconds.sum()
    return DrawnScene(
        kept.rows[windows], seconds, segments, windows, emotions, voices[segments], shares
    )


def _estimates(scene: DrawnScene, *, window_s: float) -> dict[str, NDArray[np.float64]]:
    """Return the shares by each of ``ESTIMATORS``."""
    found = evidence(scene.rows, scene.seconds, segments=scene.segments, window_s=window_s)
    verdicts = np.eye(len(EMOTIONS))[scene.rows.argmax(axis=1)]
    return {
        "em": prevalence(found, options=ScanOptions().prevalence),
        "mean": mean_shares(scene.rows, scene.seconds),
        "counts": mean_shares(verdicts, scene.seconds),
    }


def _intervals(scene: DrawnScene, *, window_s: float) -> NDArray[np.float64]:
    return estimate_shares(
        scene.rows, scene.seconds, segments=scene.segments, window_s=window_s,
        options=ScanOptions(estimator="em"), voices=scene.voices,
    ).intervals  # fmt: skip
