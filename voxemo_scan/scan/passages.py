"""Segments as passages: each with some of what surrounds it, long ones in several pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from voxemo_scan.audio.decode import SAMPLING_RATE
from voxemo_scan.audio.recording import Recording, samples
from voxemo_scan.speech.segments import Segment
from voxemo_scan.speech.windows import Window

if TYPE_CHECKING:
    from voxemo_scan.models.passage import Passage

CONTEXT_S: Final = 0.3
"""Sound on either side of a passage that a network hears with it, at most."""
PASSAGE_S: Final = 12.0
"""Windows of a longer segment are heard in several passages."""

Tile = tuple[int, Window]
"""A window and the number of the segment that it is of."""


@dataclass(frozen=True, slots=True)
class PlannedPassage:
    """Windows that are heard together, and the stretch of the clip around them, seconds."""

    windows: tuple[Window, ...]
    start_s: float
    end_s: float
    starts_speech: bool
    ends_speech: bool


def plan_passages(
    tiles: Sequence[Tile], segments: Sequence[Segment], *, duration_s: float
) -> list[PlannedPassage]:
    """Return the passages that hold ``tiles``, in order; none reaches into another segment.

    Between two segments each passage reaches to the middle of the gap at most.
    """
    plan = []
    for number, group in groupby(tiles, key=lambda tile: tile[0]):
        pieces = _pieces([window for _, window in group])
        left_s, right_s = _reach(number, segments, duration_s=duration_s)
        for n, piece in enumerate(pieces):
            first, last = n == 0, n == len(pieces) - 1
            plan.append(
                PlannedPassage(
                    windows=tuple(piece),
                    start_s=max(piece[0].start_s - CONTEXT_S, left_s),
                    end_s=min(piece[-1].end_s + CONTEXT_S, right_s),
                    starts_speech=first,
                    ends_speech=last,
                )
            )
    return plan


def cut_passage(planned: PlannedPassage, recording: Recording, *, gain: np.float32) -> Passage:
    """Return the passage's sound, ``gain`` times as loud, and its windows in samples."""
    from voxemo_scan.models.passage import Passage  # noqa: PLC0415  (loads torch)

    signal = gain * samples(recording.cut(planned.start_s, planned.end_s))
    windows = tuple(
        (
            round((window.start_s - planned.start_s) * SAMPLING_RATE),
            min(len(signal), round((window.end_s - planned.start_s) * SAMPLING_RATE)),
        )
        for window in planned.windows
    )
    return Passage(signal, windows, planned.starts_speech, planned.ends_speech)


def _pieces(windows: Sequence[Window]) -> list[list[Window]]:
    """Return the windows in runs that each cover ``PASSAGE_S`` at most."""
    pieces = [[windows[0]]]
    for _, window in pairwise(windows):
        if window.end_s - pieces[-1][0].start_s > PASSAGE_S:
            pieces.append([])
        pieces[-1].append(window)
    return pieces


def _reach(number: int, segments: Sequence[Segment], *, duration_s: float) -> tuple[float, float]:
    """Return how far a segment's context may reach to either side, seconds of the clip."""
    segment = segments[number]
    left_s, right_s = 0.0, duration_s
    if number > 0:
        left_s = (segments[number - 1].end_s + segment.start_s) / 2
    if number + 1 < len(segments):
        right_s = (segment.end_s + segments[number + 1].start_s) / 2
    return left_s, right_s
