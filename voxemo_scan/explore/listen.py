"""A short recording as Opus, for a page to play."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Final

import av

from voxemo_scan.audio.decode import decode

LONGEST_S: Final = 60.0
"""Longer ones would make the page heavy."""

_RATE: Final = 48_000
_BIT_RATE: Final = 32_000


def as_opus(path: Path, *, start_s: float = 0.0, end_s: float | None = None) -> bytes:
    """Return a recording as Ogg Opus, mono; the same recording gives the same bytes.

    Raises:
        AudioError: it cannot be decoded.
    """
    held = BytesIO()
    with av.open(held, "w", format="ogg", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libopus", rate=_RATE, layout="mono")
        stream.bit_rate = _BIT_RATE
        fitted = av.AudioResampler(
            stream.format.name, "mono", _RATE, frame_size=stream.codec_context.frame_size or 960
        )
        position = 0
        for block in decode(path, start_s=start_s, end_s=end_s, sampling_rate=_RATE):
            frame = av.AudioFrame.from_ndarray(block[None, :], "s16", "mono")
            frame.sample_rate, frame.pts = _RATE, position
            position += block.size
            for piece in fitted.resample(frame):
                container.mux(stream.encode(piece))
        for piece in fitted.resample(None):
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return held.getvalue()
