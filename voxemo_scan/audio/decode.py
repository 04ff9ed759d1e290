"""Any media file's sound as mono samples of an exact range, in bounded memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
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

__all__ = ["SAMPLING_RATE", "Beside", "MediaInfo", "decode", "probe"]

SAMPLING_RATE: Final = 16_000
"""Sampling rate of all that the networks hear, Hz."""

_BLOCK_S: Final = 1.0
_DAMAGE_FLOOR: Final = 20


@dataclass(frozen=True, slots=True)
class Beside:
    """Takes the range that is decoded for another, at a sampling rate of its own, Hz.

    ``take`` is given its blocks, int16, [samples], mono, in the thread that decodes: the same that
    decoding the range by itself would give.
    """

    sampling_rate: int
    take: Callable[[NDArray[np.int16]], None]


def decode(
    path: Path,
    *,
    start_s: float = 0.0,
    end_s: float | None = None,
    sampling_rate: int = SAMPLING_RATE,
    progress: Callable[[float, float | None], None] | None = None,
    beside: Beside | None = None,
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
        beside: who else takes the range.

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
        path, start_s=start_s, end_s=end_s, sampling_rate=sampling_rate, progress=progress,
        beside=beside,
    )  # fmt: skip


def _decode(
    path: Path,
    *,
    start_s: float,
    end_s: float | None,
    sampling_rate: int,
    progress: Callable[[float, float | None], None] | None,
    beside: Beside | None,
) -> Generator[NDArray[np.int16]]:
    rates = [sampling_rate, *([beside.sampling_rate] if beside else ())]
    cutters = [_cutter(start_s, end_s, sampling_rate=rate) for rate in rates]
    done = 0
    with open_track(path, start_s=start_s) as track:
        total_s = _total_s(track, end_s=end_s)
        decoder = _Decoder(track, path=path)
        for which, block in _blocks(decoder.pieces(rates), cutters):
            if which and beside:
                beside.take(block)
                continue
            done += block.size
            yield block
            if progress is not None:
                progress(done / sampling_rate, total_s)
        decoder.check(start_s=start_s, found=done > 0)


def _cutter(start_s: float, end_s: float | None, *, sampling_rate: int) -> RangeCutter:
    return RangeCutter(
        start=round(start_s * sampling_rate),
        end=None if end_s is None or math.isinf(end_s) else round(end_s * sampling_rate),
        block=round(_BLOCK_S * sampling_rate),
    )


def _total_s(track: AudioTrack, *, end_s: float | None) -> float | None:
    ends = [end for end in (end_s, track.duration_s) if end is not None]
    return max(0.0, min(ends) - track.start_s) if ends else None


def _blocks(
    pieces: Iterator[tuple[int, Piece]], cutters: Sequence[RangeCutter]
) -> Iterator[tuple[int, NDArray[np.int16]]]:
    """Yield blocks, each behind the number of the cutter that its pieces are for."""
    for which, (position, samples) in pieces:
        for block in cutters[which].place(position, samples):
            yield which, block
        if all(cutter.done for cutter in cutters):
            break
    for which, cutter in enumerate(cutters):
        for block in cutter.finish():
            yield which, block


class _Decoder:
    """Decodes a track, passing over damaged packets while most are sound."""

    def __init__(self, track: AudioTrack, *, path: Path) -> None:
        self._track = track
        self._path = path
        self._good = 0
        self._damaged = 0
        self._end_s = 0.0

    def pieces(self, rates: Sequence[int]) -> Iterator[tuple[int, Piece]]:
        """Yield the track's sound at each of ``rates``, Hz, each piece behind its rate's number."""
        try:
            for which, (position, samples) in self._resampled(rates):
                self._end_s = (position + samples.size) / rates[which]
                yield which, (position, samples)
        except (av.FFmpegError, ValueError) as error:
            raise self._too_damaged() from error

    def _resampled(self, rates: Sequence[int]) -> Iterator[tuple[int, Piece]]:
        resamplers = [MonoResampler(sampling_rate=rate) for rate in rates]
        for frame in self._frames():
            time_s = None if frame.time is None else frame.time - self._track.base_s
            for which, resampler in enumerate(resamplers):
                for piece in resampler.feed(frame, time_s=time_s):
                    yield which, piece
        for which, resampler in enumerate(resamplers):
            for piece in resampler.finish():
                yield which, piece

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
