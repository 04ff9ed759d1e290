"""Labelled speech collections in their original layouts: who says each clip, and how.

Sources: CREMA-D (Cao et al. 2014), RAVDESS (Livingstone and Russo 2018).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
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
    """One labelled clip; ``clip`` is its name without suffix, unique within its corpus."""

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


_CREMA_D_LABELS: Final[dict[str, Label]] = {
    "NEU": "neutral",
    "HAP": "happy",
    "SAD": "sad",
    "ANG": "angry",
    "FEA": "fear",
    "DIS": "disgust",
}
_RAVDESS_LABELS: Final[dict[str, Label]] = {
    "01": "neutral",
    "02": "calm",
    "03": "happy",
    "04": "sad",
    "05": "angry",
    "06": "fear",
    "07": "disgust",
    "08": "surprised",
}
_TESS_LABELS: Final[dict[str, Label]] = {
    "neutral": "neutral",
    "happy": "happy",
    "sad": "sad",
    "angry": "angry",
    "fear": "fear",
    "disgust": "disgust",
    "ps": "surprised",
}
_TESS_AGES: Final = {"OAF": 64, "YAF": 26}
_INTENSITIES: Final[dict[str, Intensity]] = {"LO": "low", "MD": "medium", "HI": "high"}
_VOTE_COLUMNS: Final = ("N", "H", "S", "A", "F", "D")


def crema_d(folder: Path) -> tuple[Utterance, ...]:
    """Return CREMA-D's clips, flawed ones and all (see ``splits.sound_training_clips``).

    Args:
        folder: holds ``AudioWAV/`` and ``VideoDemographics.csv``.

    Raises:
        UsageError: the folder does not hold CREMA-D.
    """
    demographics = _crema_d_demographics(folder / "VideoDemographics.csv")
    votes = _crema_d_votes(folder / "processedResults" / "tabulatedVotes.csv")
    return tuple(
        Utterance(
            corpus="CREMA-D",
            clip=path.stem,
            path=path,
            speaker=path.stem[:4],
            gender=demographics[path.stem[:4]][0],
            label=_CREMA_D_LABELS[path.stem[9:12]],
            age=demographics[path.stem[:4]][1],
            intensity=_INTENSITIES.get(path.stem[13:15]),
            votes=votes.get(path.stem),
        )
        for path in _audio_files(folder / "AudioWAV", corpus="CREMA-D")
    )


def ravdess(folder: Path) -> tuple[Utterance, ...]:
    """Return RAVDESS's speech clips.

    Args:
        folder: holds ``Actor_01/`` to ``Actor_24/``.

    Raises:
        UsageError: the folder does not hold RAVDESS.
    """
    utterances = []
    for path in _audio_files(folder, corpus="RAVDESS"):
        parts = path.stem.split("-")
        if len(parts) != 7 or parts[2] not in _RAVDESS_LABELS:
            continue
        utterances.append(
            Utterance(
                corpus="RAVDESS",
                clip=path.stem,
                path=path,
                speaker=parts[6],
                gender="male" if int(parts[6]) % 2 else "female",
                label=_RAVDESS_LABELS[parts[2]],
                intensity="high" if parts[3] == "02" else "medium",
            )
        )
    return tuple(utterances)


def tess(folder: Path) -> tuple[Utterance, ...]:
    """Return TESS's clips, of two women aged 26 and 64.

    Args:
        folder: holds ``OAF_angry/`` and the like.

    Raises:
        UsageError: the folder does not hold TESS.
    """
    utterances = []
    for path in _audio_files(folder, corpus="TESS"):
        speaker, *_, ending = path.stem.split("_")
        speaker = {"OA": "OAF", "YA": "YAF"}.get(speaker, speaker)
        if speaker not in _TESS_AGES or ending.lower() not in _TESS_LABELS:
            continue
        utterances.append(
            Utterance(
                corpus="TESS",
                clip=path.stem,
                path=path,
                speaker=speaker,
                gender="female",
                label=_TESS_LABELS[ending.lower()],
                age=_TESS_AGES[speaker],
            )
        )
    return tuple(utterances)


CORPORA: Final[dict[str, Callable[[Path], tuple[Utterance, ...]]]] = {
    "CREMA-D": crema_d,
    "RAVDESS": ravdess,
    "TESS": tess,
}


def load_corpora(
    data: Path, names: Sequence[str] = ("CREMA-D", "RAVDESS")
) -> tuple[Utterance, ...]:
    """Return every clip of the corpora called ``names``, each in its folder under ``data``.

    Raises:
        UsageError: one of them is not there, or is not known.
    """
    if unknown := [name for name in names if name not in CORPORA]:
        raise UsageError(f"unknown corpus {unknown[0]!r}", remedy=f"choose {', '.join(CORPORA)}")
    return tuple(u for name in names for u in CORPORA[name](data / name))


def _audio_files(folder: Path, *, corpus: str) -> Iterator[Path]:
    if not folder.is_dir():
        raise UsageError(
            f"{corpus} is not at {folder}",
            remedy="download it and give the folder that holds CREMA-D/ and RAVDESS/ as --data",
        )
    return iter(sorted(p for p in folder.rglob("*") if p.suffix.lower() in AUDIO_SUFFIXES))


def _crema_d_demographics(path: Path) -> dict[str, tuple[Gender, int]]:
    if not path.is_file():
        raise UsageError(f"{path} is missing", remedy="take it from CREMA-D's own repository")
    with path.open(newline="", encoding="utf-8") as file:
        return {
            row["ActorID"]: ("female" if row["Sex"] == "Female" else "male", int(row["Age"]))
            for row in csv.DictReader(file)
        }


def _crema_d_votes(path: Path) -> dict[str, Votes]:
    """Return how those who only heard a clip voted; none where the table is not there."""
    if not path.is_file():
        return {}
    with path.open(newline="", encoding="utf-8") as file:
        return {
            row["fileName"]: Votes(tuple(int(row[c]) for c in _VOTE_COLUMNS))  # type: ignore[arg-type]
            for row in csv.DictReader(file)
            if row[""].startswith("1")
        }
