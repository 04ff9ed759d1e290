"""Opening a media file: which stream is its sound, and when its presentation begins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition

from voxemo_scan.errors import AudioError

_OPTIONS: Final = {"protocol_whitelist": "file"}  # a playlist in disguise opens no address
_CLOCK_JUMPS: Final = 0x0200  # AVFMT_TS_DISCONT
_NOT_MEDIA: Final = "check that it is audio or video and not, say, a saved web page"


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a media file says of itself.

    ``duration_s`` is None where the file does not tell; ``audio_codec`` is None and
    ``sampling_rate`` (Hz) and ``channels`` are 0 where there is no sound.
    """

    duration_s: float | None
    has_video: bool
    audio_codec: str | None
    sampling_rate: int
    channels: int


@contextmanager
def open_media(path: Path) -> Iterator[InputContainer]:
    """Open ``path`` for reading.

    Raises:
        AudioError: the file is not there, cannot be read or is not media.
    """
    if not path.is_file():
        raise AudioError(f"{path} is not a file", remedy="check the path")
    if path.stat().st_size == 0:
        raise AudioError(f"{path} is empty", remedy="fetch or copy it again")
    try:
        container = av.open(
            str(path.absolute()), mode="r", options=_OPTIONS, metadata_errors="replace"
        )
    except PermissionError as error:
        raise AudioError(f"{path} may not be read", remedy="check its permissions") from error
    except (av.FFmpegError, ValueError) as error:
        raise AudioError(f"{path} is not a media file", remedy=_NOT_MEDIA) from error
    with container:
        has_media = container.streams.audio or container.streams.video
        if not has_media or container.format.name == "tty":  # FFmpeg draws text files as pictures
            raise AudioError(f"{path} is not a media file", remedy=_NOT_MEDIA)
        yield container


def audio_stream(container: InputContainer, *, path: Path) -> AudioStream:
    """Return the stream that a player would play: the first one marked default, else the first.

    Raises:
        AudioError: no stream holds sound, or none that can be decoded.
    """
    streams = container.streams.audio
    if not streams:
        kind = "video" if _has_video(container) else "a picture"
        raise AudioError(f"{path} is {kind} without audio", remedy="choose a source with sound")
    playable = [stream for stream in streams if stream.codec_context is not None]
    if not playable:
        raise AudioError(
            f"{path} holds sound in a format that cannot be decoded",
            remedy="convert it to AAC, Opus, FLAC or WAV",
        )
    return next((s for s in playable if s.disposition & Disposition.default), playable[0])


def presentation_start_s(container: InputContainer) -> float:
    """Return the timestamp, in seconds, that a player shows as 0:00.

    Encoder priming lies before it, so a start below zero counts as zero.
    """
    starts = [
        float(stream.start_time * stream.time_base)
        for stream in container.streams
        if stream.type in {"audio", "video"}
        and stream.start_time is not None
        and stream.time_base is not None
        and not stream.disposition & Disposition.attached_pic
    ]
    return max(0.0, min(starts, default=0.0))


def duration_s(container: InputContainer) -> float | None:
    """Return the length in seconds that the file claims to have, None where it does not."""
    if container.duration is not None and container.duration > 0:
        return container.duration / av.time_base
    return None


def has_jumps(container: InputContainer) -> bool:
    """Return whether timestamps of this format may jump (MPEG-TS, Ogg and the like)."""
    return bool(container.format.flags & _CLOCK_JUMPS)


def probe(path: Path) -> MediaInfo:
    """Read what the media file ``path`` says of itself, without decoding it.

    Raises:
        AudioError: the file is not there, cannot be read or is not media.
    """
    with open_media(path) as container:
        streams = container.streams.audio
        stream = audio_stream(container, path=path) if streams else None
        return MediaInfo(
            duration_s=duration_s(container),
            has_video=_has_video(container),
            audio_codec=stream.codec_context.name if stream else None,
            sampling_rate=(stream.sample_rate or 0) if stream else 0,
            channels=(stream.channels or 0) if stream else 0,
        )


def _has_video(container: InputContainer) -> bool:
    return any(
        not stream.disposition & Disposition.attached_pic for stream in container.streams.video
    )
