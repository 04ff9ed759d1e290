"""Real lines of films, of which listeners would accept one emotion or several."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from voxemo_scan.audio.decode import decode
from voxemo_scan.audio.level import gain, level_db
from voxemo_scan.audio.recording import Recording, samples
from voxemo_scan.digest import file_sha256
from voxemo_scan.emotions import EMOTIONS, Emotion, parse_emotion
from voxemo_scan.errors import UsageError
from voxemo_scan.models.ensemble import Ensemble
from voxemo_scan.scan.analyse import analyse
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.result import SceneResult
from voxemo_scan.scan.task import SceneTask
from voxemo_scan.training.clips import clip_passage
from voxemo_scan.training.judge import Clip
from voxemo_scan.training.labels import SIX, label_set
from voxemo_scan.training.narrow import narrow

LIST_NAME: Final = "labels.tsv"
_COLUMNS: Final = 4


@dataclass(frozen=True, slots=True)
class FilmLine:
    """A line: its sound, the film, what is said, and the emotions that a listener would accept."""

    path: Path
    film: str
    line: str
    accepted: tuple[Emotion, ...]


@dataclass(frozen=True, slots=True)
class HeardLine:
    """A line and what was heard: by a scan, and in the whole line taken for speech.

    ``whole`` is a distribution over the six emotions.
    """

    line: FilmLine
    scanned: SceneResult
    whole: tuple[float, ...]

    @property
    def scan_accepted(self) -> bool | None:
        """Return whether the scan's strongest emotion is accepted; None if it heard no speech."""
        found = self.scanned.dominant
        return None if found is None else found in self.line.accepted

    @property
    def whole_strongest(self) -> Emotion:
        """Return the strongest emotion of the whole line."""
        return EMOTIONS[int(np.argmax(self.whole))]

    @property
    def whole_accepted(self) -> bool:
        """Return whether it is accepted."""
        return self.whole_strongest in self.line.accepted


def read_lines(data: Path) -> tuple[FilmLine, ...]:
    """Return the lines that ``labels.tsv`` lists in ``data`` or in its folder ``film/``.

    After a head, each of its lines has a file's name, the film, what is said and the accepted
    emotions, with tabs between them.

    Raises:
        UsageError: there is no such list, or a line of it is not like that.
    """
    folder = next((d for d in (data / "film", data) if (d / LIST_NAME).is_file()), None)
    if folder is None:
        raise UsageError(
            f"{data} holds neither {LIST_NAME} nor film/{LIST_NAME}",
            remedy="name the folder of the lines by --data",
        )
    path = folder / LIST_NAME
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return tuple(_line(row, path, number) for number, row in enumerate(rows[1:], start=2) if row)


def hear_lines(lines: Sequence[FilmLine], *, ensemble: Ensemble) -> tuple[HeardLine, ...]:
    """Return what is heard in each line, with the scan's default options."""
    return tuple(HeardLine(line, _scan(line, ensemble), _whole(line, ensemble)) for line in lines)


def chance(lines: Sequence[FilmLine]) -> float:
    """Return the part of the lines that guessing would get accepted."""
    return float(np.mean([len(line.accepted) / len(EMOTIONS) for line in lines]))


def to_json(heard: Sequence[HeardLine], *, model: str, command: str) -> dict[str, Any]:
    """Return the figures as JSON values."""
    return {
        "schema": "voxemo-scan/film-lines/1",
        "protocol": "film-lines",
        "model": model,
        "command": command,
        "lines": len(heard),
        "chance": chance([each.line for each in heard]),
        "scan_accepted": sum(each.scan_accepted is True for each in heard),
        "whole_accepted": sum(each.whole_accepted for each in heard),
        "heard": [
            {
                "file": each.line.path.name,
                "film": each.line.film,
                "accepted": list(each.line.accepted),
                "status": each.scanned.status,
                "abstained_s": each.scanned.abstained_s,
                "shares": each.scanned.shares,
                "scan_accepted": each.scan_accepted,
                "whole": dict(zip(EMOTIONS, each.whole, strict=True)),
                "whole_accepted": each.whole_accepted,
            }
            for each in heard
        ],
    }


def _line(row: Sequence[str], path: Path, number: int) -> FilmLine:
    if len(row) != _COLUMNS:
        raise UsageError(
            f"{path}:{number}: {len(row)} columns instead of {_COLUMNS}",
            remedy="write file, film, line and accepted emotions with tabs between them",
        )
    file, film, line, accepted = row
    try:
        emotions = tuple(parse_emotion(name) for name in accepted.split())
    except ValueError as error:
        raise UsageError(f"{path}:{number}: {error}", remedy="use the six emotions") from error
    if not emotions or not (path.parent / file).is_file():
        wrong = "no accepted emotion" if not emotions else f"no file {file} beside it"
        raise UsageError(f"{path}:{number}: {wrong}", remedy="mend the line or take it out")
    return FilmLine(path.parent / file, film, line, emotions)


def _scan(line: FilmLine, ensemble: Ensemble) -> SceneResult:
    name = line.path.name
    task = SceneTask(
        id=name, title=line.film, source=name, path=line.path, sha256=file_sha256(line.path)
    )
    return analyse(task, ensemble=ensemble, options=ScanOptions())


def _whole(line: FilmLine, ensemble: Ensemble) -> tuple[float, ...]:
    with Recording() as recording:
        for block in decode(line.path):
            recording.append(block)
        signal = samples(recording.cut(0.0, recording.duration_s))
    if ensemble.speech_level_db is not None:
        signal = signal * gain(from_db=level_db([signal]), to_db=ensemble.speech_level_db)
    passage = clip_passage(Clip(signal, 0, len(signal)), window_s=ensemble.window_s)
    said = narrow(ensemble.judge([passage]), heard=label_set(ensemble.labels), wanted=SIX)
    return tuple(said.probabilities.mean(axis=0).tolist())
