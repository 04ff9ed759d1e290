"""From probabilities of speech to the stretches in which somebody speaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.errors import UsageError
from voxemo_scan.speech.detector import FRAME_S

_TINY_S = 1e-9


@dataclass(frozen=True, slots=True)
class SpeechOptions:
    """How segments are made of probabilities.

    A segment begins where the probability reaches ``onset_threshold`` and ends where it falls
    below ``offset_threshold``; it is widened by ``padding_s`` on either side, joined with a
    neighbour closer than ``merge_gap_s`` and dropped if shorter than ``min_segment_s``.

    Raises:
        UsageError: a value makes no sense.
    """

    onset_threshold: float = 0.5
    offset_threshold: float = 0.35
    padding_s: float = 0.1
    merge_gap_s: float = 0.3
    min_segment_s: float = 0.4

    def __post_init__(self) -> None:
        if not 0.0 < self.offset_threshold <= self.onset_threshold <= 1.0:
            raise UsageError("speech needs 0 < offset_threshold <= onset_threshold <= 1")
        lengths_s = (self.padding_s, self.merge_gap_s, self.min_segment_s)
        if not all(length_s >= 0.0 for length_s in lengths_s):
            raise UsageError("padding_s, merge_gap_s and min_segment_s must be 0 or more")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech, in seconds of the clip's time."""

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s


def find_segments(
    probabilities: NDArray[np.float32],
    *,
    duration_s: float,
    options: SpeechOptions | None = None,
) -> tuple[Segment, ...]:
    """Return the segments of speech, in order.

    Args:
        probabilities: of speech, [frames], one for each 32 ms from the clip's 0 on.
        duration_s: the clip's length; no segment reaches beyond it.
        options: thresholds and lengths.
    """
    options = options or SpeechOptions()
    padded = (
        Segment(
            max(0.0, first * FRAME_S - options.padding_s),
            min(duration_s, last * FRAME_S + options.padding_s),
        )
        for first, last in _runs(probabilities, options)
    )
    merged = merge_segments(padded, gap_s=options.merge_gap_s)
    return tuple(s for s in merged if s.duration_s >= options.min_segment_s - _TINY_S)


def merge_segments(segments: Iterable[Segment], *, gap_s: float) -> tuple[Segment, ...]:
    """Join those of ``segments`` (in order of start) that lie closer than ``gap_s``."""
    merged: list[Segment] = []
    for segment in segments:
        if merged and segment.start_s - merged[-1].end_s < gap_s - _TINY_S:
            last = merged.pop()
            merged.append(Segment(last.start_s, max(last.end_s, segment.end_s)))
        else:
            merged.append(segment)
    return tuple(merged)


def _runs(probabilities: NDArray[np.float32], options: SpeechOptions) -> Iterator[tuple[int, int]]:
    """Yield first and one-past-last frame of each run: hysteresis between the two thresholds."""
    above = np.concatenate(([False], probabilities >= options.offset_threshold, [False]))
    onsets = probabilities >= options.onset_threshold
    edges = np.flatnonzero(np.diff(above))
    for first, last in pairwise(edges.tolist()):
        if above[first + 1] and (found := onsets[first:last]).any():
            yield first + int(found.argmax()), last
