"""A stream's timestamps made to run on: real gaps stay, jumps of the clock go."""

from __future__ import annotations

from typing import Final

_BACK_S: Final = 1.0
_AHEAD_S: Final = 10.0
_LONGEST_GAP_S: Final = 3600.0


class PacketClock:
    """Mends the timestamps of one stream's packets, in ticks of the stream's time base.

    A gap in the sound keeps its length. A step back of more than a second, or a leap that no
    sound can explain, is a clock that was set anew: broadcast streams do that where programmes
    are joined. Such packets follow straight on what came before.

    Args:
        base: ticks at the clip's 0.
        second: ticks in a second.
        jumps: the format's clock may be set anew, so that all later packets shift too.
        duration_s: length of the clip, None if unknown.
        at_start: the first packet lies at the clip's start and not somewhere inside.
    """

    def __init__(
        self, *, base: int, second: int, jumps: bool, duration_s: float | None, at_start: bool
    ) -> None:
        self._second = second
        self._jumps = jumps
        self._end = None if duration_s is None else base + round((duration_s + 1.0) * second)
        self._next: int | None = base if at_start else None
        self._shift = 0

    def mend(self, pts: int | None, *, duration: int) -> int | None:
        """Return where the packet stamped ``pts`` belongs, None if that is unknown."""
        mended = None if pts is None else pts + self._shift
        if mended is not None and self._next is not None and self._implausible(mended):
            if self._jumps:
                self._shift += self._next - mended
            mended = self._next
        if mended is not None:
            self._next = mended + duration
        elif self._next is not None:
            self._next += duration
        return mended

    def _implausible(self, pts: int) -> bool:
        assert self._next is not None
        leap = pts - self._next
        if leap <= _AHEAD_S * self._second:
            return leap < -_BACK_S * self._second
        if self._jumps or leap > _LONGEST_GAP_S * self._second:
            return True
        return self._end is not None and pts > self._end
