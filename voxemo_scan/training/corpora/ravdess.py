"""RAVDESS speech: 24 actors, two sentences, eight labels (Livingstone and Russo 2018)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from voxemo_scan.training.corpora.utterance import Utterance, audio_files
from voxemo_scan.training.labels import Label

_LABELS: Final[dict[str, Label]] = {
    "01": "neutral",
    "02": "calm",
    "03": "happy",
    "04": "sad",
    "05": "angry",
    "06": "fear",
    "07": "disgust",
    "08": "surprised",
}
_PARTS: Final = 7
"""Numbers in a clip's name; the third is the emotion, the fourth how strong, the last the actor."""


def ravdess(folder: Path) -> tuple[Utterance, ...]:
    """Return RAVDESS's speech clips of all eight labels.

    Args:
        folder: holds ``Actor_01/`` to ``Actor_24/``.

    Raises:
        UsageError: the folder does not hold RAVDESS.
    """
    found = []
    for path in audio_files(folder, corpus="RAVDESS"):
        parts = path.stem.split("-")
        if len(parts) != _PARTS or parts[2] not in _LABELS:
            continue
        found.append(
            Utterance(
                corpus="RAVDESS",
                clip=path.stem,
                path=path,
                speaker=parts[6],
                gender="male" if int(parts[6]) % 2 else "female",
                label=_LABELS[parts[2]],
                intensity="high" if parts[3] == "02" else "medium",
            )
        )
    return tuple(found)
