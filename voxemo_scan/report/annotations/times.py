"""How the formats write moments."""

from __future__ import annotations


def clock_ms(milliseconds: int, *, point: str = ".") -> str:
    """Return ``hh:mm:ss.mmm``."""
    whole, rest = divmod(milliseconds, 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02d}:{minute:02d}:{second:02d}{point}{rest:03d}"
