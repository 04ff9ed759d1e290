"""Any media file's sound as mono samples of an exact range, in bounded memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Final

import av
import numpy as np
from av import AudioFrame
from numpy.typing import NDArray

from voxemo_scan.audio.container import MediaInfo, probe
from voxemo_scan.audio.cut import RangeCutter
from voxemo_scan.audio.mono import MonoResampler, Piece
from voxemo_scan.audio.packets import AudioTrack, open_track
from voxemo_scan.errors import AudioError, UsageError

__all__ = ["SAMPLING_RATE", "MediaInfo", "decode", "probe"]

SAMPLING_RATE: Final = 16_000
"""Sampling rate of all that the networks hear, Hz."""

_BLOCK_S: Final = 1.0
_DAMAGE_FLOOR: Final = 20


def decode(
    path: Path,
    *,
    start_s: float = 0.0,
    end_s: float | None = None,
    sampling_rate: int = SAMPLING_RATE,
    progress: Callable[[float, float | None], None] | None = None,
) -> Generator[NDArray[np.int16]]:
    """Decode the sound of ``path`` from ``start_s`` to ``end_s`` in blocks of at most a second.

    Times are a player's: 0 is where playing starts, whatever the container's clock says. Sound
    that begins late or has gaps is filled with silence; encoder priming is left out. A range
    that reaches beyond the end gives what is there.

    Args:
        path: any audio or video file; its default audio stream is read.
        start_s: start of the range, seconds.
        end_s: end of the range, seconds; None for all there is.
        sampling_rate: of the blocks, Hz.
        progress: called with the seconds done and the seconds in all (None if unknown).

    Returns:
        int16, [samples], mono; the channels' average.

    Raises:
        UsageError: the range is empty or below zero.
        AudioError: raised while iterating: the file is not media, holds no sound, is too damaged,
            or ends before ``start_s``.
    """
    if not (0.0 <= start_s < (math.inf if end_s is None else end_s)):
        raise UsageError(
            f"there is no range from {start_s} s to {end_s} s",
            remedy="give a start of 0 or more and an end after it",
        )
    return _decode(
        path, start_s=start_s, end_s=end_s, sampling_rate=sampling_rate, progress=progress
    )


def _decode(
    path: Path,
    *,
    start_s: float,
    end_s: float | None,
    sampling_rate: int,
    progress: Callable[[float, float | None], None] | None,
) -> Generator[NDArray[np.int16]]:
    cutter = RangeCutter(
        start=round(start_s * sampling_rate),
        end=None if end_s is None or math.isinf(end_s) else round(end_s * sampling_rate),
        block=round(_BLOCK_S * sampling_rate),
    )
    done = 0
    with open_track(path, start_s=start_s) as track:
        total_s = _total_s(track, end_s=end_s)
        decoder = _Decoder(track, path=path)
        for block in _blocks(decoder.pieces(sampling_rate=sampling_rate), cutter):
            done += block.size
            yield block
            if progress is not None:
                progress(done / sampling_rate, total_s)
        decoder.check(start_s=start_s, found=done > 0)


def _total_s(track: AudioTrack, *, end_s: float | None) -> float | None:
    ends = [end for end in (end_s, track.duration_s) if end is not None]
    return max(0.0, min(ends) - track.start_s) if ends else None


def _blocks(pieces: Iterator[Piece], cutter: RangeCutter) -> Iterator[NDArray[np.int16]]:
    for position, samples in pieces:
        yield from cutter.place(position, samples)
        if cutter.done:
            break
    yield from cutter.finish()


class _Decoder:
    """Decodes a track, passing over damaged packets while most are sound."""

    def __init__(self, track: AudioTrack, *, path: Path) -> None:
        self._track = track
        self._path = path
        self._good = 0
        self._damaged = 0
        self._end_s = 0.0

    def pieces(self, *, sampling_rate: int) -> Iterator[Piece]:
        try:
            for position, samples in self._resampled(sampling_rate=sampling_rate):
                self._end_s = (position + samples.size) / sampling_rate
                yield position, samples
        except (av.FFmpegError, ValueError) as error:
            raise self._too_damaged() from error

    def _resampled(self, *, sampling_rate: int) -> Iterator[Piece]:
        resampler = MonoResampler(sampling_rate=sampling_rate)
        for frame in self._frames():
            time_s = None if frame.time is None else frame.time - self._track.base_s
            yield from resampler.feed(frame, time_s=time_s)
        yield from resampler.finish()

    def check(self, *, start_s: float, found: bool) -> None:
        """Raise AudioError if most was damaged, or if not a single sample was ``found``."""
        end_s = self._end_s or self._track.duration_s
        if self._damaged > self._good or not (found or end_s):
            raise self._too_damaged()
        if not found:
            raise AudioError(
                f"{self._path} has no sound from {start_s:g} s on: it ends at {end_s:.3f} s",
                remedy="choose a start before the end",
            )

    def _frames(self) -> Iterator[AudioFrame]:
        for packet in self._track.packets():
            yield from self._decode(packet)
        yield from self._decode(None)

    def _decode(self, packet: av.Packet[av.AudioStream] | None) -> list[AudioFrame]:
        try:
            frames = self._track.stream.codec_context.decode(packet)
        except av.FFmpegError:
            self._damaged += 1
            if self._damaged > _DAMAGE_FLOOR + self._good:
                raise self._too_damaged() from None
            return []
        self._good += 1
        return frames

    def _too_damaged(self) -> AudioError:
        return AudioError(
            f"{self._path} is too damaged to decode: {self._damaged} of "
            f"{self._damaged + self._good} packets are broken",
            remedy="fetch or copy it again",
        )
