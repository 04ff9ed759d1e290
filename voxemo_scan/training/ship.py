"""Makes trained networks the shipped models: their weights, temperatures, level and index.

python -m voxemo_scan.training.ship --data DIR --version 2 [--encoder FILE] FILE...
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

from voxemo_scan.atomic import write_atomic
from voxemo_scan.audio.level import level_db
from voxemo_scan.digest import file_sha256
from voxemo_scan.folders import cache_folder
from voxemo_scan.models.ensemble import Ensemble, Voice
from voxemo_scan.models.index import (
    INDEX_NAME,
    WEIGHTS_FOLDER,
    Part,
    ShippedModel,
    WeightFile,
    WeightIndex,
    read_index,
)
from voxemo_scan.models.registry import load_files
from voxemo_scan.models.weights import EncoderDescription, load_description
from voxemo_scan.training.combine import calibrate
from voxemo_scan.training.labels import SIX
from voxemo_scan.training.prepare import Prepared, prepare
from voxemo_scan.training.speaker_leanings import beyond_speakers

ENSEMBLE: Final = "ensemble"


def ship(
    weights: Sequence[Path],
    *,
    data: Path,
    version: str,
    encoder: str | None = None,
    folder: Path = WEIGHTS_FOLDER,
) -> WeightIndex:
    """Copy ``weights`` into ``folder`` with an index whose numbers are fitted on validation.

    Each kind of network becomes a model of its own, and all of them the ensemble, the default.
    With ``encoder``, the speech encoder's own weights, what the validation speakers lean to beyond
    speakers at large is not taken for a leaning of models that hold encoder members.

    Raises:
        UsageError: the corpora under ``data`` are not there.
        MissingError: a weight file cannot be read, or the encoder's weights are not to be had.
    """
    prepared = prepare("unseen-speakers", data=data, cache_folder=cache_folder() / "corpora")
    by_kind = {
        kind: [path for path, found in _kinds(weights) if found == kind]
        for kind in dict.fromkeys(found for _, found in _kinds(weights))
    }
    beyond = _beyond(by_kind.get("encoder", []), prepared, encoder=encoder)
    models = {
        kind: _fitted(load_files(paths), prepared, beyond if kind == "encoder" else ())
        for kind, paths in by_kind.items()
    }
    if len(models) > 1:
        models[ENSEMBLE] = _fitted(load_files(weights), prepared, beyond)
    index = WeightIndex(
        version=version,
        default=ENSEMBLE if ENSEMBLE in models else next(iter(models)),
        speech_level_db=_level_db(prepared),
        voices=_kept_voices(folder),
        members={
            kind: {path.name: WeightFile(sha256=file_sha256(path)) for path in paths}
            for kind, paths in by_kind.items()
        },
        models={
            name: _described(model, list(by_kind) if name == ENSEMBLE else [name])
            for name, model in models.items()
        },
    )
    folder.mkdir(parents=True, exist_ok=True)
    for path in weights:
        if path.resolve() != (folder / path.name).resolve():
            shutil.copyfile(path, folder / path.name)
    write_atomic(folder / INDEX_NAME, index.model_dump_json(indent=2) + "\n")
    return index


def _kept_voices(folder: Path) -> dict[str, WeightFile]:
    """Return the file by which voices were told apart before: it outlives the members."""
    return read_index(folder).voices if (folder / INDEX_NAME).is_file() else {}


def _kinds(weights: Sequence[Path]) -> list[tuple[Path, str]]:
    """Return the files with what they hold, in the order that ensembles take them."""
    found = [(path, load_description(path).kind) for path in weights]
    return sorted(found, key=lambda each: each[1])


def _beyond(
    members: Sequence[Path], prepared: Prepared, *, encoder: str | None
) -> tuple[float, ...]:
    """Return what validation speakers lean to beyond others, as heads over the blocks hear it."""
    if encoder is None or not members:
        return ()
    description = cast(EncoderDescription, load_description(members[0]))
    return beyond_speakers(description.shape, prepared, encoder=encoder)


def _fitted(ensemble: Ensemble, prepared: Prepared, beyond: Sequence[float]) -> Ensemble:
    validation = prepared.split.validation
    return calibrate(ensemble, validation, prepared.signals, labels=SIX, beyond=beyond)


def _described(model: Ensemble, members: Sequence[str]) -> ShippedModel:
    voices: tuple[Voice, ...] = model.voices
    return ShippedModel(
        parts={
            name: Part(weight=voice.weight, temperature=voice.temperature)
            for name, voice in zip(members, voices, strict=True)
        },
        calibration=model.calibration,
        adapted=model.adapted,
    )


def _level_db(prepared: Prepared) -> float:
    return round(level_db(prepared.signals.of(u) for u in prepared.split.train), 2)


def main() -> None:
    """Ship the weight files named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", nargs="+", type=Path)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--version", required=True)
    parser.add_argument(
        "--encoder", default="openai/whisper-base", help="its weights, by name or file"
    )
    given = parser.parse_args()
    ship(given.weights, data=given.data, version=given.version, encoder=given.encoder)


if __name__ == "__main__":
    main()
