"""Measures in a few minutes what ``docs/scaling.md`` reckons with, and writes it as JSON.

python -m voxemo_scan.bench.measure [--minutes 10] [-o docs/rates.json]

The sound is the demo's clips, over and over, for as long as asked. Times are processor time of one
thread, which what else the machine does stretches far less than the time on the clock.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
import tracemalloc
import wave
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan import __version__
from voxemo_scan.bench.machine import describe_machine
from voxemo_scan.bench.rates import FILE, Rates, write_rates
from voxemo_scan.digest import file_sha256
from voxemo_scan.scan.result import SceneResult
from voxemo_scan.scan.task import SceneTask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voxemo_scan.models.ensemble import Ensemble
    from voxemo_scan.report.document import Report

_RATE: Final = 16_000
_CLIP_KBIT_PER_S: Final = 128.0
"""What sites send as a film's sound, about; the demo's own clips are speech alone, and smaller."""
_HASHED_BYTES: Final = 200_000_000
_DECODED_S: Final = 600.0


def clock() -> float:
    """Return this process's processor time in seconds."""
    return time.process_time()


def decoding(clips: Sequence[Path], *, seconds: float) -> tuple[float, list[NDArray[np.int16]]]:
    """Decode the clips over and over; return the rate, and the sound of each once."""
    from voxemo_scan.audio.decode import decode  # noqa: PLC0415  (loads FFmpeg)

    sounds: list[NDArray[np.int16]] = []
    begun, done_s = clock(), 0.0
    while done_s < seconds:
        for clip in clips:
            sound = np.concatenate(list(decode(clip)))
            done_s += sound.size / _RATE
            sounds = [*sounds, sound] if len(sounds) < len(clips) else sounds
    return done_s / (clock() - begun), sounds


def write_long(sounds: Sequence[NDArray[np.int16]], path: Path, *, seconds: float) -> Path:
    """Write a WAV of the sounds, over and over."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        while file.tell() < seconds * _RATE:
            for sound in sounds:
                file.writeframes(sound.tobytes())
    return path


def finding_speech(sounds: Sequence[NDArray[np.int16]], *, seconds: float) -> float:
    """Return the rate of voice activity detection."""
    from voxemo_scan.speech.detector import SpeechDetector  # noqa: PLC0415

    begun, done_s = clock(), 0.0
    while done_s < seconds:
        for sound in sounds:
            detector = SpeechDetector()
            detector.feed(sound)
            detector.finish()
            done_s += sound.size / _RATE
    return done_s / (clock() - begun)


def analysing(path: Path, ensemble: Ensemble) -> tuple[SceneResult, dict[str, float]]:
    """Analyse a clip; return the result, and core time in all, of reading and of judging."""
    from voxemo_scan.scan import analyse as steps  # noqa: PLC0415
    from voxemo_scan.scan.options import ScanOptions  # noqa: PLC0415

    spent = {"judge": 0.0, "read": 0.0}
    task = SceneTask("bench", "Bench", str(path), path, file_sha256(path))
    with _timed(ensemble, "judge", spent, "judge"), _timed(steps, "_read", spent, "read"):
        begun = clock()
        found = steps.analyse(task, ensemble=ensemble, options=ScanOptions())
        spent["all"] = clock() - begun
    return found, spent


@contextmanager
def _timed(owner: Any, name: str, spent: dict[str, float], key: str) -> Iterator[None]:
    """Add up the core time that ``owner.name`` takes."""
    inner = getattr(owner, name)

    def timed(*args: Any, **kwargs: Any) -> Any:
        begun = clock()
        try:
            return inner(*args, **kwargs)
        finally:
            spent[key] += clock() - begun

    setattr(owner, name, timed)
    try:
        yield
    finally:
        setattr(owner, name, inner)


def hashing(folder: Path) -> float:
    """Return how many MB a second are fingerprinted."""
    path = folder / "bytes"
    path.write_bytes(os.urandom(_HASHED_BYTES))
    begun = clock()
    file_sha256(path)
    return _HASHED_BYTES / 1e6 / (clock() - begun)


def merging(found: SceneResult, folder: Path, *, times: int = 20) -> tuple[float, float]:
    """Return kilobytes of a result, and seconds to take it from a remote store into the own."""
    from voxemo_scan.scan.cluster.remote_store import RemoteStore  # noqa: PLC0415
    from voxemo_scan.scan.result_text import to_text  # noqa: PLC0415
    from voxemo_scan.scan.store import ResultStore  # noqa: PLC0415

    text, remote = to_text(found), RemoteStore(str(folder / "remote"))
    remote.put_result("key", text)
    with ResultStore(folder / "results.sqlite") as store:
        begun = clock()
        for n in range(times):
            came = remote.result("key")
            assert came is not None, "it was just written"
            store.keep(f"{n}", came)
        return len(text.encode()) / 1e3, (clock() - begun) / times


def reporting(found: SceneResult, folder: Path, *, scenes: int) -> dict[str, float]:
    """Return what a report of so many scenes takes: seconds, and MB in memory and on disk."""
    from voxemo_scan.report.write import write_report  # noqa: PLC0415
    from voxemo_scan.scan.result_text import from_text, to_text  # noqa: PLC0415

    text = to_text(found)
    tracemalloc.start()
    results = [from_text(text) for _ in range(scenes)]
    held = tracemalloc.get_traced_memory()[0] / 1e6
    report = _report([replace(r, id=f"s-{n}") for n, r in enumerate(results) if r])
    tracemalloc.reset_peak()
    write_report(report, folder / "traced")
    peak = tracemalloc.get_traced_memory()[1] / 1e6 - held
    tracemalloc.stop()
    begun = clock()
    paths = write_report(report, folder / "report")
    seconds = clock() - begun
    size = sum(path.stat().st_size for path in paths.values()) / 1e6
    return {"seconds": seconds, "held_mb": held, "peak_mb": peak, "size_mb": size}


def _report(results: Sequence[SceneResult]) -> Report:
    from voxemo_scan.models.index import read_index  # noqa: PLC0415
    from voxemo_scan.report.document import Report, ReportScene  # noqa: PLC0415

    return Report(
        "Bench", "bench.yaml", "2026-01-01T00:00:00Z", __version__, read_index().info(None),
        scenes=tuple(ReportScene(result) for result in results),
    )  # fmt: skip


def measure(clips: Sequence[Path], folder: Path, *, minutes: float) -> Rates:
    """Return the rates of this machine, by the clips' sound repeated for so many minutes."""
    begun = clock()
    from voxemo_scan.scan.cores import keep_to  # noqa: PLC0415
    from voxemo_scan.workflow import load_ensemble  # noqa: PLC0415

    ensemble = load_ensemble(device="cpu")
    cold_start_s = clock() - begun
    keep_to(1)
    decode_x, sounds = decoding(clips, seconds=_DECODED_S)
    long = write_long(sounds, folder / "long.wav", seconds=60 * minutes)
    analysing(write_long(sounds, folder / "short.wav", seconds=30), ensemble)  # warms up
    found, spent = analysing(long, ensemble)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    hours = found.duration_s / 3600
    speech_s = found.speech_s + found.abstained_s
    result_kb, merge_s = merging(found, folder)
    scenes = max(1, round(1 / hours))
    written = reporting(found, folder, scenes=scenes)
    rest_s = max(1e-3, spent["all"] - spent["judge"] - spent["read"])
    return Rates(
        decode_x=decode_x,
        speech_x=finding_speech(sounds, seconds=_DECODED_S),
        judge_x=speech_s / spent["judge"],
        rest_x=found.duration_s / rest_s,
        cold_start_s=cold_start_s,
        peak_mb_per_worker=peak_mb,
        clip_mb_per_hour=_CLIP_KBIT_PER_S * 3600 / 8 / 1e3,
        hash_mb_per_s=hashing(folder),
        result_kb_per_hour=result_kb / hours,
        merge_s_per_hour=merge_s / hours,
        driver_mb_per_hour=written["held_mb"] / (scenes * hours),
        report_s_per_hour=written["seconds"] / (scenes * hours),
        report_peak_mb_per_hour=written["peak_mb"] / (scenes * hours),
        report_mb_per_hour=written["size_mb"] / (scenes * hours),
    )


def _rounded(rates: Rates) -> Rates:
    def rounded(value: float) -> float:
        return float(f"{value:.3g}")

    return replace(rates, **{name: rounded(getattr(rates, name)) for name in Rates.__slots__})


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0, help="of sound to analyse")
    parser.add_argument("--clips", type=Path, default=Path("scenes/demo"), help="folder of *.opus")
    parser.add_argument("--note", default="", help="what to say of the circumstances")
    parser.add_argument("-o", "--out", type=Path, default=FILE)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        clips = sorted(asked.clips.glob("*.opus"))
        rates = _rounded(measure(clips, Path(folder), minutes=asked.minutes))
    machine = describe_machine()
    measured = {
        "command": "python -m voxemo_scan.bench.measure",
        "commit": machine["commit"],
        "machine": f"{machine['processor']}, {machine['cores']} cores; one thread was used",
        "load": [round(each, 1) for each in os.getloadavg()],
        "note": asked.note,
    }
    write_rates(rates, measured, path=asked.out)
    sys.stdout.write(asked.out.read_text("utf-8"))


if __name__ == "__main__":
    main()
