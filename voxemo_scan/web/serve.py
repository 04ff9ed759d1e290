"""Serves the application with uvicorn, on one process and one socket."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn

from voxemo_scan.errors import UsageError
from voxemo_scan.web.app import create_app
from voxemo_scan.web.settings import WebSettings

_MESSAGE_BYTES = 2**20
_KEEP_ALIVE_S = 15
_FAREWELL_S = 5
_BACKLOG = 512
_PING_S = 60


def serve(settings: WebSettings, *, ready: Callable[[str], None] = lambda _: None) -> None:
    """Serve until interrupted; ``ready`` is told the address once it can be opened.

    Raises:
        UsageError: the address is taken or not this machine's, or a folder cannot be read.
    """
    listening = _bound(settings)
    try:
        server = server_of(settings)
        ready(address_of(settings, port=listening.getsockname()[1]))
        server.run(sockets=[listening])
    finally:
        listening.close()


def server_of(settings: WebSettings) -> uvicorn.Server:
    """Return the server of the application, which is not running yet."""
    return uvicorn.Server(
        uvicorn.Config(
            create_app(settings),
            lifespan="on",
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=True,
            proxy_headers=False,
            ws_max_size=_MESSAGE_BYTES,
            ws_max_queue=16,
            ws_ping_timeout=_PING_S,
            ws_per_message_deflate=False,
            limit_concurrency=settings.limits.connections,
            timeout_keep_alive=_KEEP_ALIVE_S,
            timeout_graceful_shutdown=_FAREWELL_S,
        )
    )


def address_of(settings: WebSettings, *, port: int) -> str:
    """Return the address under which the page can be opened."""
    host = {"0.0.0.0": "localhost", "::": "localhost"}.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _bound(settings: WebSettings) -> socket.socket:
    host = settings.host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, settings.port))
        listening.listen(_BACKLOG)  # who opens the page at once waits, and is not refused
    except (OSError, OverflowError) as error:
        listening.close()
        raise UsageError(
            f"{host}, port {settings.port}, cannot be served: {error}",
            remedy="choose another --port or --host",
        ) from None
    return listening
