"""The application served for real: uvicorn on loopback, in a thread of the test's process."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self

from voxemo_scan.web.serve import server_of
from voxemo_scan.web.settings import WebSettings

BOUNDARY = "voxemo-test-boundary"


@dataclass(frozen=True)
class Answer:
    """What was answered; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> str:
        return str(self.json["error"]["message"])


class Served:
    """The application on a free port; leaving it ends it."""

    def __init__(self, settings: WebSettings) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.settings = replace(settings, port=self.port)
        self._server = server_of(self.settings)
        self.desk = self._server.config.app.state.desk  # type: ignore[union-attr]
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        until = time.monotonic() + 60
        while not self._server.started:
            assert time.monotonic() < until
            time.sleep(0.02)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join(30)
        self._socket.close()
        assert not self._thread.is_alive()

    @property
    def netloc(self) -> str:
        return f"127.0.0.1:{self.port}"

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Answer:
        """Ask as a plain HTTP client does; a header of None is not sent."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        sent = {"Host": self.netloc, **(headers or {})}
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.items():
                if value is not None:
                    connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            got = connection.getresponse()
            names = {name.lower(): value for name, value in got.getheaders()}
            return Answer(got.status, names, got.read())
        finally:
            connection.close()

    def send(
        self,
        path: str,
        data: bytes,
        *,
        name: str = "clip.wav",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Upload ``data`` as the field ``file``."""
        sent = {**FORM_TYPE, **(headers or {})}
        return self.ask(path, method="POST", body=form(data, name=name), headers=sent)

    def connect(self, request: bytes) -> socket.socket:
        """Return a raw connection to which ``request`` has been sent."""
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        raw.sendall(request)
        return raw


FORM_TYPE = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def form(data: bytes, *, name: str = "clip.wav", field: str = "file") -> bytes:
    """Return a multipart body with one file."""
    head = (
        f"--{BOUNDARY}\r\n"
        f'Content-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()
