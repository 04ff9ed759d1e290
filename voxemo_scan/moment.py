"""What time it is, or what time a reproducible build says it is."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from voxemo_scan.errors import UsageError

_VARIABLE = "SOURCE_DATE_EPOCH"


def now_utc() -> str:
    """Return the time as ISO 8601 in UTC, to the second.

    Where the environment variable SOURCE_DATE_EPOCH holds seconds since 1970, it is that time
    (https://reproducible-builds.org/specs/source-date-epoch/), so that what depends on nothing
    else comes out the same, byte for byte.

    Raises:
        UsageError: the variable holds no such number.
    """
    fixed = os.environ.get(_VARIABLE)
    if not fixed:
        return datetime.now(UTC).isoformat(timespec="seconds")
    try:
        return datetime.fromtimestamp(int(fixed), UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f"{_VARIABLE} is {fixed!r}, which is no number of seconds since 1970",
            remedy=f"set it to a whole number, or unset {_VARIABLE}",
        ) from None
