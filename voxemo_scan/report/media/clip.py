"""What a page shows of a clip's sound, from reading the clip once."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.audio.ahead import read_ahead
from voxemo_scan.audio.decode import decode
from voxemo_scan.report.media.model import PEAKS, SceneMedia
from voxemo_scan.report.media.sound import SAMPLING_RATE, encode_sound
from voxemo_scan.report.media.spectrum import SpectrumMaker


def read_clip(
    path: Path, *, start_s: float, end_s: float | None, duration_s: float, kbps: int | None
) -> SceneMedia:
    """Return sound, mono, waveform and spectrum of a clip's range, in bounded memory.

    The same clip gives the same bytes. Without ``kbps`` there is no sound.

    Raises:
        AudioError: the clip cannot be decoded.
    """
    samples = round(duration_s * SAMPLING_RATE)
    meter, maker = _Meter(samples), SpectrumMaker(samples, sampling_rate=SAMPLING_RATE)

    def noted() -> Generator[NDArray[np.int16]]:
        for block in decode(path, start_s=start_s, end_s=end_s, sampling_rate=SAMPLING_RATE):
            meter.feed(block)
            maker.feed(block)
            yield block

    if kbps is None:
        sound = None
        for _ in noted():
            pass
    else:
        sound = encode_sound(read_ahead(noted()), kbps=kbps)
    return SceneMedia(sound=sound, peaks=meter.peaks(), spectrum=maker.spectrum())


class _Meter:
    """Notes the loudest sample of each of ``PEAKS`` even parts of a clip while it passes."""

    def __init__(self, samples: int) -> None:
        self._samples = max(1, samples)
        self._loudest = np.zeros(PEAKS, dtype=np.int32)
        self._at = 0

    def feed(self, block: NDArray[np.int16]) -> None:
        parts = (self._at + np.arange(block.size)) * PEAKS // self._samples
        found, firsts = np.unique(np.minimum(parts, PEAKS - 1), return_index=True)
        loudest = np.maximum.reduceat(np.abs(block.astype(np.int32)), firsts)
        self._loudest[found] = np.maximum(self._loudest[found], loudest)
        self._at += block.size

    def peaks(self) -> bytes:
        """Return them as 0..255 of the loudest of all."""
        loudest = max(int(self._loudest.max()), 1)
        return np.round(255 * self._loudest / loudest).astype(np.uint8).tobytes()
