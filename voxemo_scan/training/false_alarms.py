"""How much of music, noise and silence is given an emotion, scanned as clips are.

python -m voxemo_scan.training.false_alarms --data DATA [--part test]

A recording of so many seconds holds as many windows as lie in it at a scan's hop; the figure is how
many windows of the scan got a verdict, out of these.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.io import wavfile

from voxemo_scan.features.log_mel import SAMPLING_RATE
from voxemo_scan.models.ensemble import Ensemble
from voxemo_scan.models.registry import load_files, load_shipped
from voxemo_scan.scan.analyse import analyse
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.task import SceneTask
from voxemo_scan.training.film.backgrounds import Backgrounds, Part, load_backgrounds

_LONGEST_S: Final = 60.0
_SILENCES: Final = 20
_SILENCE_DB: Final = (-100.0, -50.0)


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """Of a sort of sound: seconds, windows that lie in it, those heard as speech, those judged."""

    sort: str
    seconds: float
    windows: int
    speech: int
    judged: int

    @property
    def rate(self) -> float:
        """Return the fraction of windows, 0..1, that were given an emotion."""
        return self.judged / max(self.windows, 1)


def count_false_alarms(
    ensemble: Ensemble, backgrounds: Backgrounds, *, options: ScanOptions, seed: int = 0
) -> list[FalseAlarms]:
    """Return what a scan makes of noise, of music and of silence."""
    without = ScanOptions(least_clear=0.0)
    found = []
    for sort, sounds in (
        ("noise", [each.sound for each in backgrounds.noise]),
        ("music", [each.sound for each in backgrounds.music]),
        ("silence", list(_silences(seed))),
    ):
        pieces = [piece for sound in sounds for piece in _pieces(sound)]
        judged = sum(_windows(piece, ensemble, options=options) for piece in pieces)
        speech = sum(_windows(piece, ensemble, options=without) for piece in pieces)
        lengths_s = [len(piece) / SAMPLING_RATE for piece in pieces]
        hop_s = ensemble.window_s * (1.0 - options.window_overlap)
        windows = sum(max(1, round((s - ensemble.window_s) / hop_s) + 1) for s in lengths_s)
        found.append(FalseAlarms(sort, sum(lengths_s), windows, speech, judged))
    return found


def _windows(sound: NDArray[np.float32], ensemble: Ensemble, *, options: ScanOptions) -> int:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sound.wav"
        wavfile.write(path, SAMPLING_RATE, np.round(np.clip(sound, -1, 1) * 32767).astype(np.int16))
        task = SceneTask(id="sound", title="", source="", path=path, sha256="")
        return len(analyse(task, ensemble=ensemble, options=options).windows)


def _pieces(sound: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    longest = round(_LONGEST_S * SAMPLING_RATE)
    for start in range(0, len(sound), longest):
        if len(sound) - start >= SAMPLING_RATE:
            yield sound[start : start + longest]


def _silences(seed: int) -> Iterator[NDArray[np.float32]]:
    """Yield rooms in which nobody speaks: hiss between nothing at all and just audible."""
    rng = np.random.default_rng(seed)
    for _ in range(_SILENCES):
        factor = 10.0 ** (rng.uniform(*_SILENCE_DB) / 20.0)
        yield (factor * rng.standard_normal(10 * SAMPLING_RATE)).astype(np.float32)


def to_markdown(found: Sequence[FalseAlarms]) -> str:
    """Return the figures as a Markdown table."""
    total = FalseAlarms(
        "all", sum(f.seconds for f in found), sum(f.windows for f in found),
        sum(f.speech for f in found), sum(f.judged for f in found),
    )  # fmt: skip
    rows = [
        f"| {f.sort} | {f.seconds:.0f} | {f.windows} | {f.speech} | {f.judged} | {f.rate:.1%} |"
        for f in (*found, total)
    ]
    head = "| sound | seconds | windows | taken for speech | given an emotion | rate |"
    return "\n".join([head, "|---|---|---|---|---|---|", *rows])


def main() -> None:
    """Print what a model makes of the noise and music under the folder named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--part", choices=("train", "test"), default="test")
    parser.add_argument("--weights", type=Path, action="append", default=[])
    arguments = parser.parse_args()
    part: Part = arguments.part
    ensemble = load_files(arguments.weights) if arguments.weights else load_shipped()
    found = count_false_alarms(
        ensemble, load_backgrounds(arguments.data, part), options=ScanOptions()
    )
    print(to_markdown(found))  # noqa: T201


if __name__ == "__main__":
    main()
