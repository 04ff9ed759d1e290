"""RAVDESS speech: 24 actors, two sentences, eight labels (Livingstone and Russo 2018)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from voxemo_scan.training.corpora.utterance import Utterance, read_clips
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
_NAME: Final = re.compile(
    r"03-01-"  # sound without picture; speech (02 is song)
    r"(?P<label>0[1-8])-(?P<intensity>0[12])-\d{2}-\d{2}-(?P<actor>0[1-9]|1\d|2[0-4])"
)


def is_ravdess(path: Path) -> bool:
    """Say whether a file is named as RAVDESS's speech is."""
    return _NAME.fullmatch(path.stem) is not None


def ravdess(folder: Path) -> tuple[Utterance, ...]:
    """Return RAVDESS's speech clips of all eight labels; songs are passed over.

    Args:
        folder: holds ``Actor_01/`` to ``Actor_24/``.

    Raises:
        UsageError: the folder does not hold RAVDESS.
    """
    return read_clips(
        folder, corpus="RAVDESS", layout="Actor_01/03-01-05-01-01-01-01.wav", read=_read
    )


def _read(path: Path) -> Utterance | None:
    named = _NAME.fullmatch(path.stem)
    if named is None:
        return None
    return Utterance(
        corpus="RAVDESS",
        clip=path.stem,
        path=path,
        speaker=named["actor"],
        gender="male" if int(named["actor"]) % 2 else "female",
        label=_LABELS[named["label"]],
        intensity="high" if named["intensity"] == "02" else "medium",
    )
