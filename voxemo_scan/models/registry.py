"""Loading ensembles: the one that ships with the tool, or files that were trained here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from voxemo_scan.models.ensemble import Ensemble
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.models.index import WEIGHTS_FOLDER, read_index
from voxemo_scan.models.weights import load_network


def load_shipped(folder: Path = WEIGHTS_FOLDER) -> Ensemble:
    """Return the shipped ensemble, each file's checksum verified.

    Raises:
        MissingError: a file is missing or damaged.
    """
    index = read_index(folder)
    members = [load_network(folder / n, sha256=f.sha256) for n, f in index.files.items()]
    return Ensemble(
        members,
        info=index.info,
        temperature=index.temperature,
        speech_level_db=index.speech_level_db,
    )


def load_files(paths: Sequence[Path]) -> Ensemble:
    """Return an ensemble of weight files that ``voxemo-scan train`` wrote.

    Raises:
        MissingError: a file is missing or damaged.
    """
    members = [load_network(path) for path in paths]
    info = ModelInfo(
        name="+".join(member.description.name for member in members),
        version="local",
        sha256={path.name: m.sha256 for path, m in zip(paths, members, strict=True)},
    )
    return Ensemble(members, info=info)
