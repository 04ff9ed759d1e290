"""What setting windows aside costs and gains, by how sure of clear speech it asks to be.

python -m voxemo_scan.training.abstention --data DATA [--part validation]

Clips of the part's speakers as recorded, as in a film, under music or noise, and with another
speaker's clip laid over them. A window is right if the emotion it is heard as is its clip's.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.folders import cache_folder
from voxemo_scan.models.ensemble import Ensemble
from voxemo_scan.models.judgement import join
from voxemo_scan.models.registry import load_shipped
from voxemo_scan.training.clips import clip_passage
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.film.backgrounds import Backgrounds, load_backgrounds, mix
from voxemo_scan.training.film.conditions import Changed, film_like, under
from voxemo_scan.training.judge import Clip
from voxemo_scan.training.labels import SIX
from voxemo_scan.training.levels import SpeechOf
from voxemo_scan.training.prepare import prepare

THRESHOLDS: Final = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9)
_CLIPS: Final = 300
_BATCH: Final = 32


@dataclass(frozen=True)
class Heard:
    """Windows of clips in one sort of sound: how likely clear each is, and whether heard right."""

    sort: str
    clear: NDArray[np.float64]
    right: NDArray[np.bool_]

    def at(self, threshold: float) -> tuple[float, float]:
        """Return the part of the windows that is kept, and how much of it is right (or NaN)."""
        kept = self.clear >= threshold
        return float(kept.mean()), float(self.right[kept].mean()) if kept.any() else float("nan")


def sorts_of(
    speech: SpeechOf, backgrounds: Backgrounds, utterances: Sequence[Utterance]
) -> dict[str, SpeechOf]:
    """Return clips in each sort of sound."""
    return {
        "as recorded": speech,
        "film-like": film_like(speech, backgrounds),
        **{
            f"music or noise, {snr_db:g} dB": under(speech, backgrounds, snr_db=snr_db)
            for snr_db in (5.0, 0.0, -5.0, -10.0)
        },
        "another voice, 0 dB": _overlaid(speech, utterances),
    }


def hear(
    ensemble: Ensemble, utterances: Sequence[Utterance], speech: SpeechOf, *, sort: str
) -> Heard:
    """Return what is heard in the clips' windows.

    Raises:
        ValueError: the ensemble does not tell clear speech.
    """
    passages = [clip_passage(speech.clip(u), window_s=ensemble.window_s) for u in utterances]
    heard = join(
        [
            ensemble.judge(passages[first : first + _BATCH])
            for first in range(0, len(passages), _BATCH)
        ]
    )
    if heard.clear is None:
        raise ValueError("an ensemble that does not tell clear speech sets nothing aside")
    truth = np.repeat(SIX.targets(u.label for u in utterances), [len(p.windows) for p in passages])
    return Heard(sort, heard.clear, heard.probabilities.argmax(axis=1) == truth)


def to_markdown(found: Sequence[Heard]) -> str:
    """Return a table: of each sort the part kept and how much of it is right, by threshold."""
    head = ["sound", "windows", *(f"{threshold:g}" for threshold in THRESHOLDS)]
    rows = [
        [each.sort, str(len(each.right)), *(_cell(*each.at(t)) for t in THRESHOLDS)]
        for each in found
    ]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(kept: float, right: float) -> str:
    return f"{100 * kept:.0f} / {100 * right:.0f}" if kept else "0"


def _overlaid(speech: SpeechOf, utterances: Sequence[Utterance]) -> Changed:
    def change(clip: Clip, rng: np.random.Generator) -> NDArray[np.float32]:
        other = speech.of(utterances[int(rng.integers(len(utterances)))])
        laid = np.resize(other, len(clip.signal))
        return mix(clip.signal, laid, speech=slice(clip.start, clip.end), snr_db=0.0)

    return Changed(speech, change)


def main() -> None:
    """Print the table for the shipped ensemble."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--part", choices=("validation", "test"), default="validation")
    arguments = parser.parse_args()
    validation = arguments.part == "validation"
    prepared = prepare(
        "unseen-speakers", data=arguments.data, cache_folder=cache_folder() / "corpora"
    )
    clips = prepared.split.validation if validation else prepared.split.test
    chosen = np.random.default_rng(0).choice(len(clips), size=_CLIPS, replace=False)
    utterances = [clips[n] for n in sorted(chosen)]
    backgrounds = load_backgrounds(arguments.data, "train" if validation else "test")
    ensemble = load_shipped()
    found = [
        hear(ensemble, utterances, speech, sort=sort)
        for sort, speech in sorts_of(prepared.signals, backgrounds, utterances).items()
    ]
    print(to_markdown(found))  # noqa: T201


if __name__ == "__main__":
    main()
