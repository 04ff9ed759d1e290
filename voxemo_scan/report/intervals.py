"""Stretches of time as plain pairs, and what can be done with them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

Interval: TypeAlias = tuple[float, float]
"""From when to when, in seconds."""

_TOUCHING_S: Final = 1e-6
_CRUMB_S: Final = 0.05


def merged(parts: Iterable[Interval]) -> list[Interval]:
    """Return stretches of time in order, those that touch or overlap as one."""
    kept: list[Interval] = []
    for start, end in sorted(parts):
        if kept and start <= kept[-1][1] + _TOUCHING_S:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept


def without(parts: Iterable[Interval], *, taken: Iterable[Interval]) -> list[Interval]:
    """Return what of ``parts`` no stretch of ``taken`` covers; crumbs under 50 ms are dropped."""
    covered = merged(taken)
    left: list[Interval] = []
    for start, end in merged(parts):
        at = start
        for low, high in covered:
            if high > at and low < end:
                left.append((at, low))
                at = max(at, high)
        left.append((at, end))
    return [(start, end) for start, end in left if end - start > _CRUMB_S]
