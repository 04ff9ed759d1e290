"""What a page, a redirect or a name server cannot make us ask."""

from __future__ import annotations

import gzip
import http.server
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources.conftest import MakeLibrary
from tests.support.media_server import MediaServer, Reply
from voxemo_scan.errors import SourceError
from voxemo_scan.sources.guard import Guard, is_public


@pytest.fixture
def inside() -> Iterator[MediaServer]:
    """A machine of the local network, beside the one that the user named."""
    with MediaServer() as running:
        yield running


def refused(make_library: MakeLibrary, address: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        make_library(deadline_s=120.0).fetch(address, name="x")
    assert "an address of a private network" in caught.value.message
    assert "--allow-private" in caught.value.remedy
    return caught.value


@pytest.mark.parametrize(
    "ip", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
)
def test_public_addresses(ip: str) -> None:
    assert is_public(ip)
    assert Guard("https://example.org/").allows(ip, host="example.org", port=443)


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00::1",
        "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "nonsense",
    ],
)  # fmt: skip
def test_addresses_that_are_not(ip: str) -> None:
    assert not is_public(ip)
    assert not Guard("https://example.org/").allows(ip, host="example.org", port=443)
    assert Guard("https://example.org/", allow_private=True).allows(ip, host="x", port=1)


def test_what_the_user_wrote_is_asked_for_and_its_neighbours_are_not() -> None:
    guard = Guard("http://192.168.1.7:8080/a.mp4")
    assert guard.allows("192.168.1.7", host="192.168.1.7", port=8080)
    assert not guard.allows("192.168.1.7", host="192.168.1.7", port=22)
    assert not guard.allows("192.168.1.8", host="192.168.1.8", port=8080)
    assert Guard("http://LOCALHOST/").allows("127.0.0.1", host="localhost", port=80)
    assert Guard("http://[::1]:81/").allows("::1", host="[::1]", port=81)


def test_a_name_that_turns_out_private_was_not_asked_for() -> None:
    guard = Guard("http://films.example.org/a.mp4")
    assert not guard.allows("127.0.0.1", host="films.example.org", port=80)


def test_a_redirect_to_another_machine_inside_is_refused_unless_asked_for(
    server: MediaServer,
    inside: MediaServer,
    recording: Path,
    body: bytes,
    make_library: MakeLibrary,
) -> None:
    address = server.add_redirect("/a.wav", inside.add_file("/secret.wav", recording))
    refused(make_library, address)
    assert inside.requests == []
    assert make_library(allow_private=True).fetch(address, name="x").path.read_bytes() == body


def test_a_redirect_back_and_forth_on_the_machine_that_was_named_is_followed(
    server: MediaServer, recording: Path, make_library: MakeLibrary
) -> None:
    address = server.add_redirect("/a", server.add_file("/b.wav", recording))
    assert make_library().fetch(address, name="x").fetched


def test_a_page_cannot_send_us_inside(
    server: MediaServer, inside: MediaServer, recording: Path, make_library: MakeLibrary
) -> None:
    secret = inside.add_file("/secret.wav", recording)
    refused(make_library, server.add_page("/page", f'<video src="{secret}"></video>'))
    assert inside.requests == []


def test_a_playlist_of_fragments_cannot_send_us_inside(
    server: MediaServer, inside: MediaServer, recording: Path, make_library: MakeLibrary
) -> None:
    secret = inside.add_file("/secret.ts", recording)
    text = f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{secret}\n#EXT-X-ENDLIST\n"
    kind = "application/vnd.apple.mpegurl"
    address = server.add("/a.m3u8", Reply(text.encode(), kind=kind))
    with pytest.raises(SourceError):
        make_library().fetch(address, name="x")
    assert inside.requests == []


def test_a_name_that_resolves_inside_is_refused_at_the_connection(
    server: MediaServer, make_library: MakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: a public address when the name is looked up first, loopback when used."""
    plain, answers = socket.getaddrinfo, iter(["93.184.215.14"])

    def rebound(host: str, *args: object, **options: object) -> object:
        if host == "films.example.org":
            host = next(answers, "127.0.0.1")
        return plain(host, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    socket.getaddrinfo("films.example.org", 80)
    port = server.root.rpartition(":")[2]
    refused(make_library, f"http://films.example.org:{port}/a.wav")
    assert server.requests == []


def test_through_a_proxy_names_are_looked_at(
    server: MediaServer,
    inside: MediaServer,
    make_library: MakeLibrary,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A proxy connects for us: all that can be looked at is what it is asked for."""
    asked: list[str] = []
    with _redirecting_proxy(to=f"{inside.root}/secret.wav", asked=asked) as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        refused(make_library, "http://films.example.invalid/a.wav")
    assert asked == ["http://films.example.invalid/a.wav"]
    assert inside.requests == []


class _redirecting_proxy:  # noqa: N801 - reads as a function
    def __init__(self, *, to: str, asked: list[str]) -> None:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(302)
                self.send_header("Location", to)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.mark.parametrize("scheme", ["ftp", "file", "gopher"])
def test_other_schemes_are_not_followed(
    server: MediaServer, inside: MediaServer, make_library: MakeLibrary, scheme: str
) -> None:
    elsewhere = inside.root.replace("http:", f"{scheme}:") + "/secret.wav"
    page = server.add_page("/page", f'<video src="{elsewhere}"></video>')
    for address in (server.add_redirect("/a", elsewhere), page):
        with pytest.raises(SourceError):
            make_library().fetch(address, name="x")
    assert inside.requests == []


def test_a_small_answer_that_unpacks_to_a_large_one_is_cut_off(
    server: MediaServer, make_library: MakeLibrary
) -> None:
    bomb = gzip.compress(bytes(200 << 20), 6)
    reply = Reply(bomb, kind="audio/x-wav", headers={"Content-Encoding": "gzip"})
    library = make_library(max_bytes=1 << 20)
    with pytest.raises(SourceError, match="larger than"):
        library.fetch(server.add("/a.wav", reply), name="x")
    assert sum(f.stat().st_size for f in library.folder.rglob("*") if f.is_file()) < 3 << 20
