"""A clip's sound as Opus in WebM, which browsers play from within a page."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from voxemo_scan.audio.decode import decode
from voxemo_scan.report.media.model import PEAKS, Sound

SAMPLING_RATE: Final = 24_000
MEDIA_TYPE: Final = "audio/webm"
_OPTIONS: Final = {
    "application": "audio",
    "frame_duration": "60",
    "vbr": "constrained",
    "compression_level": "5",  # far quicker than the highest, for little more bytes
}


def encode_sound(
    path: Path, *, start_s: float, end_s: float | None, duration_s: float, kbps: int
) -> tuple[Sound, bytes]:
    """Return the sound of a clip's range, mono, and its waveform's peaks, in bounded memory.

    The same sound gives the same bytes.

    Raises:
        AudioError: the clip cannot be decoded.
    """
    meter = _Meter(duration_s)
    blocks = decode(path, start_s=start_s, end_s=end_s, sampling_rate=SAMPLING_RATE)
    data = _webm(meter.passing(blocks), kbps=kbps)
    return Sound(data, MEDIA_TYPE, kbps), meter.peaks()


def read_peaks(path: Path, *, start_s: float, end_s: float | None, duration_s: float) -> bytes:
    """Return the waveform's peaks of a clip's range, for a page without its sound.

    Raises:
        AudioError: the clip cannot be decoded.
    """
    meter = _Meter(duration_s)
    for _ in meter.passing(decode(path, start_s=start_s, end_s=end_s, sampling_rate=SAMPLING_RATE)):
        pass
    return meter.peaks()


class _Meter:
    """Notes the loudest sample of each of ``PEAKS`` even parts of a clip while it passes."""

    def __init__(self, duration_s: float) -> None:
        self._samples = max(1, round(duration_s * SAMPLING_RATE))
        self._loudest = np.zeros(PEAKS, dtype=np.int32)
        self._at = 0

    def passing(self, blocks: Iterable[NDArray[np.int16]]) -> Iterator[NDArray[np.int16]]:
        for block in blocks:
            parts = (self._at + np.arange(block.size)) * PEAKS // self._samples
            np.maximum.at(
                self._loudest, np.minimum(parts, PEAKS - 1), np.abs(block.astype(np.int32))
            )
            self._at += block.size
            yield block

    def peaks(self) -> bytes:
        """Return them as 0..255 of the loudest of all."""
        loudest = max(int(self._loudest.max()), 1)
        return np.round(255 * self._loudest / loudest).astype(np.uint8).tobytes()


def _webm(blocks: Iterable[NDArray[np.int16]], *, kbps: int) -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="webm", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream(
            "libopus", rate=SAMPLING_RATE, layout="mono", options=dict(_OPTIONS)
        )
        stream.bit_rate = kbps * 1000
        at = 0
        for block in blocks:
            frame = av.AudioFrame.from_ndarray(block[None, :], format="s16", layout="mono")
            frame.sample_rate, frame.pts = SAMPLING_RATE, at
            at += block.size
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return buffer.getvalue()
