"""How many bits each scene's sound may take, so that a page keeps within its budget.

All begin at the best rate. While they take too much, the scene that takes most goes one step down
the ladder; where every scene is at its lowest, the longest loses its sound. So short scenes, of
which many fit, sound best.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AUDIO_BUDGET_MB: Final = 40.0
"""What all sound may take in a page by default, so that with all else it stays under 60 MB."""

LADDER_KBPS: Final = (32, 24, 16, 12, 9)
_CONTAINER: Final = 1.04
_BASE64: Final = 4 / 3
_HEADER_BYTES: Final = 600


def embedded_bytes(size: int) -> int:
    """Return how much ``size`` bytes take in a page, as base64."""
    return (size + 2) // 3 * 4


def estimate_bytes(duration_s: float, *, kbps: int) -> int:
    """Return about how much a scene's sound takes in a page."""
    return round((duration_s * kbps * 125 * _CONTAINER + _HEADER_BYTES) * _BASE64)


def plan_rates(durations_s: Mapping[str, float], *, budget_bytes: int) -> dict[str, int | None]:
    """Return each scene's bit rate, kbit/s, or None for a scene whose sound is left out."""
    rates: dict[str, int | None] = dict.fromkeys(durations_s, LADDER_KBPS[0])
    sizes = {n: estimate_bytes(s, kbps=LADDER_KBPS[0]) for n, s in durations_s.items()}
    while sum(sizes.values()) > budget_bytes:
        name = largest_to_lower(rates, sizes)
        if name is None:
            name = max(sizes, key=lambda n: (sizes[n], n))
            rates[name], sizes[name] = None, 0
            continue
        rate = lower(rates[name])
        rates[name] = rate
        sizes[name] = estimate_bytes(durations_s[name], kbps=rate or 0)
    return rates


def largest_to_lower(rates: Mapping[str, int | None], sizes: Mapping[str, int]) -> str | None:
    """Return the scene that takes most of those that can still go a step down, if any can."""
    able = [name for name, rate in rates.items() if rate is not None and lower(rate) is not None]
    return max(able, key=lambda name: (sizes[name], name), default=None)


def lower(kbps: int | None) -> int | None:
    """Return the next rate down the ladder, None below the lowest."""
    return next((rate for rate in LADDER_KBPS if kbps is not None and rate < kbps), None)
