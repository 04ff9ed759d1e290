"""Web addresses: which ones there are, and when two of them mean the same recording."""

from __future__ import annotations

import hashlib
import re
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from voxemo_scan.errors import SourceError
from voxemo_scan.text import clean

_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_TIME: Final = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?")
_A_DAY_S: Final = 86_400
_TIME_KEYS: Final = frozenset({"t", "start", "time_continue"})
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_YOUTUBE_HOSTS: Final = frozenset({"youtube.com", "youtube-nocookie.com", "youtu.be"})
_YOUTUBE_PATH: Final = re.compile(r"/(?:shorts|embed|live|v)/([\w-]{11})(?:/|$)")
_YOUTUBE_ID: Final = re.compile(r"[\w-]{11}")


def is_web(source: str) -> bool:
    """Tell a web address from a path.

    Raises:
        SourceError: an address of another scheme than http or https.
    """
    found = _SCHEME.match(source.strip())
    if not found:
        return False
    if found.group().lower() in {"http://", "https://"}:
        return True
    raise SourceError(
        f"{clean(source)}: only http and https addresses can be fetched",
        remedy="give an http(s) address or the path of a file",
    )


def normalise(address: str) -> str:
    """Return the form that all addresses of one recording share.

    Start times (``t=``, ``start=``) and fragments go, the host is lower case without its default
    port, and every way to write a YouTube video becomes ``youtube.com/watch?v=``.

    Raises:
        SourceError: an address without a host, or with a port that is none.
    """
    parts, host = _parts_and_host(address)
    video = _youtube_id(parts)
    if video:
        return f"https://www.youtube.com/watch?v={video}"
    query = [
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if not (key in _TIME_KEYS and _is_start(value))
    ]
    return urlunsplit((parts.scheme.lower(), host, parts.path or "/", urlencode(query), ""))


def address_key(address: str) -> str:
    """Return the 8 hex digits that stand for ``address`` in file names."""
    return hashlib.sha256(normalise(address).encode()).hexdigest()[:8]


def shown(address: str) -> str:
    """Return ``address`` fit for a message: one line, without a password."""
    parts = urlsplit(address.strip())
    if "@" in parts.netloc:
        parts = parts._replace(netloc=parts.netloc.rpartition("@")[2])
    return clean(urlunsplit(parts))


def _parts_and_host(address: str) -> tuple[SplitResult, str]:
    """Return the address's parts, and its host in lower case without a default port."""
    try:
        parts = urlsplit(address.strip())
        name, port = parts.hostname, parts.port
    except ValueError:
        name = None
    if not name:
        raise SourceError(
            f"{clean(address)}: not a web address", remedy="write it as https://host/path"
        )
    login, at, _ = parts.netloc.rpartition("@")
    host = f"[{name}]" if ":" in name else name
    kept = "" if port in {None, _DEFAULT_PORTS.get(parts.scheme.lower())} else f":{port}"
    return parts, f"{login}{at}{host}{kept}"


def _is_start(value: str) -> bool:
    """Tell a start time (``39``, ``1m20s``) from something else, such as a time stamp."""
    found = _TIME.fullmatch(value)
    if not found or not value:
        return False
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds < _A_DAY_S


def _youtube_id(parts: SplitResult) -> str | None:
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("music.")
    if host not in _YOUTUBE_HOSTS:
        return None
    if host == "youtu.be":
        found = _YOUTUBE_ID.fullmatch(parts.path.strip("/"))
        return found.group() if found else None
    if parts.path == "/watch":
        video = dict(parse_qsl(parts.query)).get("v", "")
        return video if _YOUTUBE_ID.fullmatch(video) else None
    found = _YOUTUBE_PATH.match(parts.path)
    return found.group(1) if found else None
