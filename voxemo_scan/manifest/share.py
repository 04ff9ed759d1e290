"""Shares as people write them: 30%, 12.5 %, 0.3."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from voxemo_scan.manifest.mistake import MistakeError, quoted

SHARE_PATTERN: Final = r"^\s*(100(\.0*)?|[0-9]{1,2}(\.[0-9]*)?|\.[0-9]+)\s*%\s*$"
"""A percentage, as a regular expression that JSON Schema understands too."""

_SHARE: Final = re.compile(
    r"\s*([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]{1,3})?)\s*(%?)\s*", re.I
)
_LONGEST: Final = 400


def parse_share(text: str) -> float:
    """Return the fraction, 0..1, that a percentage or a fraction means.

    Raises:
        MistakeError: a ValueError that says what is wrong with the share.
    """
    found = _SHARE.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        raise MistakeError(f"{quoted(text)} is no share; write a percentage such as 30%")
    number, percent = Decimal(found[1]), bool(found[2])
    fraction = number / 100 if percent else number
    if number < 0:
        raise MistakeError(f"share {quoted(text)} is below 0%")
    if fraction > 1:
        raise _too_large(text, number, percent)
    return float(fraction)


def _too_large(text: str, number: Decimal, percent: bool) -> MistakeError:
    if percent or number > 100:
        return MistakeError(f"share {quoted(text)} is over 100%")
    return MistakeError(
        f"share {quoted(text)} is neither a percentage nor a fraction",
        suggestion=f"{text.strip()}%",
    )


def format_share(share: float) -> str:
    """Return the percentage that ``parse_share`` reads back exactly."""
    percent = (Decimal(repr(share)) * 100).normalize()
    return f"{percent:f}%"
