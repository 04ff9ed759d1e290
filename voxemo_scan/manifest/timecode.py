"""Times in a clip as people write them: 39, 0:39, 1:02:03.5."""

from __future__ import annotations

import re
from typing import Final

from voxemo_scan.manifest.mistake import MistakeError, quoted

_HOURS: Final = r"[0-9]{1,2}:[0-5][0-9]:[0-5][0-9]"
_MINUTES: Final = r"[0-5]?[0-9]:[0-5][0-9]"
_SECONDS: Final = r"[0-2]?[0-9]{1,5}"
TIMECODE_PATTERN: Final = rf"^\s*({_SECONDS}|{_MINUTES}|{_HOURS})(\.[0-9]{{1,30}})?\s*$"
"""A timecode, as a regular expression that JSON Schema understands too."""

LONGEST_S: Final = 359_999.999
"""The latest time that can be written, 99:59:59.999, in seconds."""

_FORMS: Final = "write seconds (39), minutes (0:39) or hours (1:02:03.5)"
_TIMECODE: Final = re.compile(TIMECODE_PATTERN, re.ASCII)
_NUMBER: Final = re.compile(r"\s*[0-9]{1,400}(\.[0-9]{1,30})?(e[+-]?[0-9]{1,3})?\s*", re.I)
_MINUS_ZERO: Final = re.compile(r"\s*-0+(\.0+)?(e[+-]?[0-9]{1,3})?\s*", re.ASCII | re.I)
"""Zero as JSON and YAML may write it: a number, and not less than 0."""
_UNITS: Final = re.compile(r"(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?", re.ASCII | re.I)
_LOOSE: Final = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9}))?", re.ASCII)


def parse_timecode(value: str | float) -> float:
    """Return the seconds that a timecode means, to the millisecond.

    Args:
        value: seconds, ``m:ss`` or ``h:mm:ss``, each with an optional fraction.

    Raises:
        MistakeError: a ValueError that says what is wrong with the timecode.
    """
    text = value if isinstance(value, str) else repr(float(value))
    if _MINUS_ZERO.fullmatch(text):
        return 0.0
    if not (_TIMECODE.match(text) or _NUMBER.fullmatch(text)):
        raise _mistake(text)
    seconds = 0.0
    for part in text.strip().split(":"):
        seconds = seconds * 60 + float(part)
    if seconds > LONGEST_S:
        raise MistakeError(f"time {quoted(text)} is beyond 99:59:59")
    return round(seconds, 3)


def format_timecode(seconds: float) -> str:
    """Return ``m:ss`` or ``h:mm:ss``, with milliseconds where there are any.

    ``parse_timecode`` reads it back to the millisecond.
    """
    total_ms = round(seconds * 1000)
    if total_ms < 0:
        raise ValueError(f"a timecode cannot be negative: {seconds}")
    whole, ms = divmod(total_ms, 1000)
    minutes, secs = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{ms:03d}".rstrip("0") if ms else ""
    head = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{head}:{secs:02d}{fraction}"


def parse_units(text: str) -> float | None:
    """Return the seconds that ``39``, ``39s``, ``1m20s`` or ``1h2m3s`` means, or None."""
    found = _UNITS.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return float(hours * 3600 + minutes * 60 + seconds)


def _mistake(text: str) -> MistakeError:
    if text.strip().startswith("-"):
        return MistakeError(f"time {quoted(text)} is negative; {_FORMS}")
    if loose := _LOOSE.fullmatch(text.strip()):
        return _loose_mistake(text, loose)
    units = parse_units(text)
    suggestion = format_timecode(units) if units is not None and units <= LONGEST_S else None
    return MistakeError(f"{quoted(text)} is no time; {_FORMS}", suggestion=suggestion)


def _loose_mistake(text: str, loose: re.Match[str]) -> MistakeError:
    hours, minutes, seconds = (int(part or 0) for part in loose.groups()[:3])
    meant = hours * 3600 + minutes * 60 + seconds + float(f"0.{loose[4] or 0}")
    suggestion = format_timecode(meant) if meant <= LONGEST_S else None
    if seconds > 59:
        return MistakeError(f"time {quoted(text)} has more than 59 seconds", suggestion=suggestion)
    if minutes > 59:
        return MistakeError(f"time {quoted(text)} has more than 59 minutes", suggestion=suggestion)
    return MistakeError(f"{quoted(text)} is no time; {_FORMS}", suggestion=suggestion)
