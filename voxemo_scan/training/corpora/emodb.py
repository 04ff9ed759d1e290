"""EmoDB: ten German speakers, ten sentences, seven labels (Burkhardt et al. 2005)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from voxemo_scan.scan.result import Gender
from voxemo_scan.training.corpora.utterance import Utterance, audio_files
from voxemo_scan.training.labels import Label

_LABELS: Final[dict[str, Label]] = {
    "W": "angry",
    "L": "bored",
    "E": "disgust",
    "A": "fear",
    "F": "happy",
    "T": "sad",
    "N": "neutral",
}
_SPEAKERS: Final[dict[str, tuple[Gender, int]]] = {
    "03": ("male", 31),
    "08": ("female", 34),
    "09": ("female", 21),
    "10": ("male", 32),
    "11": ("male", 26),
    "12": ("male", 30),
    "13": ("female", 32),
    "14": ("female", 35),
    "15": ("male", 25),
    "16": ("female", 31),
}
_NAME: Final = re.compile(r"(?P<speaker>\d{2})[a-z]\d{2}(?P<emotion>[A-Z])[a-z]")


def emodb(folder: Path) -> tuple[Utterance, ...]:
    """Return EmoDB's clips; boredom is none of the labels that models tell apart.

    Args:
        folder: holds ``wav/03a01Fa.wav`` and the like.

    Raises:
        UsageError: the folder does not hold EmoDB.
    """
    found = []
    for path in audio_files(folder, corpus="EmoDB"):
        named = _NAME.fullmatch(path.stem)
        if named is None or named["emotion"] not in _LABELS or named["speaker"] not in _SPEAKERS:
            continue
        gender, age = _SPEAKERS[named["speaker"]]
        found.append(
            Utterance(
                corpus="EmoDB",
                clip=path.stem,
                path=path,
                speaker=named["speaker"],
                gender=gender,
                label=_LABELS[named["emotion"]],
                age=age,
            )
        )
    return tuple(found)
