"""The sound behind one window's verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.audio.decode import SAMPLING_RATE
from voxemo_scan.errors import UsageError
from voxemo_scan.scan.passages import CONTEXT_S, PlannedPassage, Tile, cut_passage, plan_passages
from voxemo_scan.speech.segments import Segment
from voxemo_scan.speech.windows import Window, WindowOptions, tile_segment
from voxemo_scan.text import clock

if TYPE_CHECKING:
    from voxemo_scan.audio.recording import Recording
    from voxemo_scan.models.passage import Passage

_AWAY_S = 0.5


@dataclass(frozen=True)
class Stretch:
    """A window with the sound around it that it is heard with.

    ``passage`` holds this window alone; ``start_s`` is where its signal begins in the clip.
    """

    window: Window
    passage: Passage
    start_s: float

    @property
    def signal(self) -> NDArray[np.float32]:
        """Return the sound: float32, [samples], 16 kHz."""
        return self.passage.signal

    @property
    def heard(self) -> tuple[int, int]:
        """Return the first sample that the verdict is pooled from, and the one after the last."""
        (span,) = self.passage.stretches()
        return span


def stretch_at(
    at_s: float,
    recording: Recording,
    segments: Sequence[Segment],
    *,
    window_s: float,
    overlap: float,
    gain: np.float32,
) -> Stretch:
    """Return the window of a scan whose middle is nearest to ``at_s``, with what is around it.

    Raises:
        UsageError: nobody speaks there.
    """
    hop_s = window_s * (1.0 - overlap)
    options = WindowOptions(window_s=window_s, hop_s=hop_s, min_window_s=0.0)
    tiles = [
        (n, window) for n, each in enumerate(segments) for window in tile_segment(each, options)
    ]
    number, window = _nearest(tiles, at_s)
    plan = plan_passages(tiles, segments, duration_s=recording.duration_s)
    planned = next(p for p in plan if window in p.windows)
    alone = _alone(planned, window, segment=segments[number])
    return Stretch(window, cut_passage(alone, recording, gain=gain), alone.start_s)


def _alone(planned: PlannedPassage, window: Window, *, segment: Segment) -> PlannedPassage:
    """Return the window's own part of a passage: as much around it as a passage has."""
    return PlannedPassage(
        windows=(window,),
        start_s=max(planned.start_s, window.start_s - CONTEXT_S),
        end_s=min(planned.end_s, window.end_s + CONTEXT_S),
        starts_speech=window.start_s <= segment.start_s + 0.5 / SAMPLING_RATE,
        ends_speech=window.end_s >= segment.end_s - 0.5 / SAMPLING_RATE,
    )


def _nearest(tiles: Sequence[Tile], at_s: float) -> Tile:
    if not tiles:
        raise UsageError("nobody speaks in this recording", remedy="choose one with speech")

    def away(tile: Tile) -> tuple[float, float]:
        window = tile[1]
        outside = max(window.start_s - at_s, at_s - window.end_s, 0.0)
        return outside, abs((window.start_s + window.end_s) / 2 - at_s)

    best = min(tiles, key=away)
    if away(best)[0] > _AWAY_S:
        start, end = clock(best[1].start_s), clock(best[1].end_s)
        raise UsageError(
            f"nobody speaks at {clock(at_s)} ({at_s:g} s)",
            remedy=f"the nearest speech is from {start} to {end} ({best[1].start_s:.1f} s on)",
        )
    return best
