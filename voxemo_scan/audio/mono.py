"""Decoded frames of any format to mono 16-bit samples, each piece with its place in time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from av import AudioFrame, AudioResampler
from numpy.typing import NDArray

Piece = tuple[int, NDArray[np.int16]]
"""Where a piece begins, in samples of the clip's time, and its samples."""

_JITTER_S: Final = 0.01


class MonoResampler:
    """Averages channels and resamples; sound without gaps becomes samples without gaps.

    Samples follow one another by count, so that timestamps rounded by the container leave no
    clicks. Where a frame's timestamp disagrees with the count by more than 10 ms (lost packets, a
    gap in the sound) a new run begins at the timestamp.

    Args:
        sampling_rate: of the samples that come out, Hz.
    """

    def __init__(self, *, sampling_rate: int) -> None:
        self._sampling_rate = sampling_rate
        self._resampler: AudioResampler | None = None
        self._format: tuple[str, str, int] | None = None
        self._origin_s = 0.0
        self._taken = 0
        self._position = 0

    def feed(self, frame: AudioFrame, *, time_s: float | None) -> Iterator[Piece]:
        """Take a frame that begins at ``time_s`` (None: right after the last) and yield pieces."""
        frame_format = (frame.format.name, frame.layout.name, frame.sample_rate)
        expected_s = self._expected_s()
        if time_s is None:
            time_s = expected_s
        if frame_format != self._format or abs(time_s - expected_s) > _JITTER_S:
            yield from self.finish()
            self._begin(time_s, frame_format)
        self._taken += frame.samples
        frame.pts = None  # the count is the clock from here on
        yield from self._resample(frame)

    def finish(self) -> Iterator[Piece]:
        """Yield what the resampler still holds."""
        if self._resampler is not None and self._taken:
            yield from self._resample(None)
        self._resampler = None

    def _begin(self, time_s: float, frame_format: tuple[str, str, int]) -> None:
        self._resampler = AudioResampler(format="s16", layout="mono", rate=self._sampling_rate)
        self._format = frame_format
        self._origin_s = time_s
        self._taken = 0
        self._position = round(time_s * self._sampling_rate)

    def _expected_s(self) -> float:
        return self._origin_s + (self._taken / self._format[2] if self._format else 0.0)

    def _resample(self, frame: AudioFrame | None) -> Iterator[Piece]:
        assert self._resampler is not None
        for resampled in self._resampler.resample(frame):
            samples = resampled.to_ndarray().reshape(-1).astype(np.int16, copy=False)
            yield self._position, samples
            self._position += samples.size
