"""A decoded clip, held so that hours of it fit and any stretch can be cut out."""

from __future__ import annotations

import warnings
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.audio.decode import SAMPLING_RATE

with warnings.catch_warnings():
    # pydub looks for an ffmpeg program when imported; only its cutting is used here.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

_SAMPLE_WIDTH: Final = 2
_IN_MEMORY: Final = 64 * 2**20
_FULL_SCALE: Final = 32768.0


class Recording:
    """Mono 16-bit sound: the first 64 MB (35 minutes) in memory, on disk beyond that.

    A context manager; leaving it gives the memory or the disk back.

    Args:
        sampling_rate: of the blocks that are appended, Hz.
    """

    def __init__(self, *, sampling_rate: int = SAMPLING_RATE) -> None:
        self.sampling_rate = sampling_rate
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        self._size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the held sound up."""
        self._file.close()

    @property
    def duration_s(self) -> float:
        """Length of what is held, seconds."""
        return self._size / self.sampling_rate

    def append(self, block: NDArray[np.int16]) -> None:
        """Add ``block`` (int16, [samples]) at the end."""
        self._file.seek(self._size * _SAMPLE_WIDTH)
        self._file.write(block.astype("<i2", copy=False).tobytes())
        self._size += block.size

    def block(self, start: int) -> NDArray[np.int16]:
        """Return up to a second of what is held from its sample ``start`` on: int16, [samples]."""
        count = max(0, min(self.sampling_rate, self._size - start))
        self._file.seek(start * _SAMPLE_WIDTH)
        return np.frombuffer(self._file.read(count * _SAMPLE_WIDTH), dtype="<i2")

    def cut(self, start_s: float, end_s: float) -> AudioSegment:
        """Return the sound from ``start_s`` to ``end_s``, to the sample, as pydub holds it.

        What lies outside the recording is left out.
        """
        start = min(max(0, round(start_s * self.sampling_rate)), self._size)
        end = min(max(start, round(end_s * self.sampling_rate)), self._size)
        self._file.seek(start * _SAMPLE_WIDTH)
        return AudioSegment(
            data=self._file.read((end - start) * _SAMPLE_WIDTH),
            sample_width=_SAMPLE_WIDTH,
            frame_rate=self.sampling_rate,
            channels=1,
        )


def samples(segment: AudioSegment) -> NDArray[np.float32]:
    """Return a 16-bit mono segment's samples: float32, [samples], -1..1.

    Raises:
        ValueError: the segment is not 16-bit mono.
    """
    if segment.channels != 1 or segment.sample_width != _SAMPLE_WIDTH:
        raise ValueError("a segment must be 16-bit mono")
    held = np.frombuffer(segment.raw_data, dtype="<i2")
    return held.astype(np.float32) / np.float32(_FULL_SCALE)
