"""Clips for made-up scenes: a voice-like buzz where a scene has speech, and the page's media of it.

``python -m tests.report.sounding FOLDER`` writes the example report with them, to look at.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.report.example import example_report, scanned, with_voices
from tests.support.media import Audio, Video, write_media
from voxemo_scan.report.document import Report, ReportScene
from voxemo_scan.report.media.gather import MediaOptions, gather_media
from voxemo_scan.report.media.model import SceneMedia
from voxemo_scan.scan.result import SceneResult, WindowResult
from voxemo_scan.scan.task import SceneTask

RATE = 16_000


def buzz(result: SceneResult, *, seed: int = 0) -> np.ndarray:
    """Return a gliding harmonic tone that swells in syllables where the scene has speech."""
    time_s = np.arange(round(result.duration_s * RATE)) / RATE
    rng = np.random.default_rng(seed)
    glide = 140 + 50 * np.sin(2 * np.pi * time_s / 3.1) + 20 * np.sin(2 * np.pi * time_s * 1.3)
    phase = 2 * np.pi * np.cumsum(glide) / RATE
    tone = sum(np.sin(n * phase) / n for n in range(1, 20))
    swell = np.abs(np.sin(2 * np.pi * 2.1 * time_s)) * (0.6 + 0.4 * np.sin(time_s / 2.7))
    speech = np.zeros_like(time_s)
    for start, end in result.segments:
        speech[round(start * RATE) : round(end * RATE)] = 1.0
    return 0.2 * tone * swell * speech + 0.004 * rng.standard_normal(time_s.size)


def clip(result: SceneResult, folder: Path, *, film: bool = False) -> SceneTask:
    """Write a scene's clip, beginning where the scene's range does, and return its task."""
    signal = np.concatenate([np.zeros(round(result.range_start_s * RATE)), buzz(result)])
    path = folder / f"{len(list(folder.iterdir()))}{'.mp4' if film else '.wav'}"
    length_s = signal.size / RATE
    video = Video(tuple(np.arange(0, length_s, 0.2))) if film else None
    write_media(path, audio=Audio(signal, RATE), video=video)
    return SceneTask(
        id=result.id,
        title=result.title,
        source=result.source,
        path=path,
        sha256="",
        start_s=result.range_start_s,
        end_s=result.range_end_s,
    )


def media_of(
    report: Report, folder: Path, *, film: str = "", options: MediaOptions | None = None
) -> dict[str, SceneMedia]:
    """Return the media of a report's scenes, from clips made for them; ``film`` has a picture."""
    folder.mkdir(exist_ok=True)
    heard = [s.result for s in report.scenes if s.result.status != "failed"]
    tasks = [clip(result, folder, film=result.id == film) for result in heard]
    return gather_media(report, tasks, options or MediaOptions())


def turning_scene() -> SceneResult:
    """Return a scene that is sad for 40 s and then angry, with speech that nobody could judge."""
    sad = scanned("turn", "The turn", leaning={"sad": 0.9}, duration_s=40, seed=5)
    angry = scanned("turn", "The turn", leaning={"angry": 0.9}, duration_s=40, seed=6)
    later = tuple(
        WindowResult(w.start_s + 40, w.end_s + 40, w.probabilities, 1 - w.female)
        for w in angry.windows
    )
    first = [w for w in sad.windows if not 14 < w.start_s < 22]
    segments = tuple((a + 40, b + 40) for a, b in angry.segments)
    return replace(
        sad,
        duration_s=80.0,
        range_end_s=sad.range_start_s + 80.0,
        windows=(*first, *later),
        segments=(*sad.segments, *segments),
        abstained_s=6.0,
    )


def sounding_report() -> Report:
    """Return the example report with one more scene: two voices, and a turning point."""
    turn = with_voices(turning_scene(), film="A Few Good Men", voices="AB")
    report = example_report()
    return replace(report, scenes=(ReportScene(turn), *report.scenes))


if __name__ == "__main__":
    from voxemo_scan.report.write import write_report

    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    shown = sounding_report()
    write_report(shown, target, media=media_of(shown, target / "clips", film="a-few-good-men"))
