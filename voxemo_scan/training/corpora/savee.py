"""SAVEE: four men, 480 clips, seven labels (Haq and Jackson 2010)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from voxemo_scan.training.corpora.utterance import Utterance, audio_files
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
_SPEAKERS: Final = frozenset({"DC", "JE", "JK", "KL"})
_NAME: Final = re.compile(r"(?:(?P<speaker>[A-Z]{2})_)?(?P<emotion>[a-z]{1,2})\d{2}")


def savee(folder: Path) -> tuple[Utterance, ...]:
    """Return SAVEE's clips.

    Args:
        folder: holds ``DC_a01.wav`` and the like, or a folder a speaker with ``a01.wav``.

    Raises:
        UsageError: the folder does not hold SAVEE.
    """
    found = []
    for path in audio_files(folder, corpus="SAVEE"):
        named = _NAME.fullmatch(path.stem)
        if named is None or named["emotion"] not in _LABELS:
            continue
        speaker = named["speaker"] or path.parent.name
        if speaker not in _SPEAKERS:
            continue
        found.append(
            Utterance(
                corpus="SAVEE",
                clip=f"{speaker}_{path.stem.split('_')[-1]}",
                path=path,
                speaker=speaker,
                gender="male",
                label=_LABELS[named["emotion"]],
            )
        )
    return tuple(found)
