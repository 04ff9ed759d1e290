"""TESS: two women aged 26 and 64, 200 words, seven labels (Pichora-Fuller and Dupuis 2020)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from voxemo_scan.training.corpora.utterance import Utterance, read_clips
from voxemo_scan.training.labels import Label

_LABELS: Final[dict[str, Label]] = {
    "neutral": "neutral",
    "happy": "happy",
    "sad": "sad",
    "angry": "angry",
    "fear": "fear",
    "disgust": "disgust",
    "ps": "surprised",
    "pleasant_surprise": "surprised",
    "pleasant_surprised": "surprised",
}
_AGES: Final = {"OAF": 64, "YAF": 26}
_NAME: Final = re.compile(
    rf"(?P<who>[OY]A)F?_(?P<word>[a-z]+)_(?P<label>{'|'.join(_LABELS)})", re.IGNORECASE
)
"""Some names lack the F: ``OA_bite_neutral.wav``."""


def is_tess(path: Path) -> bool:
    """Say whether a file is named as TESS's are."""
    return _NAME.fullmatch(path.stem) is not None


def tess(folder: Path) -> tuple[Utterance, ...]:
    """Return TESS's clips.

    Args:
        folder: holds ``OAF_angry/OAF_back_angry.wav`` and the like, in folders of any name.

    Raises:
        UsageError: the folder does not hold TESS.
    """
    return read_clips(folder, corpus="TESS", layout="OAF_angry/OAF_back_angry.wav", read=_read)


def _read(path: Path) -> Utterance | None:
    named = _NAME.fullmatch(path.stem)
    if named is None:
        return None
    speaker = f"{named['who'].upper()}F"
    return Utterance(
        corpus="TESS",
        clip=path.stem,
        path=path,
        speaker=speaker,
        gender="female",
        label=_LABELS[named["label"].lower()],
        age=_AGES[speaker],
    )
