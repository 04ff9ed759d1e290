"""One labelled clip of a corpus, and how a folder's files become clips."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.errors import UsageError
from voxemo_scan.scan.result import Gender
from voxemo_scan.training.labels import SIX, Label

LOSSLESS_SUFFIXES: Final = frozenset({".aif", ".aiff", ".au", ".flac", ".wav"})
AUDIO_SUFFIXES: Final = LOSSLESS_SUFFIXES | {
    ".aac", ".caf", ".m4a", ".mka", ".mp3", ".oga", ".ogg", ".opus", ".wma",
}  # fmt: skip

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


def audio_files(folder: Path) -> tuple[Path, ...]:
    """Return the audio files anywhere under ``folder`` by path; hidden ones are passed over."""
    return tuple(
        sorted(
            path
            for path in folder.rglob("*")
            if path.suffix.lower() in AUDIO_SUFFIXES and not _is_hidden(path, folder)
        )
    )


def read_clips(
    folder: Path, *, corpus: str, layout: str, read: Callable[[Path], Utterance | None]
) -> tuple[Utterance, ...]:
    """Return the clips under ``folder`` by path, each name once.

    Copies of a corpus often hold a clip twice, in another format or in a doubled folder: the
    lossless file counts, else the first by path.

    Args:
        folder: where to look, at any depth.
        corpus: what to call the corpus in errors.
        layout: an example of its files, for errors.
        read: returns what a file's name says, None for a name that is not the corpus's.

    Raises:
        UsageError: the folder is not there or holds no clip of the corpus.
    """
    if not folder.is_dir():
        raise UsageError(
            f"{corpus} is not at {folder}",
            remedy="download it (`voxemo-scan corpus fetch` says from where) and give the folder "
            "that holds the corpora as --data",
        )
    found: dict[str, Utterance] = {}
    for path in sorted(audio_files(folder), key=_is_lossy):
        clip = read(path)
        if clip is not None:
            found.setdefault(clip.clip, clip)
    if not found:
        raise UsageError(
            f"{folder} holds no clip of {corpus}", remedy=f"its files are named as in {layout}"
        )
    return tuple(sorted(found.values(), key=lambda clip: clip.path))


def _is_lossy(path: Path) -> bool:
    return path.suffix.lower() not in LOSSLESS_SUFFIXES


def _is_hidden(path: Path, folder: Path) -> bool:
    """Say whether a system put the file there: ``._name`` beside each, ``__MACOSX/`` in zips."""
    return any(part.startswith((".", "__MACOSX")) for part in path.relative_to(folder).parts)
