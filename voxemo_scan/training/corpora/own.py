"""A corpus of one's own: a folder whose subfolders are labels, or a CSV table."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Final, get_args

from voxemo_scan.emotions import parse_emotion
from voxemo_scan.errors import UsageError
from voxemo_scan.scan.result import Gender
from voxemo_scan.training.corpora.utterance import Intensity, Utterance, audio_files
from voxemo_scan.training.labels import LABELS, Label

_MORE_ALIASES: Final[dict[str, Label]] = {
    "surprise": "surprised",
    "pleasant_surprise": "surprised",
    "boredom": "bored",
}
_GENDERS: Final[dict[str, Gender]] = {
    "female": "female", "f": "female", "woman": "female",
    "male": "male", "m": "male", "man": "male",
}  # fmt: skip
_INTENSITIES: Final[tuple[Intensity, ...]] = get_args(Intensity)
_COLUMNS: Final = ("path", "label", "speaker", "gender", "age", "intensity")


def own_corpus(source: Path, *, name: str | None = None) -> tuple[Utterance, ...]:
    """Return the clips of a folder or a table.

    A folder holds ``label/clip.wav`` or ``speaker/label/clip.wav``: the folder that a clip lies
    in is its label, the one above, if there is one, its speaker. A CSV has the columns ``path``
    (relative to the file) and ``label``, and may have ``speaker``, ``gender``, ``age`` (years)
    and ``intensity`` (low, medium, high). Labels are the six emotions, surprised, calm and
    bored, or one of their aliases.

    Args:
        source: the folder or the CSV.
        name: what to call the corpus; the source's own name unless given.

    Raises:
        UsageError: it cannot be read, or something in it is not understood; all such are told.
    """
    corpus = name or source.stem
    if source.is_dir():
        return _from_folder(source, corpus=corpus)
    return _from_table(source, corpus=corpus)


def find_label(text: str) -> Label | None:
    """Return the label that ``text`` means, None if it means none."""
    word = text.strip().lower()
    for label in LABELS:
        if word == label:
            return label
    if word in _MORE_ALIASES:
        return _MORE_ALIASES[word]
    try:
        return parse_emotion(word)
    except ValueError:
        return None


def _from_folder(folder: Path, *, corpus: str) -> tuple[Utterance, ...]:
    found, unknown = [], set()
    for path in audio_files(folder, corpus=corpus):
        label = find_label(path.parent.name)
        if label is None or path.parent == folder:
            unknown.add(str(path.parent.relative_to(folder)))
            continue
        above = path.parent.parent
        found.append(
            Utterance(
                corpus=corpus,
                clip=path.relative_to(folder).with_suffix("").as_posix(),
                path=path,
                speaker="unknown" if above == folder else above.name,
                gender=None,
                label=label,
            )
        )
    if unknown or not found:
        what = f"folders that are no label: {', '.join(sorted(unknown))}" if unknown else "no audio"
        raise UsageError(f"{folder}: {what}", remedy=f"name the clips' folders {', '.join(LABELS)}")
    return tuple(found)


def _from_table(table: Path, *, corpus: str) -> tuple[Utterance, ...]:
    try:
        with table.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            header, rows = reader.fieldnames or [], [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(
            f"{table} cannot be read: {error}", remedy="give a CSV in UTF-8"
        ) from error
    missing = [column for column in _COLUMNS[:2] if column not in header]
    unknown = [column for column in header if column not in _COLUMNS]
    mistakes = [f"{table}:1: no column {column!r}" for column in missing]
    mistakes += [f"{table}:1: unknown column {column!r}" for column in unknown]
    found: list[Utterance] = []
    for line, row in [] if mistakes else rows:
        wrong = _mistakes(row, table=table)
        mistakes += [f"{table}:{line}: {what}" for what in wrong]
        if not wrong:
            found.append(_from_row(row, table=table, corpus=corpus))
    if mistakes or not found:
        raise UsageError(
            "\n".join(mistakes) or f"{table}: no clips",
            remedy=f"columns are {', '.join(_COLUMNS)}; labels {', '.join(LABELS)}",
        )
    return tuple(found)


def _mistakes(row: Mapping[str, str | None], *, table: Path) -> list[str]:
    wrong = []
    if not (table.parent / (row["path"] or "")).is_file():
        wrong.append(f"no file {row['path']!r}")
    if find_label(row["label"] or "") is None:
        wrong.append(f"unknown label {row['label']!r}")
    if (row.get("gender") or "").lower() not in {"", *_GENDERS}:
        wrong.append(f"unknown gender {row['gender']!r}")
    if not (row.get("age") or "0").isdigit():
        wrong.append(f"age {row['age']!r} is no number of years")
    if (row.get("intensity") or "") not in {"", *_INTENSITIES}:
        wrong.append(f"unknown intensity {row['intensity']!r}")
    return wrong


def _from_row(row: Mapping[str, str | None], *, table: Path, corpus: str) -> Utterance:
    path = row["path"] or ""
    label = find_label(row["label"] or "")
    if label is None:
        raise ValueError(f"unknown label {row['label']!r}")
    return Utterance(
        corpus=corpus,
        clip=Path(path).with_suffix("").as_posix(),
        path=table.parent / path,
        speaker=row.get("speaker") or "unknown",
        gender=_GENDERS.get((row.get("gender") or "").lower()),
        label=label,
        age=int(row["age"] or 0) if row.get("age") else None,
        intensity=next((i for i in _INTENSITIES if i == row.get("intensity")), None),
    )
