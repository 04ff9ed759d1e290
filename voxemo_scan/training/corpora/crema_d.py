"""CREMA-D: 91 actors, twelve sentences, six emotions (Cao et al. 2014)."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final, cast

from voxemo_scan.errors import UsageError
from voxemo_scan.scan.result import Gender
from voxemo_scan.training.corpora.utterance import Intensity, Utterance, Votes, audio_files
from voxemo_scan.training.labels import Label

_LABELS: Final[dict[str, Label]] = {
    "NEU": "neutral",
    "HAP": "happy",
    "SAD": "sad",
    "ANG": "angry",
    "FEA": "fear",
    "DIS": "disgust",
}
_INTENSITIES: Final[dict[str, Intensity]] = {"LO": "low", "MD": "medium", "HI": "high"}
_VOTE_COLUMNS: Final = ("N", "H", "S", "A", "F", "D")
_HEARD_ONLY: Final = "1"
"""What the number of a vote begins with where the voice was heard and no face seen."""


def crema_d(folder: Path) -> tuple[Utterance, ...]:
    """Return CREMA-D's clips, flawed ones and all (see ``splits.drop_unsound``).

    Args:
        folder: holds ``AudioWAV/``, ``VideoDemographics.csv`` and, for the listeners' votes,
            ``processedResults/tabulatedVotes.csv``.

    Raises:
        UsageError: the folder does not hold CREMA-D.
    """
    demographics = _demographics(folder / "VideoDemographics.csv")
    votes = _votes(folder / "processedResults" / "tabulatedVotes.csv")
    found = []
    for path in audio_files(folder / "AudioWAV", corpus="CREMA-D"):
        speaker, _, emotion, intensity = [*path.stem.split("_"), "", "", "", ""][:4]
        if speaker not in demographics or emotion not in _LABELS:
            continue
        gender, age = demographics[speaker]
        found.append(
            Utterance(
                corpus="CREMA-D",
                clip=path.stem,
                path=path,
                speaker=speaker,
                gender=gender,
                label=_LABELS[emotion],
                age=age,
                intensity=_INTENSITIES.get(intensity),
                votes=votes.get(path.stem),
            )
        )
    return tuple(found)


def _demographics(path: Path) -> dict[str, tuple[Gender, int]]:
    if not path.is_file():
        raise UsageError(f"{path} is missing", remedy="take it from CREMA-D's own repository")
    with path.open(newline="", encoding="utf-8") as file:
        return {
            row["ActorID"]: ("female" if row["Sex"] == "Female" else "male", int(row["Age"]))
            for row in csv.DictReader(file)
        }


def _votes(path: Path) -> dict[str, Votes]:
    """Return how those who only heard a clip voted; none where the table is not there."""
    if not path.is_file():
        return {}
    with path.open(newline="", encoding="utf-8") as file:
        return {
            row["fileName"]: Votes(
                cast(
                    tuple[int, int, int, int, int, int],
                    tuple(int(row[column]) for column in _VOTE_COLUMNS),
                )
            )
            for row in csv.DictReader(file)
            if row[""].startswith(_HEARD_ONLY)
        }
