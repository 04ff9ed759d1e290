"""Frame rates and timecode: which frame a moment is on, and what an editor calls that frame.

All in whole frames and fractions, so that nothing drifts: 23.976 is 24000/1001.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

_NTSC: Final = Fraction(1000, 1001)
_SLACK: Final = Fraction(1, 2000)
"""How far, as a fraction, a written or measured rate may lie from the one that is meant."""

_DROPPING: Final = frozenset({30, 60})
_SLOWEST, _FASTEST = 1, 240
_RATE: Final = re.compile(r"(\d{1,6})(?:/(\d{1,6})|\.(\d{1,6}))?\s*(df|ndf)?", re.ASCII | re.I)
_TIMECODE: Final = re.compile(r"(\d{2}):([0-5]\d):([0-5]\d)[:;](\d{2,3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class FrameRate:
    """Frames a second, and how they are counted.

    ``drop`` is drop-frame timecode (SMPTE ST 12-1): each minute but every tenth leaves out its
    first two frame numbers (four at 59.94), so that 29.97 keeps up with the clock.
    """

    rate: Fraction
    drop: bool = False

    @property
    def nominal(self) -> int:
        """Frame numbers in a second of timecode: 24 for 23.976."""
        return math.ceil(self.rate)

    @property
    def name(self) -> str:
        """Return ``23.976``, ``25`` or ``29.97 drop-frame``."""
        text = f"{float(self.rate):.3f}".rstrip("0").rstrip(".")
        return f"{text} drop-frame" if self.drop else text

    def frame(self, seconds: float) -> int:
        """Return the number, from 0, of the frame that begins nearest to ``seconds``."""
        return math.floor(Fraction(seconds) * self.rate + Fraction(1, 2))

    def seconds(self, frame: int) -> float:
        """Return when ``frame`` begins."""
        return float(frame / self.rate)

    def milliseconds(self, frame: int) -> int:
        """Return the first whole millisecond at which ``frame`` is on the screen."""
        return math.ceil(1000 * frame / self.rate)

    def timecode(self, frame: int) -> str:
        """Return ``hh:mm:ss:ff``, with ``;ff`` in drop-frame; a day has 24 hours."""
        number = self._numbered(frame % self._day) if self.drop else frame
        seconds, frames = divmod(number, self.nominal)
        minutes, second = divmod(seconds, 60)
        hours, minute = divmod(minutes, 60)
        mark = ";" if self.drop else ":"
        return f"{hours % 24:02d}:{minute:02d}:{second:02d}{mark}{frames:02d}"

    def frame_at(self, timecode: str) -> int:
        """Return the frame that ``timecode`` names.

        Raises:
            ValueError: it names none; the message says why.
        """
        found = _TIMECODE.fullmatch(timecode.strip())
        if found is None:
            raise ValueError(f"{timecode!r} is no timecode; write hh:mm:ss:ff, such as 01:00:00:00")
        hours, minutes, seconds, frames = (int(part) for part in found.groups())
        if hours > 23 or frames >= self.nominal:
            raise ValueError(f"{timecode!r} is no timecode at {self.name} frames a second")
        whole = hours * 60 + minutes
        number = (whole * 60 + seconds) * self.nominal + frames
        if not self.drop:
            return number
        if minutes % 10 and not seconds and frames < self._dropped:
            raise ValueError(f"{timecode!r} is a number that drop-frame timecode leaves out")
        return number - self._dropped * (whole - whole // 10)

    @property
    def _dropped(self) -> int:
        return self.nominal // 15

    @property
    def _day(self) -> int:
        """Frames in 24 hours of drop-frame timecode."""
        return 144 * (600 * self.nominal - 9 * self._dropped)

    def _numbered(self, frame: int) -> int:
        """Return the number that drop-frame timecode gives ``frame``."""
        minute = 60 * self.nominal - self._dropped
        tens, rest = divmod(frame, 10 * minute + self._dropped)
        skipped = max(rest - self._dropped, 0) // minute
        return frame + self._dropped * (9 * tens + skipped)


UNKNOWN_RATE: Final = FrameRate(Fraction(25))
"""What edit lists count by where nothing says how many frames a second there are."""


def parse_rate(text: str) -> FrameRate:
    """Return the frame rate that ``23.976``, ``25``, ``30000/1001`` or ``29.97ndf`` means.

    29.97 and 59.94 count in drop-frame unless ``ndf`` is written behind them.

    Raises:
        ValueError: it means none; the message says what can be written.
    """
    found = _RATE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no frame rate; write 23.976, 24, 25, 29.97 or 29.97ndf")
    whole, divisor, decimals, way = found.groups()
    if divisor is not None and not int(divisor):
        raise ValueError(f"{text!r} is no frame rate: it divides by zero")
    raw = Fraction(int(whole), int(divisor)) if divisor else Fraction(f"{whole}.{decimals or 0}")
    if not _SLOWEST <= raw <= _FASTEST:
        raise ValueError(f"{text!r} is no frame rate from {_SLOWEST} to {_FASTEST} a second")
    rate = usual_rate(raw) or FrameRate(raw)
    can_drop = rate.drop
    if (way or "").lower() == "df" and not can_drop:
        raise ValueError(f"{text!r}: only 29.97 and 59.94 have drop-frame timecode")
    return FrameRate(rate.rate, drop=can_drop and (way or "").lower() != "ndf")


def usual_rate(measured: Fraction) -> FrameRate | None:
    """Return the rate that a file's ``measured`` one stands for, None where it is none in use.

    A recording whose pictures come as they please has no frames to lie on.
    """
    for nominal in (24, 25, 30, 48, 50, 60, 100, 120):
        for rate in (Fraction(nominal), nominal * _NTSC):
            drops = rate != nominal and nominal in _DROPPING
            # 23.98 is written for 24000/1001 and is nearer to it than to 24.
            if abs(measured / rate - 1) < _SLACK * (1 if rate != nominal else Fraction(1, 5)):
                return FrameRate(rate, drop=drops)
    return None
