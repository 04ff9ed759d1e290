"""Loading ensembles: one that ships with the tool, or files that were trained here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from voxemo_scan.models.ensemble import Ensemble, Member, Voice, group
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.models.index import WEIGHTS_FOLDER, WeightFile, WeightIndex, read_index
from voxemo_scan.models.voiceprint import VoiceSpace, load_space
from voxemo_scan.models.weights import load_network


def load_shipped(model: str | None = None, *, folder: Path = WEIGHTS_FOLDER) -> Ensemble:
    """Return a shipped model, each file's checksum verified; the default without a name.

    Raises:
        MissingError: a file is missing or damaged.
        UsageError: there is no model of that name.
    """
    index = read_index(folder)
    _, chosen = index.model(model)
    space = _voice_space(index, folder=folder)
    return Ensemble(
        [
            Voice(
                _member(index.members[name], folder=folder, space=space),
                part.weight,
                part.temperature,
            )
            for name, part in chosen.parts.items()
        ],
        info=index.info(model),
        calibration=chosen.calibration,
        adapted=chosen.adapted,
        speech_level_db=index.speech_level_db,
    )


def load_files(paths: Sequence[Path]) -> Ensemble:
    """Return an ensemble of weight files that ``voxemo-scan train`` wrote, equally weighted.

    Classic networks make one member, encoders another.

    Raises:
        MissingError: a file is missing or damaged.
    """
    networks = [load_network(path) for path in paths]
    info = ModelInfo(
        name="+".join(network.description.name for network in networks),
        version="local",
        sha256={path.name: n.sha256 for path, n in zip(paths, networks, strict=True)},
    )
    return Ensemble([Voice(member) for member in group(networks).values()], info=info)


def _member(files: Mapping[str, WeightFile], *, folder: Path, space: VoiceSpace | None) -> Member:
    networks = [load_network(folder / name, sha256=file.sha256) for name, file in files.items()]
    return next(iter(group(networks, space=space).values()))


def _voice_space(index: WeightIndex, *, folder: Path) -> VoiceSpace | None:
    spaces = [load_space(folder / n, sha256=file.sha256) for n, file in index.voices.items()]
    return spaces[0] if spaces else None
