"""Windows: the pieces of a segment that a network hears, and the speech each stands for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.errors import UsageError
from voxemo_scan.speech.segments import Segment

_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """How windows tile a segment.

    ``window_s`` is a window's length, ``hop_s`` the most that one begins after the last;
    a segment shorter than ``min_window_s`` has none.

    Raises:
        UsageError: a value makes no sense, or windows would leave gaps.
    """

    window_s: float = 2.24
    hop_s: float = 1.12
    min_window_s: float = 0.4

    def __post_init__(self) -> None:
        if not 0.0 < self.hop_s <= self.window_s:
            raise UsageError("windows need 0 < hop_s <= window_s")
        if not 0.0 <= self.min_window_s <= self.window_s:
            raise UsageError("windows need 0 <= min_window_s <= window_s")


@dataclass(frozen=True, slots=True)
class Window:
    """What a network hears at once, in seconds of the clip's time."""

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s


def tile_segment(segment: Segment, options: WindowOptions | None = None) -> tuple[Window, ...]:
    """Return the windows that cover ``segment`` whole and never leave it.

    A segment that one window can hold is one window. In a longer one all windows are
    ``window_s`` long and evenly spaced; the first begins and the last ends with the segment.
    """
    options = options or WindowOptions()
    if segment.duration_s < options.min_window_s - _TINY:
        return ()
    spare_s = segment.duration_s - options.window_s
    if spare_s <= _TINY:
        return (Window(segment.start_s, segment.end_s),)
    hops = math.ceil(spare_s / options.hop_s - _TINY)
    starts = [segment.start_s + spare_s * index / hops for index in range(hops)]
    return (
        *(Window(start_s, start_s + options.window_s) for start_s in starts),
        Window(segment.end_s - options.window_s, segment.end_s),
    )


def speech_weights(windows: Sequence[Window]) -> NDArray[np.float64]:
    """Return the seconds of speech that each window stands for: float64, [windows].

    Time that several windows cover is divided equally among them, so that the sum is the time
    covered by any.
    """
    starts = np.array([window.start_s for window in windows], dtype=np.float64)
    ends = np.array([window.end_s for window in windows], dtype=np.float64)
    edges = np.unique(np.concatenate((starts, ends)))
    first, last = np.searchsorted(edges, starts), np.searchsorted(edges, ends)
    steps = np.bincount(first, minlength=edges.size) - np.bincount(last, minlength=edges.size)
    covering = np.cumsum(steps)[:-1]
    shares = np.diff(edges) / np.maximum(covering, 1)
    until = np.concatenate(([0.0], np.cumsum(np.where(covering > 0, shares, 0.0))))
    return np.asarray(until[last] - until[first]) if windows else np.zeros(0)
