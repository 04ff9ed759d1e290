"""EmoDB: ten German speakers, ten sentences, seven labels (Burkhardt et al. 2005)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from voxemo_scan.scan.result import Gender
from voxemo_scan.training.corpora.utterance import Utterance, read_clips
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
_NAME: Final = re.compile(
    rf"(?P<speaker>{'|'.join(_SPEAKERS)})[a-z]\d{{2}}(?P<label>[{''.join(_LABELS)}])[a-z]?"
)


def is_emodb(path: Path) -> bool:
    """Say whether a file is named as EmoDB's are."""
    return _NAME.fullmatch(path.stem) is not None


def emodb(folder: Path) -> tuple[Utterance, ...]:
    """Return EmoDB's clips; boredom is none of the labels that models tell apart.

    Args:
        folder: holds ``wav/03a01Fa.wav`` and the like.

    Raises:
        UsageError: the folder does not hold EmoDB.
    """
    return read_clips(folder, corpus="EmoDB", layout="wav/03a01Fa.wav", read=_read)


def _read(path: Path) -> Utterance | None:
    named = _NAME.fullmatch(path.stem)
    if named is None:
        return None
    gender, age = _SPEAKERS[named["speaker"]]
    return Utterance(
        corpus="EmoDB",
        clip=path.stem,
        path=path,
        speaker=named["speaker"],
        gender=gender,
        label=_LABELS[named["label"]],
        age=age,
    )
