"""Small corpora in the layouts of the real ones."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from tests.support.media import write_wav
from voxemo_scan.training.corpora import Utterance

DEMOGRAPHICS = (
    '"ActorID","Age","Sex","Race","Ethnicity"\n'
    '1001,51,"Male","Caucasian","Not Hispanic"\n1002,21,"Female","Caucasian","Not Hispanic"\n'
)
"""The head of CREMA-D's table of actors."""


def put(folder: Path, *names: str) -> Path:
    """Write a short silent clip of each name and return the folder."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_wav(folder / name, np.zeros(400))
    return folder


def put_crema_d(folder: Path, *names: str) -> Path:
    """Write clips and, beside them, the table of CREMA-D's actors; return the folder."""
    put(folder, *names)
    (folder / "VideoDemographics.csv").write_text(DEMOGRAPHICS)
    return folder


def told(utterances: Iterable[Utterance]) -> set[tuple[str, str, str | None, int | None, str]]:
    """Return who says each clip, and how."""
    return {(u.clip, u.speaker, u.gender, u.age, u.label) for u in utterances}
