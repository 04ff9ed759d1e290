"""Decoded frames of any format to mono 16-bit samples, each piece with its place in time."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Final

import numpy as np
from av import AudioFifo, AudioFrame, AudioResampler
from numpy.typing import NDArray

Piece = tuple[int, NDArray[np.int16]]
"""Where a piece begins, in samples of the clip's time, and its samples."""

_JITTER_S: Final = 0.01
_FRAMES_TO_AGREE: Final = 24
_AT_ONCE_S: Final = 0.5
"""So much sound is resampled at a time: frames are short, and each call takes its while."""


class MonoResampler:
    """Averages channels and resamples; sound without gaps becomes samples without gaps.

    Samples follow one another by count, so that timestamps rounded by the container leave no
    clicks; where they begin is what the first frames' timestamps agree on (the median), so that
    the rounding of one does not move them all. Where a frame's timestamp disagrees with the count
    by more than 10 ms (lost packets, a gap in the sound) a new run begins at the timestamp.

    Args:
        sampling_rate: of the samples that come out, Hz.
    """

    def __init__(self, *, sampling_rate: int) -> None:
        self._sampling_rate = sampling_rate
        self._run: _Run | None = None

    def feed(self, frame: AudioFrame, *, time_s: float | None) -> Iterator[Piece]:
        """Take a frame that begins at ``time_s`` (None: right after the last) and yield pieces."""
        if self._run is None or not self._run.continues(frame, time_s=time_s):
            if time_s is None:
                time_s = 0.0 if self._run is None else self._run.end_s
            yield from self.finish()
            self._run = _Run(frame, time_s=time_s, sampling_rate=self._sampling_rate)
        yield from self._run.feed(frame, time_s=time_s)

    def finish(self) -> Iterator[Piece]:
        """Yield what is still held."""
        if self._run is not None:
            yield from self._run.finish()


class _Run:
    """Frames of one format that follow one another without a gap."""

    def __init__(self, frame: AudioFrame, *, time_s: float, sampling_rate: int) -> None:
        self._format = _format(frame)
        self._rate = frame.sample_rate
        self._sampling_rate = sampling_rate
        self._resampler = AudioResampler(format="s16", layout="mono", rate=sampling_rate)
        self._origin_s = time_s
        self._origins_s: list[float] = []
        self._frames = 0
        self._taken = 0
        self._position: int | None = None
        self._held = AudioFifo()

    @property
    def end_s(self) -> float:
        """Where the next frame belongs."""
        return self._origin_s + self._taken / self._rate

    def continues(self, frame: AudioFrame, *, time_s: float | None) -> bool:
        in_time = time_s is None or abs(time_s - self.end_s) <= _JITTER_S
        return in_time and _format(frame) == self._format

    def feed(self, frame: AudioFrame, *, time_s: float | None) -> Iterator[Piece]:
        if self._frames < _FRAMES_TO_AGREE and time_s is not None:
            self._origins_s.append(time_s - self._taken / self._rate)
        self._frames += 1
        self._taken += frame.samples
        frame.pts = None  # the count is the clock from here on
        self._held.write(frame)
        if self._frames == _FRAMES_TO_AGREE and self._origins_s:
            self._origin_s = median(self._origins_s)
        if self._frames >= _FRAMES_TO_AGREE and self._held.samples >= _AT_ONCE_S * self._rate:
            yield from self._release()

    def finish(self) -> Iterator[Piece]:
        if self._frames < _FRAMES_TO_AGREE and self._origins_s:
            self._origin_s = median(self._origins_s)
        if self._taken:
            yield from self._release()
            yield from self._resample(None)

    def _release(self) -> Iterator[Piece]:
        if (frame := self._held.read()) is not None:
            yield from self._resample(frame)

    def _resample(self, frame: AudioFrame | None) -> Iterator[Piece]:
        if self._position is None:
            self._position = round(self._origin_s * self._sampling_rate)
        for resampled in self._resampler.resample(frame):
            samples = resampled.to_ndarray().reshape(-1).astype(np.int16, copy=False)
            yield self._position, samples
            self._position += samples.size


def _format(frame: AudioFrame) -> tuple[str, str, int]:
    return frame.format.name, frame.layout.name, frame.sample_rate
