"""What a page shows of a clip's sound, from reading the clip once."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.audio.ahead import read_ahead
from voxemo_scan.audio.decode import decode
from voxemo_scan.errors import VoxemoError
from voxemo_scan.report.media.model import PEAKS, SceneMedia
from voxemo_scan.report.media.sound import SAMPLING_RATE, encode_sound
from voxemo_scan.report.media.spectrum import SpectrumMaker

_PEAK_SAMPLES: Final = SAMPLING_RATE // 200


def read_clip(
    path: Path,
    *,
    start_s: float,
    end_s: float | None,
    kbps: int | None,
    go_on: Callable[[], bool] = lambda: True,
) -> SceneMedia:
    """Return sound, mono, waveform and spectrum of a clip's range, in bounded memory.

    The same clip gives the same bytes. Without ``kbps`` there is no sound. ``go_on`` is asked at
    every second of the clip.

    Raises:
        AudioError: the clip cannot be decoded.
        VoxemoError: it was not to go on.
    """
    blocks = decode(path, start_s=start_s, end_s=end_s, sampling_rate=SAMPLING_RATE)
    return read_blocks(blocks, kbps=kbps, go_on=go_on)


def read_blocks(
    blocks: Iterable[NDArray[np.int16]],
    *,
    kbps: int | None,
    go_on: Callable[[], bool] = lambda: True,
) -> SceneMedia:
    """Return what ``read_clip`` does, of a clip's range that is decoded already.

    Args:
        blocks: int16, [samples], mono, ``SAMPLING_RATE``, as ``decode`` gives them.
        kbps: how much the sound may take, kbit/s; None for none.
        go_on: asked at every block.

    Raises:
        VoxemoError: it was not to go on.
    """
    meter, maker = _Meter(), SpectrumMaker(sampling_rate=SAMPLING_RATE)

    def noted() -> Generator[NDArray[np.int16]]:
        for block in blocks:
            if not go_on():
                raise VoxemoError("stopped")
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
    """Notes the loudest sample of every few milliseconds of a clip while it passes."""

    def __init__(self) -> None:
        self._loudest: list[NDArray[np.int32]] = []
        self._left = np.zeros(0, dtype=np.int32)

    def feed(self, block: NDArray[np.int16]) -> None:
        left = np.concatenate([self._left, np.abs(block.astype(np.int32))])
        whole = left.size // _PEAK_SAMPLES * _PEAK_SAMPLES
        self._loudest.append(left[:whole].reshape(-1, _PEAK_SAMPLES).max(axis=1))
        self._left = left[whole:]

    def peaks(self) -> bytes:
        """Return the loudest of ``PEAKS`` even parts, 0..255 of the loudest of all."""
        rest = self._left.max(initial=0, keepdims=True)[: self._left.size]
        found = np.concatenate([*self._loudest, rest])
        if not found.size:
            return bytes(PEAKS)
        firsts = np.arange(PEAKS) * found.size // PEAKS
        loudest = np.maximum.reduceat(found, firsts)
        return np.round(255 * loudest / max(int(loudest.max()), 1)).astype(np.uint8).tobytes()
