"""How many frames a second a clip's picture has."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Final

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from voxemo_scan.audio.container import open_media
from voxemo_scan.errors import AudioError

_LOOKED_AT: Final = 120
_OFF_FRAMES: Final = 0.25


def frame_rate(path: Path) -> Fraction | None:
    """Return the frames a second of the media file ``path``.

    None where it has no picture (a cover is none), and where its first frames do not come at
    the rate that the file claims: phones and screen recorders let them come as they please.

    Raises:
        AudioError: the file is not there, cannot be read or is not media.
    """
    with open_media(path) as container:
        streams = container.streams.video
        pictures = (s for s in streams if not s.disposition & Disposition.attached_pic)
        stream = next(pictures, None)
        rate = stream and (stream.average_rate or stream.guessed_rate)
        if not stream or not rate:
            return None
        try:
            return Fraction(rate) if _is_even(container, stream, rate=rate) else None
        except (av.FFmpegError, ValueError) as error:
            raise AudioError(f"{path} cannot be read", remedy="fetch or copy it again") from error


def _is_even(container: InputContainer, stream: VideoStream, *, rate: Fraction) -> bool:
    """Say whether the first frames lie on the grid that ``rate`` makes."""
    packets = islice(container.demux(stream), _LOOKED_AT)
    ticks = sorted(packet.pts for packet in packets if packet.pts is not None)
    if not ticks or stream.time_base is None:
        return False
    frames = [float((tick - ticks[0]) * stream.time_base * rate) for tick in ticks]
    return all(abs(frame - round(frame)) < _OFF_FRAMES for frame in frames)
