"""Where a scene comes from: a web address, or a path that the manifest's folder resolves."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

from voxemo_scan.manifest.mistake import MistakeError, quoted
from voxemo_scan.manifest.timecode import parse_units

LONGEST_SOURCE: Final = 4096
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]+):", re.ASCII | re.I)
_WEB: Final = re.compile(r"https?://", re.I)
_BARE_HOST: Final = re.compile(
    r"(www\.[^/]+|((m|music)\.)?youtube\.com|youtu\.be|(player\.)?vimeo\.com)/", re.I
)
_A_DAY_S: Final = 86_400
_START_KEYS: Final = ("t", "start")


def is_web(source: str) -> bool:
    """Say whether ``source`` is a web address and not a path."""
    return _WEB.match(source) is not None


def parse_source(source: str) -> str:
    """Return ``source`` if it is an http(s) address or a path.

    Raises:
        MistakeError: a ValueError that says what is wrong with the source.
    """
    if not source.strip():
        raise MistakeError("the source is empty; give a web address or a path")
    if len(source) > LONGEST_SOURCE:
        raise MistakeError(f"the source is longer than {LONGEST_SOURCE} characters")
    if is_web(source):
        return _checked_address(source)
    if _BARE_HOST.match(source):
        raise MistakeError(f"{quoted(source)} lacks its scheme", suggestion=f"https://{source}")
    if scheme := _SCHEME.match(source):
        raise _foreign_scheme(source, scheme[1])
    return source


def start_in_address(source: str) -> float | None:
    """Return the start, in seconds, that ``t=`` or ``start=`` in a web address asks for.

    Looks in the query first, then in the fragment. A number beyond a day is taken for
    something else, such as a time stamp that keeps caches from answering.
    """
    if not is_web(source):
        return None
    parts = urlsplit(source)
    for text in (parts.query, parts.fragment):
        fields = parse_qs(text, max_num_fields=None)
        for key in _START_KEYS:
            seconds = parse_units(fields.get(key, [""])[0])
            if seconds is not None and seconds < _A_DAY_S:
                return seconds
    return None


def resolve_source(source: str, *, folder: Path) -> Path | str:
    """Return the address as it is, or the path as seen from ``folder`` (``~/`` is the home)."""
    if is_web(source):
        return source
    if source.startswith("~/"):
        return Path.home() / source[2:]
    return folder / source


def _checked_address(source: str) -> str:
    if any(c.isspace() for c in source):
        raise MistakeError(f"the address {quoted(source)} holds a space")
    try:
        host = urlsplit(source).hostname
        _ = urlsplit(source).port
    except ValueError as error:
        raise MistakeError(f"{quoted(source)} is no web address: {error}") from error
    if not host:
        raise MistakeError(f"the address {quoted(source)} names no host")
    return source


def _foreign_scheme(source: str, scheme: str) -> MistakeError:
    if scheme.lower() == "file":
        return MistakeError(
            "a file is given by its path, not by a file: address",
            suggestion=source[len(scheme) + 1 :].removeprefix("//"),
        )
    if scheme.lower() in {"http", "https"}:
        rest = source[len(scheme) + 1 :].lstrip("/")
        return MistakeError(
            f"{quoted(source)} is no web address", suggestion=f"{scheme.lower()}://{rest}"
        )
    return MistakeError(
        f'only http and https addresses can be fetched, not "{scheme}:" '
        "(a path with a colon needs ./ before it)"
    )
