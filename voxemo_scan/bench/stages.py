"""What the stages of a scan take, in one process."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from voxemo_scan.audio.decode import decode
from voxemo_scan.digest import file_sha256
from voxemo_scan.models.ensemble import Ensemble
from voxemo_scan.scan.analyse import analyse
from voxemo_scan.scan.cores import keep_to
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.task import SceneTask
from voxemo_scan.speech.detector import SpeechDetector


@dataclass(frozen=True, slots=True)
class Stages:
    """Seconds that stages took on a recording of ``duration_s``, of which ``speech_s`` is speech.

    ``windows`` are all that were listened to, also those set aside as no clear speech.
    ``floor_s`` is decoding with finding speech, ``analyse_s`` the whole analysis, both included.
    """

    duration_s: float
    speech_s: float
    windows: int
    decode_s: float
    floor_s: float
    analyse_s: float


def least(measured: Sequence[Stages]) -> Stages:
    """Return the least seconds that each stage took of the same recording."""
    return replace(
        measured[0],
        decode_s=min(each.decode_s for each in measured),
        floor_s=min(each.floor_s for each in measured),
        analyse_s=min(each.analyse_s for each in measured),
    )


def measure_stages(path: Path, ensemble: Ensemble, *, threads: int) -> Stages:
    """Return what the stages take on the recording at ``path``."""
    keep_to(threads)
    started = time.perf_counter()
    for _ in decode(path):
        pass
    decoded = time.perf_counter()
    detector = SpeechDetector()
    for block in decode(path):
        detector.feed(block)
    detector.finish()
    found = time.perf_counter()
    task = SceneTask(
        id="bench", title="bench", source=path.name, path=path, sha256=file_sha256(path)
    )
    windows = 0

    def note(stage: str, _done: float, total: float | None) -> None:
        nonlocal windows
        if stage == "listening":
            windows = round(total or 0)

    result = analyse(task, ensemble=ensemble, options=ScanOptions(), progress=note)
    analysed = time.perf_counter()
    return Stages(
        duration_s=result.duration_s,
        speech_s=sum(end_s - start_s for start_s, end_s in result.segments),
        windows=windows,
        decode_s=decoded - started,
        floor_s=found - decoded,
        analyse_s=analysed - found,
    )
