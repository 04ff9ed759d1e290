"""Scenes composed as sound and scanned as any clip is: speech found, windows cut, shares told."""

from __future__ import annotations

import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from voxemo_scan.digest import file_sha256
from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.models.ensemble import Ensemble
from voxemo_scan.scan.analyse import analyse
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.result import SceneResult
from voxemo_scan.scan.task import SceneTask
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.film.backgrounds import Backgrounds
from voxemo_scan.training.film.chain import FilmSound
from voxemo_scan.training.levels import SpeechOf
from voxemo_scan.training.scenes.compose import ComposedScene, compose
from voxemo_scan.training.scenes.recipe import SceneRecipe
from voxemo_scan.training.signals import SAMPLING_RATE

_DRY: Final = FilmSound(room=0, music=0, noise=0, band=0, hiss=0, clipping=0, coarse=0)
SOUNDS: Final[dict[str, FilmSound | None]] = {
    "clean": None,
    "music": _DRY.model_copy(update={"music": 1.0, "music_snr_db": (5.0, 15.0)}),
    "noise": _DRY.model_copy(update={"noise": 1.0, "noise_snr_db": (5.0, 15.0)}),
    "film": FilmSound(),
}
"""What lies under a scene, or what becomes of it on its way to a sound track."""
_MIXES: Final = (("even", 10.0), ("any", 1.0), ("one", 0.0))


def recipes(*, most_voices: int = 6) -> tuple[SceneRecipe, ...]:
    """Return the recipes of all sounded scenes, of at most so many voices.

    Of each sound there are scenes of 2, 3, 4 and 6 voices and of even, any and one-sided shares;
    voices overlap in scenes of 3 and more, and where shares are "any" each voice has its own.
    """
    casts = sorted({min(voices, most_voices) for voices in (2, 3, 4, 6)})
    return tuple(
        SceneRecipe(
            name=f"{sound}-{voices}-voices-{mix}", clips=24, voices=voices,
            concentration=concentration, own_shares=mix == "any",
            overlap=0.25 if voices > 2 else 0.0, film=film,
        )
        for sound, film in SOUNDS.items()
        for voices in casts
        for mix, concentration in _MIXES
    )  # fmt: skip


@dataclass(frozen=True)
class SoundedScene:
    """A composed scene, its sound left out, and what a scan made of it."""

    recipe: SceneRecipe
    scene: ComposedScene
    result: SceneResult

    @property
    def sound(self) -> str:
        """Return which of ``SOUNDS`` it has."""
        return self.recipe.name.split("-", maxsplit=1)[0]

    def error(self, estimator: str = "em") -> float:
        """Return the mean absolute error of a share; of an even mix where no speech was found."""
        found = self.result.mean_shares if estimator == "mean" else self.result.shares
        even = 1.0 / len(EMOTIONS)
        true = self.scene.shares
        return float(np.mean([abs(found.get(e, even) - true[e]) for e in EMOTIONS]))

    @property
    def covered(self) -> float:
        """Return the fraction of the intervals that hold the true share."""
        true, ci = self.scene.shares, self.result.share_ci
        inside = [e in ci and ci[e][0] - _TINY <= true[e] <= ci[e][1] + _TINY for e in EMOTIONS]
        return float(np.mean(inside))

    @property
    def found(self) -> float:
        """Return how much speech the scan found beside what was laid, overlaps counted once."""
        laid_s, end_s = 0.0, 0.0
        for turn in self.scene.turns:
            laid_s += max(0.0, turn.end_s - max(end_s, turn.start_s))
            end_s = max(end_s, turn.end_s)
        return self.result.speech_s / laid_s

    @property
    def width(self) -> float:
        """Return the mean width of the intervals; 1 where no speech was found."""
        ci = self.result.share_ci
        return float(np.mean([high - low for low, high in ci.values()])) if ci else 1.0


_TINY: Final = 1e-6


def scan_scenes(
    chosen: Sequence[SceneRecipe],
    *,
    ensemble: Ensemble,
    utterances: Sequence[Utterance],
    signals: SpeechOf,
    backgrounds: Backgrounds,
    seed: int,
) -> Iterator[SoundedScene]:
    """Yield each recipe's scene as a scan with the default options hears it.

    Raises:
        UsageError: no corpus has so many voices.
    """
    with TemporaryDirectory() as folder:
        for recipe in chosen:
            scene = compose(
                recipe, utterances=utterances, signals=signals, backgrounds=backgrounds, seed=seed
            )
            path = write_scene(scene, Path(folder) / f"{recipe.name}.wav")
            task = SceneTask(
                id=recipe.name, title=recipe.name, source=path.name, path=path,
                sha256=file_sha256(path),
            )  # fmt: skip
            result = analyse(task, ensemble=ensemble, options=ScanOptions())
            path.unlink()
            silent = ComposedScene(np.zeros(0, dtype=np.float32), scene.turns)
            yield SoundedScene(recipe, silent, result)


def write_scene(scene: ComposedScene, path: Path) -> Path:
    """Write the scene's sound as a WAV file of 16 bits and return where it is."""
    pcm = np.round(scene.signal * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLING_RATE)
        file.writeframes(pcm.tobytes())
    return path
