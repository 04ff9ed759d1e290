"""Makes trained networks the shipped model: its temperature, its level, its index.

python -m voxemo_scan.training.ship --data DIR --version 1 FILE...
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from voxemo_scan.atomic import write_atomic
from voxemo_scan.audio.level import level_db
from voxemo_scan.digest import file_sha256
from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.folders import cache_folder
from voxemo_scan.models.ensemble import tempered
from voxemo_scan.models.index import INDEX_NAME, WEIGHTS_FOLDER, WeightFile, WeightIndex
from voxemo_scan.models.networks import EMOTION_COUNT
from voxemo_scan.models.registry import load_files
from voxemo_scan.training.evaluate import judge_test, prepare


def fit_temperature(probabilities: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Return the temperature that makes ``labels``, [clips], likeliest (Guo et al. 2017).

    ``probabilities``: [clips, 6], each row summing to 1.
    """

    def surprise(log_temperature: float) -> float:
        likely = tempered(probabilities, temperature=float(np.exp(log_temperature)))
        return float(-np.log(likely[np.arange(len(labels)), labels] + 1e-12).mean())

    found = minimize_scalar(surprise, bounds=(np.log(0.2), np.log(5.0)), method="bounded")
    return float(np.exp(found.x))


def ship(
    weights: Sequence[Path], *, data: Path, version: str, folder: Path = WEIGHTS_FOLDER
) -> WeightIndex:
    """Copy ``weights`` into ``folder`` with an index whose temperature is fitted on validation.

    Raises:
        UsageError: the corpora under ``data`` are not there.
        MissingError: a weight file cannot be read.
    """
    ensemble = load_files(weights)
    split, signals = prepare("unseen-speakers", data=data, cache_folder=cache_folder() / "corpora")
    said = judge_test(ensemble, split.validation, signals)[:, :EMOTION_COUNT]
    labels = np.array([EMOTIONS.index(u.emotion) for u in split.validation])
    folder.mkdir(parents=True, exist_ok=True)
    for path in weights:
        shutil.copyfile(path, folder / path.name)
    index = WeightIndex(
        name="classic",
        version=version,
        temperature=round(fit_temperature(said, labels), 4),
        speech_level_db=round(level_db(signals.of(u) for u in split.train), 2),
        files={path.name: WeightFile(sha256=file_sha256(path)) for path in weights},
    )
    write_atomic(folder / INDEX_NAME, index.model_dump_json(indent=2) + "\n")
    return index


def main() -> None:
    """Ship the weight files named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", nargs="+", type=Path)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--version", required=True)
    arguments = parser.parse_args()
    ship(arguments.weights, data=arguments.data, version=arguments.version)


if __name__ == "__main__":
    main()
