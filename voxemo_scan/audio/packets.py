"""Compressed packets of one audio stream, in the clip's time, from just before a given moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard

from voxemo_scan.audio.clock import PacketClock
from voxemo_scan.audio.container import (
    audio_stream,
    duration_s,
    has_jumps,
    open_media,
    presentation_start_s,
)

PREROLL_S: Final = 1.0
"""Decoding begins this much early, so that decoders have settled when the asked range begins."""

_READ_FAILURES: Final = 20


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """A file's sound, opened for reading from ``start_s`` (in the clip's time) or before.

    ``base_s`` is the file's timestamp of the clip's 0; ``duration_s`` is None where unknown.
    """

    container: InputContainer
    stream: AudioStream
    base_s: float
    duration_s: float | None
    start_s: float

    def packets(self) -> Iterator[Packet[AudioStream]]:
        """Yield the packets from shortly before the start, their jumps in time mended."""
        clock = PacketClock(
            base=self._ticks(self.base_s),
            second=self._ticks(1.0),
            jumps=has_jumps(self.container),
            duration_s=self.duration_s,
            at_start=self.start_s <= PREROLL_S,
        )
        wanted = self._ticks(self.base_s + self.start_s - PREROLL_S)
        for packet in _read(self.container, self.stream):
            packet.pts = clock.mend(packet.pts, duration=packet.duration or 0)
            if packet.pts is None or packet.pts + (packet.duration or 0) >= wanted:
                yield packet

    def _ticks(self, seconds: float) -> int:
        return round(seconds / (self.stream.time_base or 1))


@contextmanager
def open_track(path: Path, *, start_s: float) -> Iterator[AudioTrack]:
    """Open the sound of ``path``, wound forward to near ``start_s`` where that can be trusted.

    Raises:
        AudioError: the file cannot be read, is not media, or holds no sound.
    """
    if start_s > 2 * PREROLL_S and _can_seek(path, start_s=start_s):
        with open_media(path) as container:
            yield _track(container, path=path, start_s=start_s, seek=True)
    else:
        with open_media(path) as container:
            yield _track(container, path=path, start_s=start_s, seek=False)


def _track(container: InputContainer, *, path: Path, start_s: float, seek: bool) -> AudioTrack:
    stream = audio_stream(container, path=path)
    base_s = presentation_start_s(container)
    if seek:
        container.seek(round((base_s + start_s - PREROLL_S) * av.time_base))
    for other in container.streams:
        if other.index != stream.index:
            other.discard = Discard.all
    return AudioTrack(container, stream, base_s, duration_s(container), start_s)


def _can_seek(path: Path, *, start_s: float) -> bool:
    """Return whether seeking lands where it should: before ``start_s``, on a stamped packet."""
    with open_media(path) as container:
        if has_jumps(container):
            return False
        try:
            track = _track(container, path=path, start_s=start_s, seek=True)
        except av.FFmpegError:
            return False
        first = next(_read(container, track.stream), None)
        if first is None or first.pts is None:
            return False
        return float(first.pts * first.time_base) - track.base_s <= start_s - PREROLL_S / 2


def _read(container: InputContainer, stream: AudioStream) -> Iterator[Packet[AudioStream]]:
    """Yield packets that hold data, reading on past damage until it will not end."""
    for _ in range(_READ_FAILURES):
        try:
            yield from (packet for packet in container.demux(stream) if packet.size)
        except av.FFmpegError:
            continue
        except IndexError:
            pass  # at the end PyAV stumbles over streams that came up on the way
        return
