"""Cutting a range out of pieces that arrive in order, with silence where there is no sound."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray


class RangeCutter:
    """Turns pieces of sound into the blocks of one range.

    Args:
        start: first sample of the range, in the clip's time.
        end: sample after the last one; None for all that comes.
        block: samples in a block; the last one may be shorter.
    """

    def __init__(self, *, start: int, end: int | None, block: int) -> None:
        self._end = end
        self._cursor = start
        self._block = block
        self._held: list[NDArray[np.int16]] = []
        self._held_size = 0

    @property
    def done(self) -> bool:
        """Whether the range is full."""
        return self._end is not None and self._cursor >= self._end

    def place(self, position: int, samples: NDArray[np.int16]) -> Iterator[NDArray[np.int16]]:
        """Take samples that begin at ``position`` and yield the blocks that are full.

        A hole before them is silence; what overlaps the sound before them is left out.
        """
        stop = position if self._end is None else min(position, self._end)
        while self._cursor < stop:
            silence = np.zeros(min(self._block, stop - self._cursor), dtype=np.int16)
            yield from self._hold(silence)
        end = None if self._end is None else max(0, self._end - position)
        yield from self._hold(samples[max(0, self._cursor - position) : end])

    def finish(self) -> Iterator[NDArray[np.int16]]:
        """Yield the last block, if there is one."""
        if self._held_size:
            yield self._release()

    def _hold(self, samples: NDArray[np.int16]) -> Iterator[NDArray[np.int16]]:
        self._cursor += samples.size
        while samples.size:
            taken = samples[: self._block - self._held_size]
            samples = samples[taken.size :]
            self._held.append(taken)
            self._held_size += taken.size
            if self._held_size == self._block:
                yield self._release()

    def _release(self) -> NDArray[np.int16]:
        block = np.concatenate(self._held)
        self._held, self._held_size = [], 0
        return block
