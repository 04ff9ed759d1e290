"""Scene ids: names that are safe as a file's name on every system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from typing import Final

from voxemo_scan.manifest.mistake import MistakeError, quoted

LONGEST_ID: Final = 64
ID_PATTERN: Final = rf"^[a-z0-9][a-z0-9-]{{0,{LONGEST_ID - 1}}}$"
"""A scene's id, as a regular expression that JSON Schema understands too."""

RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
"""Names that Windows keeps for devices."""

_ID: Final = re.compile(ID_PATTERN, re.ASCII)


def parse_id(text: str) -> str:
    """Return ``text`` if it can be an id.

    Raises:
        MistakeError: a ValueError that says what is wrong with the id.
    """
    if text in RESERVED:
        message = f"the id {quoted(text)} is a device's name on Windows"
        raise MistakeError(message, suggestion=f"{text}-scene")
    if _ID.match(text) and not text.endswith("\n"):
        return text
    meant = slug(text[: 4 * LONGEST_ID])
    if len(text) > LONGEST_ID:
        message = f"the id {quoted(text)} is longer than {LONGEST_ID} characters"
    else:
        message = f"the id {quoted(text)} may hold only a-z, 0-9 and -, and not begin with -"
    raise MistakeError(message, suggestion=meant or None)


def slug(text: str) -> str:
    """Return an id that resembles ``text``; empty if nothing of it can be in an id."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")
    short = words[:LONGEST_ID].rstrip("-")
    return f"{short}-scene" if short in RESERVED else short


def unique_id(wanted: str, *, taken: Container[str]) -> str:
    """Return ``wanted``, or ``wanted-2``, ``wanted-3``, ... whichever is not ``taken``."""
    candidate, n = wanted, 1
    while candidate in taken:
        n += 1
        suffix = f"-{n}"
        candidate = wanted[: LONGEST_ID - len(suffix)].rstrip("-") + suffix
    return candidate
