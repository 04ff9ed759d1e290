"""The one way in which yt-dlp's requests leave this machine, with a guard at every connection.

Imports yt-dlp, which takes a second; import this module only when something is to be fetched.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from functools import partial
from typing import Any

import urllib3
from yt_dlp.networking._requests import RequestsRH
from yt_dlp.networking._urllib import UrllibRH
from yt_dlp.networking.exceptions import RequestError
from yt_dlp.utils.networking import select_proxy

from voxemo_scan.sources.guard import Guard


class PrivateAddress(RequestError):  # type: ignore[misc]  # noqa: N818 - a finding
    """A request would go to a machine that the user did not ask for."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is an address of a private network")
        self.host = host


class DataRH(UrllibRH):  # type: ignore[misc]
    """Reads ``data:`` addresses, and nothing that needs a connection."""

    _SUPPORTED_URL_SCHEMES = ("data",)


def guarded_handlers(guard: Guard) -> tuple[Any, ...]:
    """Return the request handlers that yt-dlp may use, all of them under ``guard``.

    Other ones (FTP, web sockets, libcurl) make connections that cannot be looked at.
    """
    return (partial(GuardedRH, guard=guard), DataRH)


class GuardedRH(RequestsRH):  # type: ignore[misc]
    """HTTP requests whose every hop is held against the guard."""

    def __init__(self, *args: Any, guard: Guard, **options: Any) -> None:
        self._guard = guard
        super().__init__(*args, **options)

    def _create_instance(self, *args: Any, **options: Any) -> Any:
        session = super()._create_instance(*args, **options)
        _put_under_guard(session.get_adapter("https://"), guard=self._guard)  # http's as well
        return session


def _put_under_guard(adapter: Any, *, guard: Guard) -> None:
    """Guard the adapter's connections; what goes through a proxy is judged by its name."""
    adapter.poolmanager.pool_classes_by_scheme = {
        "http": _pool(urllib3.HTTPConnectionPool, guard=guard),
        "https": _pool(urllib3.HTTPSConnectionPool, guard=guard),
    }
    plain_send = adapter.send

    def send(request: Any, **options: Any) -> Any:  # one hop; a redirect is another
        if select_proxy(request.url, options.get("proxies") or {}):
            _check_name(request.url, guard=guard)
        return plain_send(request, **options)

    adapter.send = send


def _pool(base: Any, *, guard: Guard) -> Any:
    """Return ``base`` with connections that look at who answered before a byte is sent.

    The peer of the very connection is looked at, so that a name that resolves to one address
    when asked and to another when used gains nothing.
    """

    class Connection(base.ConnectionCls):  # type: ignore[misc]
        def _new_conn(self) -> socket.socket:
            made: socket.socket = super()._new_conn()
            if not guard.allows(made.getpeername()[0], host=self.host, port=self.port):
                made.close()
                raise PrivateAddress(self.host)
            return made

    return type(base.__name__, (base,), {"ConnectionCls": Connection})


def _check_name(url: str, *, guard: Guard) -> None:
    """Raise when ``url`` names a private address; what only the proxy can resolve passes."""
    parts = urllib3.util.parse_url(url)
    host = (parts.host or "").strip("[]")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found: list[Any] = []
    with suppress(OSError):
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not all(guard.allows(item[4][0], host=host, port=port) for item in found):
        raise PrivateAddress(host)
