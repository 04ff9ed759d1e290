"""Which hosts and origins a request may name.

A page elsewhere can have a browser send requests here (CSRF, cross-site WebSockets), and can
have its own name lead here (DNS rebinding). Its requests then carry its name as ``Host`` or
``Origin``.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from voxemo_scan.web.settings import WebSettings

_LOCAL: Final = ("localhost", "127.0.0.1", "::1")
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_CLOSE: Final = frozenset({"same-origin", "none"})


@dataclass(frozen=True, slots=True)
class Hosts:
    """The names under which the application may be reached.

    ``addresses`` lets any numeric address through: one that is no name cannot be rebound.
    """

    names: frozenset[str]
    addresses: bool

    def allows(self, header: str) -> bool:
        """Tell whether a ``Host`` header, with or without a port, is one of ours."""
        host = _host_of(header)
        return host is not None and (host in self.names or (self.addresses and _is_address(host)))


def hosts_of(settings: WebSettings) -> Hosts:
    """Return the names that ``settings`` give the application."""
    own = () if settings.is_local else (socket.gethostname(), settings.host)
    names = (name.strip("[]").rstrip(".").lower() for name in (*_LOCAL, *own, *settings.names))
    return Hosts(names=frozenset(names), addresses=not settings.is_local)


def is_foreign(headers: Mapping[str, str], *, method: str, navigates: bool) -> bool:
    """Tell whether a request comes from another site's page.

    Args:
        headers: by lower-case name.
        method: GET, POST and so on; a WebSocket's first request counts as POST.
        navigates: whether the address is one that people may be led to by a link.
    """
    origin = headers.get("origin")
    if origin is not None:
        return not _same(origin, headers.get("host", ""))
    site = headers.get("sec-fetch-site")
    if site is None or site in _CLOSE:
        return False
    return not (navigates and method in _SAFE)


def _same(origin: str, host: str) -> bool:
    """Tell whether an origin is the host's own; a proxy in front may speak https for us."""
    scheme, _, place = origin.lower().partition("://")
    return scheme in {"http", "https"} and place == host.lower() != ""


def _host_of(header: str) -> str | None:
    try:
        parts = urlsplit(f"//{header}")
        _ = parts.port
    except ValueError:
        return None
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        return None
    return (parts.hostname or "").rstrip(".") or None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
