"""Measures a recording: how loud, how high, which spectrum, where there is speech."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from voxemo_scan.audio.container import MediaInfo, probe
from voxemo_scan.audio.decode import decode
from voxemo_scan.audio.recording import Recording
from voxemo_scan.explore.columns import Columns, columns_of
from voxemo_scan.explore.pitch import Pitch, pitch_of
from voxemo_scan.speech.detector import SpeechDetector
from voxemo_scan.speech.segments import SpeechOptions, find_segments

MOST_COLUMNS: Final = 1000
"""More than this a picture cannot show."""

Stage = Callable[[str, float, float | None], None]
"""Told a stage's name, and how much of how much of it is done."""


@dataclass(frozen=True)
class Sound:
    """A recording, or the part of it from ``start_s`` on, as numbers; times are the part's own.

    ``media`` is what the file says of itself; the rest was measured at 16 kHz, mono.
    ``segments`` are the stretches of speech, (start, end) in seconds.
    """

    path: Path
    media: MediaInfo
    start_s: float
    duration_s: float
    segments: tuple[tuple[float, float], ...]
    columns: Columns
    pitch: Pitch

    @property
    def speech_s(self) -> float:
        """Seconds of speech."""
        return sum(end - start for start, end in self.segments)


def measure(
    path: Path,
    *,
    start_s: float = 0.0,
    end_s: float | None = None,
    progress: Stage = lambda _name, _done, _total: None,
) -> Sound:
    """Return what there is to see of a recording; memory does not grow with its length.

    Raises:
        AudioError: it cannot be decoded or holds no audio.
        UsageError: the range is empty.
    """
    media = probe(path)
    detector = SpeechDetector()
    with Recording() as recording:
        told = lambda done, total: progress("finding speech", done, total)  # noqa: E731
        for block in decode(path, start_s=start_s, end_s=end_s, progress=told):
            recording.append(block)
            detector.feed(block)
        duration_s = recording.duration_s
        found = find_segments(detector.finish(), duration_s=duration_s, options=SpeechOptions())
        segments = tuple((each.start_s, each.end_s) for each in found)
        columns = columns_of(
            recording, most=MOST_COLUMNS, progress=lambda d, t: progress("spectra", d, t)
        )
        pitch = pitch_of(recording, speech=segments, progress=lambda d, t: progress("F0", d, t))
    return Sound(path, media, start_s, duration_s, segments, columns, pitch)
