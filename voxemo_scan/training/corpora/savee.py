"""SAVEE: four men, 480 clips, seven labels (Haq and Jackson 2010)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from voxemo_scan.training.corpora.utterance import Utterance, read_clips
from voxemo_scan.training.labels import Label

_LABELS: Final[dict[str, Label]] = {
    "a": "angry",
    "d": "disgust",
    "f": "fear",
    "h": "happy",
    "n": "neutral",
    "sa": "sad",
    "su": "surprised",
}
_NAME: Final = re.compile(
    r"(?:.*/)?(?P<speaker>DC|JE|JK|KL)[/_](?P<take>(?P<label>sa|su|[adfhn])\d{2})"
)
"""The end of a path without its suffix: the speaker is the folder or begins the name."""


def is_savee(path: Path) -> bool:
    """Say whether a file is named as SAVEE's are."""
    return _named(path) is not None


def savee(folder: Path) -> tuple[Utterance, ...]:
    """Return SAVEE's clips.

    Args:
        folder: holds ``DC_a01.wav`` and the like, or a folder a speaker with ``a01.wav``.

    Raises:
        UsageError: the folder does not hold SAVEE.
    """
    return read_clips(folder, corpus="SAVEE", layout="AudioData/DC/a01.wav", read=_read)


def _named(path: Path) -> re.Match[str] | None:
    return _NAME.fullmatch(path.with_suffix("").as_posix())


def _read(path: Path) -> Utterance | None:
    named = _named(path)
    if named is None:
        return None
    return Utterance(
        corpus="SAVEE",
        clip=f"{named['speaker']}_{named['take']}",
        path=path,
        speaker=named["speaker"],
        gender="male",
        label=_LABELS[named["label"]],
    )
