"""A corpus of one's own as a CSV table: which file is said how, and by whom."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeAlias

from voxemo_scan.errors import UsageError
from voxemo_scan.training.corpora.naming import GENDERS, INTENSITIES, find_label, suggest_label
from voxemo_scan.training.corpora.utterance import Utterance
from voxemo_scan.training.labels import LABELS

_NEEDED: Final = ("path", "label")
_COLUMNS: Final = (*_NEEDED, "speaker", "gender", "age", "intensity")

_Row: TypeAlias = Mapping[str, str]


def read_table(table: Path, *, corpus: str, unknown_speaker: str) -> tuple[Utterance, ...]:
    """Return the clips of a CSV with the columns ``path`` and ``label``, and maybe others.

    Args:
        table: UTF-8, one clip a line below the columns' names.
        corpus: what to call the corpus.
        unknown_speaker: the speaker of clips that name none.

    Raises:
        UsageError: it cannot be read, or with everything in it that is not understood, by line.
    """
    columns, rows = _read(table)
    mistakes = [f"{table}:1: {what}" for what in _column_mistakes(columns)]
    lines: dict[str, int] = {}
    for line, row in [] if mistakes else rows:
        wrong = _row_mistakes(row, folder=table.parent)
        clip = _clip(row)
        if lines.setdefault(clip, line) != line:
            wrong.append(f"{row['path']!r} is the clip of line {lines[clip]}")
        mistakes += [f"{table}:{line}: {what}" for what in wrong]
    if mistakes or not rows:
        raise UsageError(
            "\n".join(mistakes) or f"{table}: no clips",
            remedy=f"columns are {', '.join(_COLUMNS)}; labels {', '.join(LABELS)}",
        )
    return tuple(
        _utterance(row, folder=table.parent, corpus=corpus, unknown_speaker=unknown_speaker)
        for _, row in rows
    )


def _read(table: Path) -> tuple[list[str], list[tuple[int, _Row]]]:
    """Return the columns' names, and each row with its line; what a row lacks is empty."""
    try:
        with table.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, restkey="", restval="")
            columns = [name.strip() for name in reader.fieldnames or ()]
            reader.fieldnames = columns
            return columns, [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(
            f"{table} cannot be read: {error}",
            remedy="give a folder of clips, or a CSV in UTF-8 with the columns path and label",
        ) from error


def _column_mistakes(columns: list[str]) -> list[str]:
    missing = [f"no column {name!r}" for name in _NEEDED if name not in columns]
    return missing + [f"unknown column {name!r}" for name in columns if name not in _COLUMNS]


def _row_mistakes(row: _Row, *, folder: Path) -> list[str]:
    wrong = []
    if not (folder / row["path"]).is_file():
        wrong.append(f"no file {row['path']!r}")
    if find_label(row["label"]) is None:
        wrong.append(f"unknown label {row['label']!r}{suggest_label(row['label'])}")
    if row.get("gender", "").strip().lower() not in {"", *GENDERS}:
        wrong.append(f"unknown gender {row['gender']!r}")
    if not (row.get("age", "").strip() or "0").isdecimal():
        wrong.append(f"age {row['age']!r} is no number of years")
    if row.get("intensity", "").strip().lower() not in {"", *INTENSITIES}:
        wrong.append(f"unknown intensity {row['intensity']!r}")
    if "" in row:
        wrong.append(f"more cells than columns: {row['']}")
    return wrong


def _clip(row: _Row) -> str:
    return Path(row["path"]).with_suffix("").as_posix() if row["path"] else ""


def _utterance(row: _Row, *, folder: Path, corpus: str, unknown_speaker: str) -> Utterance:
    label = find_label(row["label"])
    if label is None:
        raise ValueError(f"unknown label {row['label']!r}")
    age = row.get("age", "").strip()
    intensity = row.get("intensity", "").strip().lower()
    return Utterance(
        corpus=corpus,
        clip=_clip(row),
        path=folder / row["path"],
        speaker=row.get("speaker", "").strip() or unknown_speaker,
        gender=GENDERS.get(row.get("gender", "").strip().lower()),
        label=label,
        age=int(age) if age else None,
        intensity=next((known for known in INTENSITIES if known == intensity), None),
    )
