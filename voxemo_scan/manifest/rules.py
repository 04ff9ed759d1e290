"""What the values of a manifest must be to each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.manifest.mistake import MistakeError, MistakesError
from voxemo_scan.manifest.share import format_share
from voxemo_scan.manifest.source import start_in_address
from voxemo_scan.manifest.timecode import format_timecode

ROUNDING_SLACK: Final = 0.02
"""By how much published shares, each rounded, may exceed the whole."""

_EXACT: Final = 1e-9


def check_at_least(at_least: Mapping[Emotion, float]) -> None:
    """Raise ``MistakeError`` if no scene can have all these shares at once."""
    total = sum(at_least.values())
    if total > 1 + _EXACT:
        raise MistakeError(f"the shares in at_least sum to {_percent(total)}, more than 100%")


def check_at_most(at_most: Mapping[Emotion, float], *, at_least: Mapping[Emotion, float]) -> None:
    """Raise ``MistakesError`` if no scene can stay within both rules."""
    mistakes = [
        MistakeError(
            f"{emotion} is at most {format_share(at_most[emotion])}"
            f" but at least {format_share(share)}",
            at=emotion,
        )
        for emotion, share in at_least.items()
        if share > at_most.get(emotion, 1.0)
    ]
    if mistakes:
        raise MistakesError(mistakes)
    total = sum(at_most.values())
    if len(at_most) == len(EMOTIONS) and total < 1 - _EXACT:
        raise MistakeError(f"the six shares in at_most sum to {_percent(total)}, less than 100%")


def check_published(published: Mapping[Emotion, float]) -> None:
    """Raise ``MistakeError`` if published shares exceed the whole by more than rounding."""
    total = sum(published.values())
    if total > 1 + ROUNDING_SLACK + _EXACT:
        raise MistakeError(f"the published shares sum to {_percent(total)}, more than 100%")


def check_end(end_s: float, *, start_s: float | None, source: str) -> None:
    """Raise ``MistakeError`` unless a scene ends after it starts."""
    from_address = start_in_address(source) if start_s is None else None
    start = from_address or start_s or 0.0
    if end_s > start:
        return
    origin = " (from the address)" if from_address else ""
    raise MistakeError(
        f"the scene ends at {format_timecode(end_s)}, "
        f"not after its start at {format_timecode(start)}{origin}"
    )


def _percent(share: float) -> str:
    return format_share(round(share, 4))
