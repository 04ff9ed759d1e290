"""How many frames a second a clip's picture has."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from av.stream import Disposition

from voxemo_scan.audio.container import open_media


def frame_rate(path: Path) -> Fraction | None:
    """Return the frames a second of the media file ``path``, None where it has no picture.

    A cover picture is none. The rate is the mean that the file tells of itself.

    Raises:
        AudioError: the file is not there, cannot be read or is not media.
    """
    with open_media(path) as container:
        for stream in container.streams.video:
            if not stream.disposition & Disposition.attached_pic:
                return stream.average_rate or stream.guessed_rate
    return None
