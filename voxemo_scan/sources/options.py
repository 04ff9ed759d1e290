"""How patiently and how much the web is asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """Limits of one download.

    ``attempts`` counts tries in a row that gain less than ``progress_bytes``; between them the
    wait starts at ``backoff_s`` and doubles. ``socket_timeout_s`` bounds a silent server,
    ``deadline_s`` the whole download with its waits, ``max_bytes`` its size. ``cookies`` is a
    file in Netscape format; it is read and never written. ``allow_private`` lets pages and
    redirects lead to machines of the local network.
    """

    attempts: int = 4
    backoff_s: float = 1.0
    socket_timeout_s: float = 20.0
    deadline_s: float = 1800.0
    max_bytes: int = 4 << 30
    progress_bytes: int = 1 << 20
    rate_limit_bytes_per_s: int | None = None
    cookies: Path | None = None
    allow_private: bool = False
