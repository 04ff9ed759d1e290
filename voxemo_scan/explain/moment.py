"""From a recording and a time to an explanation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from voxemo_scan.audio.decode import decode
from voxemo_scan.audio.level import gain, level_db
from voxemo_scan.audio.recording import Recording, samples
from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.explain.grid import FRAME_S, Grid, make_grid
from voxemo_scan.explain.hearing import Hearing, verdict
from voxemo_scan.explain.marked import Box, best_box
from voxemo_scan.explain.result import Explained, Explanation, Part
from voxemo_scan.explain.stretch import Stretch, stretch_at
from voxemo_scan.explain.weigh import by_occlusion, to_one
from voxemo_scan.explain.words import sentence
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.speech.detector import SpeechDetector
from voxemo_scan.speech.segments import Segment, find_segments

if TYPE_CHECKING:
    from voxemo_scan.models.ensemble import Ensemble


def explain_file(
    path: Path,
    *,
    at_s: float,
    ensemble: Ensemble,
    start_s: float = 0.0,
    end_s: float | None = None,
    options: ScanOptions | None = None,
) -> Explained:
    """Return what drove the verdict of the window at a time of a recording.

    Args:
        path: the recording.
        at_s: the time, seconds from ``start_s`` on.
        ensemble: who listens.
        start_s: where the part of it begins that is listened to, seconds.
        end_s: where that ends; None for all.
        options: as it was scanned.

    Raises:
        AudioError: it cannot be decoded or holds no audio.
        UsageError: nobody speaks there, or the ensemble has no encoder.
    """
    options = options or ScanOptions()
    detector = SpeechDetector()
    with Recording() as recording:
        for block in decode(path, start_s=start_s, end_s=end_s):
            recording.append(block)
            detector.feed(block)
        segments = find_segments(
            detector.finish(), duration_s=recording.duration_s, options=options.speech
        )
        return explain_recording(recording, segments, at_s=at_s, ensemble=ensemble, options=options)


def explain_recording(
    recording: Recording,
    segments: Sequence[Segment],
    *,
    at_s: float,
    ensemble: Ensemble,
    options: ScanOptions,
    emotion: Emotion | None = None,
    probability: float | None = None,
) -> Explained:
    """Return what drove the verdict of the window at a time of a recording.

    Args:
        recording: all of it.
        segments: where there is speech in it.
        at_s: the time, seconds.
        ensemble: who listens.
        options: as it was scanned.
        emotion: the verdict to explain; what is heard there most if None.
        probability: what a report gives this verdict; what is heard if None.

    Raises:
        UsageError: nobody speaks there, or the ensemble has no encoder.
    """
    stretch = stretch_at(
        at_s,
        recording,
        segments,
        window_s=ensemble.window_s,
        overlap=options.window_overlap,
        gain=speech_gain(recording, segments, ensemble=ensemble),
    )
    return explain_stretch(stretch, ensemble, emotion=emotion, probability=probability)


def explain_stretch(
    stretch: Stretch,
    ensemble: Ensemble,
    *,
    emotion: Emotion | None = None,
    probability: float | None = None,
) -> Explained:
    """Return what drove the verdict of a stretch's window; see ``explain_recording``."""
    hearing = Hearing(ensemble, stretch)
    heard = verdict(ensemble, stretch)
    number = int(heard.argmax()) if emotion is None else EMOTIONS.index(emotion)
    sure = float(heard[number]) if probability is None else probability
    grid = make_grid(*hearing.heard_frames)
    weights = to_one(by_occlusion(hearing, grid, emotion=number))
    times_s = tuple(round(stretch.start_s + FRAME_S * frame, 3) for frame in grid.frames)
    marked = part(best_box(weights), times_s=times_s, bands_hz=grid.edges_hz())
    return Explained(
        Explanation(
            start_s=round(stretch.window.start_s, 3),
            end_s=round(stretch.window.end_s, 3),
            emotion=EMOTIONS[number],
            probability=round(sure, 4),
            times_s=times_s,
            bands_hz=grid.edges_hz(),
            weights=tuple(tuple(round(float(w), 3) for w in row) for row in weights),
            marked=marked,
            says=sentence(marked, emotion=EMOTIONS[number], probability=sure),
        ),
        _levels(hearing, grid),
    )


def part(box: Box, *, times_s: Sequence[float], bands_hz: Sequence[float]) -> Part:
    """Return where a rectangle of cells lies."""
    return Part(
        times_s[box.first_time],
        times_s[box.last_time],
        bands_hz[box.first_band],
        bands_hz[box.last_band],
    )


def speech_gain(
    recording: Recording, segments: Sequence[Segment], *, ensemble: Ensemble
) -> np.float32:
    """Return what brings a recording's speech to the level that the ensemble knows."""
    if ensemble.speech_level_db is None:
        return np.float32(1.0)
    speech = (samples(recording.cut(s.start_s, s.end_s)) for s in segments)
    return gain(from_db=level_db(speech), to_db=ensemble.speech_level_db)


def _levels(hearing: Hearing, grid: Grid) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """Return the picture that is explained as levels, 255 the loudest."""
    shown = hearing.picture[:, grid.frames[0] : grid.frames[-1]].double().numpy()
    low, high = float(shown.min(initial=0.0)), float(shown.max(initial=0.0))
    levels = (shown - low) / max(high - low, 1e-9)
    return np.asarray(np.round(255 * levels), dtype=np.uint8)
