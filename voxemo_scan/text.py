"""Small pieces of wording that checks, reports and the terminal share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=str)

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def clean(text: str) -> str:
    """Return ``text`` on one line, fit to be shown.

    Control characters, lone surrogates (undecodable file names) and marks that reverse the
    reading direction become U+FFFD; runs of white space become one space.
    """
    return " ".join(_UNPRINTABLE.sub("\ufffd", text).split())


def percent(fraction: float, *, decimals: int = 0) -> str:
    """Return a fraction, 0..1, as ``47 %``."""
    return f"{fraction * 100 + 0.0:.{decimals}f} %"


def percent_apart(fraction: float, *, bound: float) -> str:
    """Return ``fraction`` with as many decimals (1 to 6) as tell it from ``bound``.

    A share of 24.96 % that misses 25 % must not read ``25.0 %``.
    """
    for decimals in range(1, 6):
        shown = percent(fraction, decimals=decimals)
        if shown != percent(bound, decimals=decimals):
            return shown
    return percent(fraction, decimals=1 if abs(fraction - bound) < 1e-9 else 6)


def whole_percents(shares: Mapping[Key, float]) -> dict[Key, int]:
    """Return shares as whole percents that add up to 100 when the shares add up to 1.

    Rounds by largest remainder, so no figure is off by a whole percent or more.
    """
    floors = {key: int(share * 100 + 1e-9) for key, share in shares.items()}
    missing = round(sum(shares.values()) * 100) - sum(floors.values())
    by_remainder = sorted(shares, key=lambda key: floors[key] - shares[key] * 100)
    for key in by_remainder[: max(missing, 0)]:
        floors[key] += 1
    return floors


def clock(seconds: float) -> str:
    """Return seconds as ``m:ss``, from an hour on as ``h:mm:ss``, to the nearest second."""
    minutes, second = divmod(max(round(seconds), 0), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"
