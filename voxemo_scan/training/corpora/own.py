"""A corpus of one's own: a folder whose subfolders are labels, or a CSV table."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from voxemo_scan.errors import UsageError
from voxemo_scan.training.corpora.naming import find_label, suggest_label
from voxemo_scan.training.corpora.own_table import read_table
from voxemo_scan.training.corpora.utterance import Utterance, read_clips
from voxemo_scan.training.labels import LABELS

UNKNOWN_SPEAKER: Final = "unknown"
"""Whose the clips are that name nobody."""


def load_own(source: Path, *, name: str | None = None) -> tuple[Utterance, ...]:
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
    if source.is_dir():
        return _read_folder(source, corpus=name or source.resolve().name)
    return read_table(source, corpus=name or source.stem, unknown_speaker=UNKNOWN_SPEAKER)


def _read_folder(folder: Path, *, corpus: str) -> tuple[Utterance, ...]:
    strange: set[str] = set()

    def read(path: Path) -> Utterance | None:
        *above, label_name, _ = ("", *path.relative_to(folder).parts)
        label = find_label(label_name)
        if label is None:
            strange.add(label_name)
            return None
        return Utterance(
            corpus=corpus,
            clip=path.relative_to(folder).with_suffix("").as_posix(),
            path=path,
            speaker=(above[-1] if above else "") or UNKNOWN_SPEAKER,
            gender=None,
            label=label,
        )

    try:
        found = read_clips(folder, corpus=corpus, layout="angry/clip.wav", read=read)
    except UsageError:
        if not strange:
            raise
        found = ()
    if strange:
        raise UsageError(
            "\n".join(f"{folder}: {_complaint(name)}" for name in sorted(strange)),
            remedy=f"name the folders that hold clips {', '.join(LABELS)}",
        )
    return found


def _complaint(name: str) -> str:
    if not name:
        return "clips that lie in no folder of a label"
    return f"the folder {name!r} is no label{suggest_label(name)}"
