"""A real HTTP server on loopback that behaves as well or as badly as a test asks.

with MediaServer() as server:
    url = server.add("/a.wav", body, ending=reset_after(1000))
    ...
    assert server.paths == ["/a.wav"]
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Received:
    """A request the server got; header names are lower case."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """How one path answers.

    ``cut_after`` and ``hang_after`` count bytes of the body, ``drip_s`` is the pause between
    single bytes, ``pause_s`` one before the headers, ``announce`` a Content-Length that differs
    from the body's (-1: none at all).
    """

    body: bytes = b""
    status: int = 200
    kind: str = "application/octet-stream"
    headers: dict[str, str] = field(default_factory=dict)
    ranges: bool = True
    announce: int | None = None
    cut_after: int | None = None
    reset: bool = False
    hang_after: int | None = None
    hang_before_headers: bool = False
    pause_s: float = 0.0
    drip_s: float = 0.0


class MediaServer:
    """Serves replies by path on a free loopback port and records what was asked of it."""

    def __init__(self) -> None:
        self.requests: list[Received] = []
        self._replies: dict[str, Iterator[Reply]] = {}
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._server = _Server(self)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def root(self) -> str:
        """The server's address, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def paths(self) -> list[str]:
        """The paths asked for so far, in order."""
        return [request.path for request in self.requests]

    def asked(self, path: str) -> list[Received]:
        """Return the requests for ``path``, in order."""
        return [request for request in self.requests if request.path == path]

    def add(self, path: str, *replies: Reply) -> str:
        """Answer ``path`` with each reply in turn, then with the last; return its address."""
        self._replies[path] = _then_forever(replies)
        return self.root + path

    def add_file(self, path: str, file: Path, *, kind: str = "audio/x-wav") -> str:
        """Serve a file, with ranges and an ETag, and return its address."""
        body = file.read_bytes()
        tag = hashlib.sha256(body).hexdigest()[:12]
        return self.add(path, Reply(body, kind=kind, headers={"ETag": f'"{tag}"'}))

    def add_page(self, path: str, body: str, *, title: str = "A page") -> str:
        """Serve an HTML page and return its address."""
        text = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"
        return self.add(path, Reply(text.encode(), kind="text/html; charset=utf-8"))

    def add_redirect(self, path: str, to: str) -> str:
        """Redirect ``path`` and return its address."""
        return self.add(path, Reply(status=302, headers={"Location": to}))

    def add_folder(self, prefix: str, folder: Path) -> None:
        """Serve the files of an HLS rendition below ``prefix``."""
        kinds = {".m3u8": "application/vnd.apple.mpegurl", ".ts": "video/mp2t"}
        for file in folder.iterdir():
            self.add_file(f"{prefix}/{file.name}", file, kind=kinds.get(file.suffix, "audio/mp4"))

    def receive(self, request: Received) -> Reply:
        """Record a request and choose its reply."""
        with self._lock:
            self.requests.append(request)
            replies = self._replies.get(request.path)
            return next(replies) if replies else Reply(b"not here", status=404, kind="text/plain")

    def wait_closing(self, seconds: float) -> bool:
        """Wait, at most until the server closes; return whether it does."""
        return self._closing.wait(seconds)


def _then_forever(replies: Sequence[Reply]) -> Iterator[Reply]:
    yield from replies
    while True:
        yield replies[-1]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, owner: MediaServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.owner = owner
        self.to_reset: set[int] = set()

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        """Close the connection; without a farewell where a reset is asked."""
        if request.fileno() in self.to_reset:
            self.to_reset.discard(request.fileno())
            linger = struct.pack("ii", 1, 0)
            request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that hang up are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _answer(self, *, body: bool) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.owner.receive(Received(self.command, self.path, headers))
        if reply.hang_before_headers:
            self._hang()
            return
        self.server.owner.wait_closing(reply.pause_s)
        start, status = self._start_of(reply, headers)
        if status == 416:
            self._send_headers(Reply(status=416), status=416, length=0, start=0)
            return
        part = reply.body[start:]
        length = len(part) if reply.announce is None else reply.announce - start
        self._send_headers(reply, status=status, length=length, start=start)
        if body:
            self._send_body(reply, part)

    def _start_of(self, reply: Reply, headers: dict[str, str]) -> tuple[int, int]:
        """Return where the asked range begins and the status that fits (RFC 9110, 14)."""
        asked = re.fullmatch(r"bytes=(\d+)-\d*", headers.get("range", ""))
        stale = headers.get("if-range") not in {None, *reply.headers.values()}
        if not asked or stale or not reply.ranges or reply.status != 200:
            return 0, reply.status
        start = int(asked[1])
        return (start, 206) if start < len(reply.body) else (0, 416)

    def _send_headers(self, reply: Reply, *, status: int, length: int, start: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", reply.kind)
        if reply.announce != -1:
            self.send_header("Content-Length", str(length))
        else:
            self.close_connection = True
        if status == 206:
            total = start + length
            self.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _send_body(self, reply: Reply, part: bytes) -> None:
        with contextlib.suppress(ConnectionError):
            if reply.drip_s:
                self._drip(part, pause_s=reply.drip_s)
            elif reply.cut_after is not None:
                self.wfile.write(part[: reply.cut_after])
                self._hang_up(reset=reply.reset)
            elif reply.hang_after is not None:
                self.wfile.write(part[: reply.hang_after])
                self._hang()
            else:
                self.wfile.write(part)
                self.close_connection |= reply.announce is not None

    def _drip(self, part: bytes, *, pause_s: float) -> None:
        for byte in part:
            self.wfile.write(bytes([byte]))
            if self.server.owner.wait_closing(pause_s):
                return

    def _hang_up(self, *, reset: bool) -> None:
        """Close the connection, with a TCP reset if asked."""
        self.wfile.flush()
        self.close_connection = True
        if reset:
            self.server.to_reset.add(self.connection.fileno())

    def _hang(self) -> None:
        self.server.owner.wait_closing(60)
        self.close_connection = True
