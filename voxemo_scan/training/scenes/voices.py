"""How well voices are told apart, on scenes composed of speakers never learned from.

python -m voxemo_scan.training.scenes.voices --data DIR [--validation] [--scenes N] [--clips N]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from voxemo_scan.digest import file_sha256
from voxemo_scan.folders import cache_folder
from voxemo_scan.models.ensemble import Ensemble
from voxemo_scan.models.registry import load_shipped
from voxemo_scan.scan.analyse import analyse
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.result import SceneResult
from voxemo_scan.scan.speakers import scene_confidence
from voxemo_scan.scan.task import SceneTask
from voxemo_scan.scan.voices import VoiceOptions
from voxemo_scan.training.film.backgrounds import Backgrounds, load_backgrounds
from voxemo_scan.training.prepare import Prepared, prepare
from voxemo_scan.training.scenes.compose import ComposedScene, compose
from voxemo_scan.training.scenes.diarisation import DiarisationError, diarisation_error
from voxemo_scan.training.scenes.recipe import SceneRecipe
from voxemo_scan.training.scenes.sounded import SOUNDS, write_scene

CASTS: Final = (1, 2, 3, 4)
_CLIPS: Final = 30
_EVERY: Final = ScanOptions(estimator="mean", voices=VoiceOptions(least_confidence=0.0))


@dataclass(frozen=True, slots=True)
class HeldVoices:
    """One composed scene's voices against those that were found, however unsure."""

    sound: str
    voices: int
    found: int
    confidence: float
    error: DiarisationError


def voice_recipes(
    sounds: Sequence[str] = ("clean", "film"), *, clips: int = _CLIPS
) -> tuple[SceneRecipe, ...]:
    """Return the scenes that voices are told apart in: of one voice to four, without overlaps."""
    return tuple(
        SceneRecipe(name=f"{sound}-{voices}", clips=clips, voices=voices, film=SOUNDS[sound])
        for sound in sounds
        for voices in CASTS
    )


def hold_voices(
    ensemble: Ensemble,
    prepared: Prepared,
    *,
    backgrounds: Backgrounds,
    validation: bool,
    scenes: int,
    sounds: Sequence[str],
    clips: int = _CLIPS,
) -> Iterator[HeldVoices]:
    """Yield what is found in ``scenes`` scenes of each recipe, of the test's speakers or others'.

    ``clips`` is how many clips are said in each.

    Raises:
        UsageError: no corpus has so many voices.
    """
    part = prepared.split.validation if validation else prepared.split.test
    with TemporaryDirectory() as folder:
        for recipe in voice_recipes(sounds, clips=clips):
            for seed in range(scenes):
                scene = compose(
                    recipe, utterances=part, signals=prepared.signals,
                    backgrounds=backgrounds, seed=seed,
                )  # fmt: skip
                path = write_scene(scene, Path(folder) / "scene.wav")
                task = SceneTask(recipe.name, recipe.name, path.name, path, file_sha256(path))
                yield held(recipe, scene, analyse(task, ensemble=ensemble, options=_EVERY))


def held(recipe: SceneRecipe, scene: ComposedScene, result: SceneResult) -> HeldVoices:
    """Return how far a scene's result is from who really spoke when."""
    error = diarisation_error(
        [(turn.start_s, turn.end_s, turn.speaker) for turn in scene.turns],
        [(turn.start_s, turn.end_s, turn.voice) for turn in result.turns],
    )
    return HeldVoices(
        recipe.name.split("-", maxsplit=1)[0],
        recipe.voices,
        len(result.speakers),
        scene_confidence(result.speakers),
        error,
    )


def summary(scenes: Sequence[HeldVoices]) -> str:
    """Return a line of figures: the error rate and its parts, and the number of voices."""
    total = sum((scene.error for scene in scenes), DiarisationError())
    spoken_s = max(total.spoken_s, 1e-9)
    parts = (total.missed_s, total.false_alarm_s, total.confused_s)
    told = [s for s in scenes if s.confidence >= VoiceOptions().least_confidence]
    told_error = sum((scene.error for scene in told), DiarisationError())
    right = sum(scene.found == scene.voices for scene in scenes) / len(scenes)
    off = sum(abs(scene.found - scene.voices) for scene in scenes) / len(scenes)
    missed, false, confused = (f"{100 * part / spoken_s:.1f}" for part in parts)
    return (
        f"DER {100 * total.rate:.1f} % (missed {missed}, false {false}, confused {confused}); "
        f"number of voices right in {right:.0%}, off by {off:.2f} on average; "
        f"told in {len(told)} of {len(scenes)} scenes, there DER {100 * told_error.rate:.1f} %"
    )


def main() -> None:
    """Print the figures of the shipped model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--validation", action="store_true", help="of validation speakers")
    parser.add_argument("--scenes", type=int, default=12, help="of each sound and cast")
    parser.add_argument("--clips", type=int, default=_CLIPS, help="said in each")
    parser.add_argument("--sound", action="append", choices=sorted(SOUNDS))
    parser.add_argument("--verbose", action="store_true", help="print each scene, too")
    asked = parser.parse_args()
    prepared = prepare("unseen-speakers", data=asked.data, cache_folder=cache_folder() / "corpora")
    found: list[HeldVoices] = []
    for scene in hold_voices(
        load_shipped("encoder"), prepared,
        backgrounds=load_backgrounds(asked.data, "train" if asked.validation else "test"),
        validation=asked.validation, scenes=asked.scenes, sounds=asked.sound or ("clean", "film"),
        clips=asked.clips,
    ):  # fmt: skip
        found.append(scene)
        if asked.verbose:
            print(scene, flush=True)  # noqa: T201
    for sound in dict.fromkeys(scene.sound for scene in found):
        own = [scene for scene in found if scene.sound == sound]
        for voices in CASTS:
            print(sound, voices, summary([s for s in own if s.voices == voices]))  # noqa: T201
        print(sound, "2 to 4", summary([s for s in own if s.voices > 1]))  # noqa: T201


if __name__ == "__main__":
    main()
