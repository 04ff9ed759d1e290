"""TESS: two women aged 26 and 64, 200 words, seven labels (Pichora-Fuller and Dupuis 2020)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from voxemo_scan.training.corpora.utterance import Utterance, audio_files
from voxemo_scan.training.labels import Label

_LABELS: Final[dict[str, Label]] = {
    "neutral": "neutral",
    "happy": "happy",
    "sad": "sad",
    "angry": "angry",
    "fear": "fear",
    "disgust": "disgust",
    "ps": "surprised",
}
_AGES: Final = {"OAF": 64, "YAF": 26}
_MISSPELT: Final = {"OA": "OAF", "YA": "YAF"}


def tess(folder: Path) -> tuple[Utterance, ...]:
    """Return TESS's clips.

    Args:
        folder: holds ``OAF_angry/`` and the like.

    Raises:
        UsageError: the folder does not hold TESS.
    """
    found = []
    for path in audio_files(folder, corpus="TESS"):
        first, last = path.stem.partition("_")[0], path.stem.rpartition("_")[2]
        speaker = _MISSPELT.get(first, first)
        if speaker not in _AGES or last.lower() not in _LABELS:
            continue
        found.append(
            Utterance(
                corpus="TESS",
                clip=path.stem,
                path=path,
                speaker=speaker,
                gender="female",
                label=_LABELS[last.lower()],
                age=_AGES[speaker],
            )
        )
    return tuple(found)
