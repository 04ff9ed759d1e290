"""The ``scenes`` protocol: from clips to what estimated shares are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from voxemo_scan.errors import UsageError
from voxemo_scan.models.ensemble import Ensemble
from voxemo_scan.progress import NoProgress, Progress
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.film.backgrounds import Backgrounds, load_backgrounds
from voxemo_scan.training.film.conditions import film_like
from voxemo_scan.training.levels import SpeechOf
from voxemo_scan.training.prepare import prepare
from voxemo_scan.training.scenes.beside import VOICE_KINDS, VoiceFigures, measure_voices
from voxemo_scan.training.scenes.draws import KINDS, Kind, KindFigures, measure_kind
from voxemo_scan.training.scenes.kept import KeptClips, listen_once
from voxemo_scan.training.scenes.recipe import SceneRecipe
from voxemo_scan.training.scenes.script import speaker_name
from voxemo_scan.training.scenes.sounded import SoundedScene, recipes, scan_scenes
from voxemo_scan.training.trial import FoldModels, ready

UNSEEN: Final = "unseen speakers"
VALIDATION: Final = "validation speakers"
_SOURCES: Final = {
    UNSEEN: "unseen-speakers",
    VALIDATION: "unseen-speakers",
    "TESS": "unseen-corpus",
}
"""The protocol whose test part each pool of clips is."""


@dataclass(frozen=True)
class ScenesPlan:
    """What is measured: the kinds of drawn scenes, how many of each, and the sounded scenes.

    ``covered`` is for how many of the drawn ones intervals are worked out. ``beside`` are kinds of
    single voices, of which ``voices`` each are drawn, to be heard alone and adapted to.
    """

    kinds: tuple[Kind, ...] = KINDS
    scenes: int = 400
    covered: int = 100
    recipes: tuple[SceneRecipe, ...] | None = None
    beside: tuple[Kind, ...] = VOICE_KINDS
    voices: int = 1000


@dataclass(frozen=True)
class PoolFigures:
    """What came of the scenes of one pool of clips.

    ``drawn`` and ``beside`` hold the figures of each kind of scenes and of voices, by how the
    clips sound: ``clean`` or ``film-like``.
    """

    pool: str
    clips: int
    speakers: int
    drawn: dict[str, tuple[KindFigures, ...]]
    beside: dict[str, tuple[VoiceFigures, ...]]
    sounded: tuple[SoundedScene, ...]


@dataclass(frozen=True)
class ScenesEvaluation:
    """A model's figures on composed scenes."""

    model: str
    sha256: dict[str, str]
    parameters: int
    seed: int
    pools: tuple[PoolFigures, ...]


def hold_scenes(
    models: FoldModels,
    *,
    data: Path,
    cache_folder: Path,
    validation: bool = False,
    plan: ScenesPlan | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> ScenesEvaluation:
    """Return the model's figures.

    Scenes are of unseen speakers and, apart, of TESS, where it is there and was not learned from;
    with ``validation`` of validation speakers alone, over training music and noise.

    Args:
        models: the model, of the only fold.
        data: the folder that holds the corpora, ``splits/``, ``noise/`` and ``music/``.
        cache_folder: where decoded sound is kept.
        validation: judge the validation part instead of the test.
        plan: what to measure; all there is unless given.
        seed: of all that is drawn.
        progress: is told how far it is.

    Raises:
        UsageError: the model has learned from clips that it is to judge, or the corpora, music or
            noise are not there.
    """
    (ensemble,) = models.ensembles.values()
    backgrounds = load_backgrounds(data, "train" if validation else "test")
    told = progress or NoProgress()
    pools = []
    for pool in (VALIDATION,) if validation else (UNSEEN, "TESS"):
        try:
            found = prepare(_SOURCES[pool], data=data, cache_folder=cache_folder, progress=told)
            fitted, split = ready(
                ensemble, found, calibrated=models.calibrated, validation=validation
            )
        except UsageError as error:
            if pool != "TESS":
                raise
            told.note(f"no scenes of TESS: {error.message}")
            continue
        pools.append(
            _measure(
                pool, fitted, split.test, found.signals, backgrounds=backgrounds,
                plan=plan or ScenesPlan(), seed=seed, progress=told,
            )
        )  # fmt: skip
    return ScenesEvaluation(
        models.name, models.sha256, models.parameters, seed=seed, pools=tuple(pools)
    )


def _measure(
    pool: str,
    ensemble: Ensemble,
    utterances: Sequence[Utterance],
    signals: SpeechOf,
    *,
    backgrounds: Backgrounds,
    plan: ScenesPlan,
    seed: int,
    progress: Progress,
) -> PoolFigures:
    speakers = len({speaker_name(u) for u in utterances})
    heard = {"clean": signals, "film-like": film_like(signals, backgrounds)}
    drawn, beside = {}, {}
    for sound, speech in heard.items():
        name = f"{pool}, {sound}"
        kept = listen_once(ensemble, utterances, speech, name=name, progress=progress)
        drawn[sound] = _drawn(
            kept, name=name, speakers=speakers, window_s=ensemble.window_s, plan=plan, seed=seed,
            progress=progress,
        )  # fmt: skip
        voices = [
            measure_voices(kept, kind, ensemble=ensemble, seed=seed, voices=plan.voices)
            for kind in plan.beside
        ]
        beside[sound] = tuple(each for each in voices if each is not None)
    chosen = recipes(most_voices=_most_voices(utterances)) if plan.recipes is None else plan.recipes
    sounded = []
    for each in scan_scenes(
        chosen, ensemble=ensemble, utterances=utterances, signals=signals,
        backgrounds=backgrounds, seed=seed,
    ):  # fmt: skip
        sounded.append(each)
        progress.stage(pool, "scanning scenes", done=len(sounded), total=len(chosen))
    return PoolFigures(pool, len(utterances), speakers, drawn, beside, tuple(sounded))


def _drawn(
    kept: KeptClips,
    *,
    name: str,
    speakers: int,
    window_s: float,
    plan: ScenesPlan,
    seed: int,
    progress: Progress,
) -> tuple[KindFigures, ...]:
    figures = []
    for kind in plan.kinds:
        if kind.voices is None or kind.voices < speakers:
            figures.append(
                measure_kind(kept, kind, window_s=window_s, seed=seed,
                             scenes=plan.scenes, covered=plan.covered)
            )  # fmt: skip
        progress.stage(name, "drawing scenes", done=len(figures), total=len(plan.kinds))
    return tuple(figures)


def _most_voices(utterances: Sequence[Utterance]) -> int:
    """Return the most voices that a scene of one corpus can have."""
    corpora = {u.corpus for u in utterances}
    return max(len({u.speaker for u in utterances if u.corpus == c}) for c in corpora)
