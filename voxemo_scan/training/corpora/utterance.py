"""One labelled clip of a corpus."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.errors import UsageError
from voxemo_scan.scan.result import Gender
from voxemo_scan.training.labels import SIX, Label

AUDIO_SUFFIXES: Final = frozenset({".wav", ".opus", ".flac", ".mp3", ".m4a", ".ogg"})

Intensity = Literal["low", "medium", "high"]


@dataclass(frozen=True, slots=True)
class Votes:
    """How many listeners who only heard a clip chose each of the six emotions."""

    voice: tuple[int, int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Utterance:
    """One labelled clip; ``clip`` is its name without suffix, unique within its corpus.

    ``age`` is the speaker's in years; what a corpus does not say is None.
    """

    corpus: str
    clip: str
    path: Path
    speaker: str
    gender: Gender | None
    label: Label
    age: int | None = None
    intensity: Intensity | None = None
    votes: Votes | None = None

    @property
    def emotion(self) -> Emotion | None:
        """The one of the six emotions that the label counts as, None if the six leave it out."""
        place = SIX.index(self.label)
        return None if place is None else EMOTIONS[place]


def audio_files(folder: Path, *, corpus: str) -> Iterator[Path]:
    """Return the audio files anywhere under ``folder``, in order.

    Raises:
        UsageError: the folder is not there.
    """
    if not folder.is_dir():
        raise UsageError(
            f"{corpus} is not at {folder}",
            remedy="download it (`voxemo-scan corpus fetch` says from where) and give the folder "
            "that holds the corpora as --data",
        )
    return iter(sorted(p for p in folder.rglob("*") if p.suffix.lower() in AUDIO_SUFFIXES))
