"""Voices drawn from clips that were judged once: heard alone, and beside their other windows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.models.ensemble import Ensemble
from voxemo_scan.models.judgement import Judgement
from voxemo_scan.scan.evidence import evidence
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.prevalence import prevalence
from voxemo_scan.training.scenes.draws import MIXES, DrawnScene, Kind, draw_scenes
from voxemo_scan.training.scenes.kept import KeptClips

VOICE_KINDS: Final = tuple(Kind(mix, clips, voices=1) for mix in MIXES for clips in (5, 10, 40))


@dataclass(frozen=True, slots=True)
class Heard:
    """How voices were heard: the part of their clips heard right, and a share's mean error."""

    right: float
    error: float


@dataclass(frozen=True, slots=True)
class VoiceFigures:
    """What came of ``voices`` drawn voices of a kind, not adapted to and adapted to."""

    kind: Kind
    voices: int
    alone: Heard
    adapted: Heard


def measure_voices(
    kept: KeptClips, kind: Kind, *, ensemble: Ensemble, seed: int, voices: int
) -> VoiceFigures | None:
    """Return the figures of drawn voices; None if the ensemble does not adapt.

    Args:
        kept: the clips to draw from, heard by ``ensemble``.
        kind: what voices to draw: scenes of one.
        ensemble: what adapts.
        seed: of the draws.
        voices: how many to draw.
    """
    if kept.projected is None or ensemble.adaptive is None:
        return None
    alone, adapted = [], []
    for scene in draw_scenes(kept, kind, scenes=voices, seed=seed):
        heard = Judgement(scene.rows, projected=kept.projected[scene.windows])
        beside = ensemble.adapt(heard, np.zeros(len(scene.rows), dtype=np.int64))
        alone.append(_heard(scene, scene.rows, window_s=ensemble.window_s))
        adapted.append(_heard(scene, beside.probabilities, window_s=ensemble.window_s))
    return VoiceFigures(kind, voices, _mean(alone), _mean(adapted))


def _heard(scene: DrawnScene, rows: NDArray[np.float64], *, window_s: float) -> Heard:
    clips = np.unique(scene.segments)
    said = np.array([rows[scene.segments == clip].mean(axis=0).argmax() for clip in clips])
    true = np.array([scene.emotions[scene.segments == clip][0] for clip in clips])
    found = evidence(rows, scene.seconds, segments=scene.segments, window_s=window_s)
    shares = prevalence(found, options=ScanOptions().prevalence)
    return Heard(float((said == true).mean()), float(np.abs(shares - scene.shares).mean()))


def _mean(heard: list[Heard]) -> Heard:
    return Heard(
        float(np.mean([each.right for each in heard])),
        float(np.mean([each.error for each in heard])),
    )
