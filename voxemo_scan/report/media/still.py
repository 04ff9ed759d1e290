"""Small compressed pictures: grey ones from arrays, and a frame of a film."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from av.stream import Disposition
from numpy.typing import NDArray

from voxemo_scan.audio.container import open_media, presentation_start_s
from voxemo_scan.report.media.model import Picture, Poster

WEBP: Final = "image/webp"
_WIDEST: Final = 480
_TALLEST: Final = 270
_SEARCHED: Final = 500


def grey_picture(levels: NDArray[np.uint8], *, quality: int = 40) -> Picture:
    """Return ``levels``, [rows, columns], as a picture; 0 is black."""
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(levels), format="gray")
    return _webp(frame, width=levels.shape[1], height=levels.shape[0], quality=quality)


def poster(path: Path, *, at_s: float, start_s: float = 0.0) -> Poster | None:
    """Return the frame that a player shows ``at_s`` seconds after ``start_s``, None without one.

    It is at most 480 x 270; a picture that cannot be decoded counts as none.

    Raises:
        AudioError: the file cannot be read or is no media.
    """
    try:
        with open_media(path) as container:
            streams = [
                stream
                for stream in container.streams.video
                if not stream.disposition & Disposition.attached_pic and stream.codec_context
            ]
            frame = _frame(container, streams[0], at_s=start_s + at_s) if streams else None
            return None if frame is None else Poster(_shrunk(frame, streams[0]), at_s)
    except (av.FFmpegError, ValueError, IndexError):
        return None


def _frame(container: Any, stream: Any, *, at_s: float) -> Any:
    """Return the last frame that is not after ``at_s``, or the first there is from there on."""
    wanted_s = at_s + presentation_start_s(container)
    stream.thread_type = "AUTO"
    container.seek(int(wanted_s / stream.time_base), stream=stream, backward=True)
    found = None
    for number, frame in enumerate(container.decode(stream)):
        late = frame.time is not None and frame.time > wanted_s + 1e-6
        if found is None or not late:
            found = frame
        if late or number > _SEARCHED:
            break
    return found


def _shrunk(frame: Any, stream: Any) -> Picture:
    aspect = float(stream.sample_aspect_ratio or 1) * frame.width / frame.height
    width = min(_WIDEST, _TALLEST * aspect, frame.height * aspect)
    size = (max(2, round(width / 2) * 2), max(2, round(width / aspect / 2) * 2))
    return _webp(frame, width=size[0], height=size[1], quality=60)


def _webp(frame: Any, *, width: int, height: int, quality: int) -> Picture:
    encoder: Any = av.CodecContext.create("libwebp", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base = Fraction(1, 25)
    encoder.options = {"quality": str(quality), "compression_level": "6"}
    fitted = frame.reformat(width=width, height=height, format="yuv420p", dst_color_range="MPEG")
    fitted.pts = 0
    packets = [*encoder.encode(fitted), *encoder.encode(None)]
    return Picture(b"".join(bytes(packet) for packet in packets), WEBP, width, height)
