"""A clip's sound as Opus in WebM, which browsers play from within a page."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from voxemo_scan.report.media.model import Sound

SAMPLING_RATE: Final = 24_000
MEDIA_TYPE: Final = "audio/webm"
_OPTIONS: Final = {
    "application": "audio",
    "frame_duration": "60",
    "vbr": "constrained",
}
_QUICK, _THOROUGH = "2", "10"
_SPARSE_KBPS: Final = 9
"""At this rate and below, only the most thorough encoding keeps what lies above 4 kHz."""


def encode_sound(blocks: Iterable[NDArray[np.int16]], *, kbps: int) -> Sound:
    """Return ``blocks``, int16, [samples], mono, ``SAMPLING_RATE``, as Opus.

    The same sound gives the same bytes.
    """
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="webm", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream(
            "libopus", rate=SAMPLING_RATE, layout="mono", options=_options(kbps)
        )
        stream.bit_rate = kbps * 1000
        at = 0
        for block in blocks:
            frame = av.AudioFrame.from_ndarray(block[None, :], format="s16", layout="mono")
            frame.sample_rate, frame.pts = SAMPLING_RATE, at
            at += block.size
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return Sound(buffer.getvalue(), MEDIA_TYPE, kbps)


def _options(kbps: int) -> dict[str, str]:
    return _OPTIONS | {"compression_level": _THOROUGH if kbps <= _SPARSE_KBPS else _QUICK}
