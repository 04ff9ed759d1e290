"""CREMA-D: 91 actors, twelve sentences, six emotions (Cao et al. 2014)."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeVar, cast

from voxemo_scan.errors import UsageError
from voxemo_scan.scan.result import Gender
from voxemo_scan.training.corpora.utterance import Intensity, Utterance, Votes, read_clips
from voxemo_scan.training.labels import Label

_T = TypeVar("_T")

_LABELS: Final[dict[str, Label]] = {
    "NEU": "neutral",
    "HAP": "happy",
    "SAD": "sad",
    "ANG": "angry",
    "FEA": "fear",
    "DIS": "disgust",
}
_INTENSITIES: Final[dict[str, Intensity]] = {"LO": "low", "MD": "medium", "HI": "high"}
_NAME: Final = re.compile(
    r"(?P<speaker>1\d{3})_[A-Z]{3}_(?P<label>NEU|HAP|SAD|ANG|FEA|DIS)_(?P<intensity>LO|MD|HI|XX?)"
)
_VOTE_COLUMNS: Final = ("N", "H", "S", "A", "F", "D")
_HEARD_ONLY: Final = "1"
"""What the number of a vote begins with where the voice was heard and no face seen."""


def is_crema_d(path: Path) -> bool:
    """Say whether a file is named as CREMA-D's are."""
    return _NAME.fullmatch(path.stem) is not None


def crema_d(folder: Path) -> tuple[Utterance, ...]:
    """Return CREMA-D's clips, flawed ones and all (see ``splits.drop_unsound``).

    Args:
        folder: holds ``AudioWAV/`` (or ``AudioMP3/``), ``VideoDemographics.csv`` and, for the
            listeners' votes, ``processedResults/tabulatedVotes.csv``.

    Raises:
        UsageError: the folder does not hold CREMA-D, or one of its tables cannot be read.
    """
    demographics = _demographics(folder / "VideoDemographics.csv") if folder.is_dir() else {}
    votes = _votes(folder / "processedResults" / "tabulatedVotes.csv")

    def read(path: Path) -> Utterance | None:
        named = _NAME.fullmatch(path.stem)
        if named is None or named["speaker"] not in demographics:
            return None
        gender, age = demographics[named["speaker"]]
        return Utterance(
            corpus="CREMA-D",
            clip=path.stem,
            path=path,
            speaker=named["speaker"],
            gender=gender,
            label=_LABELS[named["label"]],
            age=age,
            intensity=_INTENSITIES.get(named["intensity"]),
            votes=votes.get(path.stem),
        )

    return read_clips(folder, corpus="CREMA-D", layout="AudioWAV/1001_DFA_ANG_XX.wav", read=read)


def _demographics(path: Path) -> dict[str, tuple[Gender, int]]:
    """Return each actor's gender and age in years."""
    if not path.is_file():
        raise UsageError(
            f"{path}, which says who CREMA-D's actors are, is missing",
            remedy="take it from github.com/CheyneyComputerScience/CREMA-D",
        )
    return dict(_rows(path, _actor))


def _actor(row: Mapping[str, str]) -> tuple[str, tuple[Gender, int]]:
    gender: Gender = "female" if row["Sex"] == "Female" else "male"
    return row["ActorID"], (gender, int(row["Age"]))


def _votes(path: Path) -> dict[str, Votes]:
    """Return how those who only heard a clip voted; none where the table is not there."""
    if not path.is_file():
        return {}
    return {clip: votes for heard, clip, votes in _rows(path, _vote) if heard}


def _vote(row: Mapping[str, str]) -> tuple[bool, str, Votes]:
    counts = tuple(int(row[column]) for column in _VOTE_COLUMNS)
    votes = Votes(cast(tuple[int, int, int, int, int, int], counts))
    return row[""].startswith(_HEARD_ONLY), row["fileName"], votes


def _rows(path: Path, read: Callable[[Mapping[str, str]], _T]) -> list[_T]:
    """Return what ``read`` makes of each row of a table."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            return [read(row) for row in csv.DictReader(file)]
    except (KeyError, TypeError, AttributeError, ValueError, csv.Error) as error:
        raise UsageError(
            f"{path} is not as CREMA-D's own: {error!r}",
            remedy="take it anew from github.com/CheyneyComputerScience/CREMA-D",
        ) from error
