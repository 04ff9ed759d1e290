"""How downloads fare with servers that behave well and badly."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.sources.conftest import MakeLibrary
from tests.support.media_server import MediaServer, Reply
from voxemo_scan.errors import SourceError
from voxemo_scan.sources.address import address_key
from voxemo_scan.sources.library import ClipLibrary

WAV = "audio/x-wav"


def wav(body: bytes, **behaviour: object) -> Reply:
    return Reply(body, kind=WAV, **behaviour)  # type: ignore[arg-type]


def failure(library: ClipLibrary, address: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        library.fetch(address, name="x")
    assert library.find(address) is None
    assert caught.value.remedy
    assert caught.value.message.startswith(address)
    return caught.value


# --- what works ---------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", ["video", "audio"])
def test_a_page_with_a_media_element(
    server: MediaServer, recording: Path, body: bytes, library: ClipLibrary, tag: str
) -> None:
    server.add_file("/media/tone.wav", recording)
    address = server.add_page("/page", f'<{tag} src="media/tone.wav"></{tag}>', title="A scene")
    clip = library.fetch(address, name="x")
    assert clip.path.read_bytes() == body
    assert clip.title is not None
    assert clip.title.startswith("A scene")


def test_a_redirect_is_followed(
    server: MediaServer, recording: Path, body: bytes, library: ClipLibrary
) -> None:
    server.add_file("/there.wav", recording)
    address = server.add_redirect("/here", "/there.wav")
    assert library.fetch(address, name="x").path.read_bytes() == body
    assert library.find(address) is not None


def test_a_body_without_a_content_length(
    server: MediaServer, body: bytes, library: ClipLibrary
) -> None:
    address = server.add("/a.wav", wav(body, announce=-1))
    assert library.fetch(address, name="x").path.read_bytes() == body


def test_media_of_no_known_type(server: MediaServer, body: bytes, library: ClipLibrary) -> None:
    address = server.add("/get?id=7", Reply(body))
    assert library.fetch(address, name="x").path.read_bytes() == body


def test_proxies_do_not_stand_between_this_machine_and_itself(
    server: MediaServer, recording: Path, library: ClipLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert library.fetch(server.add_file("/a.wav", recording), name="x").fetched


def test_nothing_is_printed(
    server: MediaServer, recording: Path, library: ClipLibrary, capfd: pytest.CaptureFixture[str]
) -> None:
    library.fetch(server.add_file("/a.wav", recording), name="x")
    failure(library, f"{server.root}/missing.wav")
    assert capfd.readouterr() == ("", "")


# --- what is tried again ------------------------------------------------------------------------


def test_a_500_then_success(server: MediaServer, body: bytes, library: ClipLibrary) -> None:
    address = server.add("/a.wav", Reply(status=500), wav(body))
    assert library.fetch(address, name="x").path.read_bytes() == body


def test_server_errors_are_tried_as_often_as_asked(
    server: MediaServer, make_library: MakeLibrary
) -> None:
    address = server.add("/a.wav", Reply(status=503))
    error = failure(make_library(attempts=4), address)
    assert "503 Service Unavailable" in error.message
    assert len(server.requests) == 4


def test_the_wait_between_attempts_doubles(server: MediaServer, make_library: MakeLibrary) -> None:
    address = server.add("/a.wav", Reply(status=502))
    began = time.monotonic()
    failure(make_library(attempts=4, backoff_s=0.1), address)
    assert 0.7 <= time.monotonic() - began < 5.0


def test_429_is_tried_again_when_retry_after_says(
    server: MediaServer, body: bytes, library: ClipLibrary
) -> None:
    busy = Reply(status=429, headers={"Retry-After": "1"})
    address = server.add("/a.wav", busy, wav(body))
    began = time.monotonic()
    assert library.fetch(address, name="x").path.read_bytes() == body
    assert 1.0 <= time.monotonic() - began < 6.0


def test_a_retry_after_beyond_the_deadline_is_not_waited_for(
    server: MediaServer, library: ClipLibrary
) -> None:
    address = server.add("/a.wav", Reply(status=429, headers={"Retry-After": "3600"}))
    began = time.monotonic()
    error = failure(library, address)
    assert time.monotonic() - began < 3.0
    assert "429" in error.message
    assert "3600 s" in error.message
    assert len(server.requests) == 1


@pytest.mark.parametrize("reset", [False, True])
def test_a_connection_lost_in_the_body_is_resumed_where_it_broke(
    server: MediaServer, body: bytes, library: ClipLibrary, reset: bool
) -> None:
    broken = wav(body, cut_after=70_000, reset=reset)
    address = server.add("/a.wav", wav(body), broken, wav(body))
    assert library.fetch(address, name="x").path.read_bytes() == body
    resumed = [r.headers["range"] for r in server.requests if "range" in r.headers]
    assert len(resumed) == 1
    assert 0 < int(resumed[0].removeprefix("bytes=").removesuffix("-")) <= 70_000


def test_a_connection_lost_where_ranges_are_not_served_starts_over(
    server: MediaServer, body: bytes, library: ClipLibrary
) -> None:
    broken = wav(body, cut_after=70_000, ranges=False)
    address = server.add("/a.wav", wav(body, ranges=False), broken, wav(body, ranges=False))
    assert library.fetch(address, name="x").path.read_bytes() == body


def test_gaining_ground_counts_as_no_failure(
    server: MediaServer, body: bytes, make_library: MakeLibrary
) -> None:
    address = server.add("/a.wav", wav(body, cut_after=20_000))
    clip = make_library(attempts=2, progress_bytes=10_000).fetch(address, name="x")
    assert clip.path.read_bytes() == body


def test_a_body_shorter_than_announced_is_never_a_clip(
    server: MediaServer, body: bytes, library: ClipLibrary
) -> None:
    address = server.add("/a.wav", wav(body[:50_000], announce=len(body), ranges=False))
    error = failure(library, address)
    assert "before the recording is complete" in error.message


def test_a_partial_file_longer_than_the_resource_is_thrown_away(
    server: MediaServer, body: bytes, library: ClipLibrary
) -> None:
    """Within 100 bytes of the announced length, yt-dlp alone would take it for the whole."""
    longer = body + bytes(50)
    cut = wav(longer + bytes(1000), cut_after=len(longer))
    address = server.add("/a.wav", wav(longer), cut, wav(body))
    assert library.fetch(address, name="x").path.read_bytes() == body


def test_a_partial_file_that_is_all_there_does_not_block_the_download(
    server: MediaServer, body: bytes, library: ClipLibrary
) -> None:
    """A process killed between the last byte and the rename; the server then answers 416."""
    address = server.add("/a.wav", wav(body))
    partial = library.folder / ".partial" / address_key(address)
    partial.mkdir(parents=True)
    (partial / "x-wav.wav.part").write_bytes(body)
    assert library.fetch(address, name="x").path.read_bytes() == body
    assert server.requests[1].headers["range"] == f"bytes={len(body)}-"


def test_a_resource_that_changed_meanwhile_is_not_patched_together(
    server: MediaServer, body: bytes, library: ClipLibrary
) -> None:
    old = wav(body[::-1], cut_after=70_000, headers={"ETag": '"old"'})
    new = wav(body, headers={"ETag": '"new"'})
    address = server.add("/a.wav", old, old, new)
    assert library.fetch(address, name="x").path.read_bytes() == body


# --- what is final ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "words"), [(404, "404 Not Found"), (403, "403 Forbidden"), (410, "410 Gone")]
)
def test_refusals_are_not_asked_twice(
    server: MediaServer, library: ClipLibrary, status: int, words: str
) -> None:
    address = server.add("/a.wav", Reply(b"no", status=status))
    assert words in failure(library, address).message
    assert len(server.requests) == 1


def test_a_403_points_to_cookies(server: MediaServer, library: ClipLibrary) -> None:
    assert "--cookies" in failure(library, server.add("/a", Reply(status=403))).remedy


def test_a_redirect_loop(server: MediaServer, library: ClipLibrary) -> None:
    server.add_redirect("/a", "/b")
    error = failure(library, server.add_redirect("/b", "/a"))
    assert "redirects in circles" in error.message


def test_a_redirect_to_a_local_file(server: MediaServer, library: ClipLibrary) -> None:
    failure(library, server.add_redirect("/a", "file:///etc/passwd"))


def test_a_page_without_media(server: MediaServer, library: ClipLibrary) -> None:
    error = failure(library, server.add_page("/page", "<p>Nothing to hear.</p>"))
    assert "a web page without audio or video" in error.message


def test_a_page_in_a_recordings_clothes(server: MediaServer, library: ClipLibrary) -> None:
    page = b"\n<!DOCTYPE html><html><body>Please log in</body></html>" + bytes(5000)
    error = failure(library, server.add("/film.mp4", Reply(page, kind="video/mp4")))
    assert "a web page where a recording should be" in error.message
    assert "login" in error.remedy


def test_a_page_with_several_recordings_is_no_surprise_playlist(
    server: MediaServer, recording: Path, library: ClipLibrary
) -> None:
    server.add_file("/a.wav", recording)
    server.add_file("/b.wav", recording)
    page = '<video src="/a.wav"></video><p></p><video src="/b.wav"></video>'
    error = failure(library, server.add_page("/page", page))
    assert "several recordings" in error.message
    assert server.asked("/a.wav") == server.asked("/b.wav") == []


def test_a_feed_of_several_recordings(server: MediaServer, library: ClipLibrary) -> None:
    items = "".join(
        f'<item><title>{n}</title><enclosure url="{server.root}/{n}.mp3" type="audio/mpeg"/></item>'
        for n in range(3)
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'
    address = server.add("/feed", Reply(feed.encode(), kind="application/rss+xml"))
    assert "several recordings" in failure(library, address).message


def test_an_empty_body(server: MediaServer, library: ClipLibrary) -> None:
    failure(library, server.add("/a.wav", wav(b"")))


def test_a_port_where_nobody_listens(library: ClipLibrary) -> None:
    with MediaServer() as closed:
        address = f"{closed.root}/a.wav"
    assert "refuses the connection" in failure(library, address).message


def test_a_host_that_does_not_exist(library: ClipLibrary) -> None:
    assert "no such host" in failure(library, "http://nowhere.invalid/a.wav").message


# --- what takes too long or too much ------------------------------------------------------------


def test_a_server_that_never_answers(server: MediaServer, make_library: MakeLibrary) -> None:
    address = server.add("/a.wav", Reply(hang_before_headers=True))
    began = time.monotonic()
    error = failure(make_library(attempts=2, socket_timeout_s=0.3), address)
    assert time.monotonic() - began < 4.0
    assert "does not answer in time" in error.message
    assert len(server.requests) == 2


def test_a_server_that_falls_silent_in_the_body(
    server: MediaServer, body: bytes, make_library: MakeLibrary
) -> None:
    address = server.add("/a.wav", wav(body, hang_after=30_000))
    began = time.monotonic()
    error = failure(make_library(attempts=2, socket_timeout_s=0.3), address)
    assert time.monotonic() - began < 5.0
    assert "does not answer in time" in error.message


def test_a_trickle_is_bounded_by_the_deadline(
    server: MediaServer, body: bytes, make_library: MakeLibrary
) -> None:
    address = server.add("/a.wav", wav(body, drip_s=0.05))
    began = time.monotonic()
    error = failure(make_library(deadline_s=1.5), address)
    assert time.monotonic() - began < 4.0
    assert "not fetched within 1.5 s" in error.message


def test_a_page_that_trickles_is_bounded_by_the_deadline(
    server: MediaServer, make_library: MakeLibrary
) -> None:
    page = Reply(b"<html>" + b" " * 10_000, kind="text/html", drip_s=0.05)
    began = time.monotonic()
    failure(make_library(deadline_s=1.0), server.add("/page", page))
    assert time.monotonic() - began < 4.0


def test_an_announced_size_over_the_limit_is_refused_before_it_comes(
    server: MediaServer, body: bytes, make_library: MakeLibrary
) -> None:
    address = server.add("/a.wav", wav(body))
    assert "larger than" in failure(make_library(max_bytes=100_000), address).message


def test_a_body_of_unknown_size_is_cut_off_at_the_limit(
    server: MediaServer, body: bytes, make_library: MakeLibrary
) -> None:
    address = server.add("/a.wav", wav(body * 50, announce=-1))
    library = make_library(max_bytes=100_000)
    assert "larger than" in failure(library, address).message
    kept = sum(f.stat().st_size for f in library.folder.rglob("*") if f.is_file())
    assert kept < 300_000


def test_the_rate_limit_holds(server: MediaServer, body: bytes, make_library: MakeLibrary) -> None:
    address = server.add("/a.wav", wav(body))
    began = time.monotonic()
    make_library(rate_limit_bytes_per_s=len(body)).fetch(address, name="x")
    assert 0.8 <= time.monotonic() - began < 5.0


def test_stopping_from_another_thread(
    server: MediaServer, body: bytes, make_library: MakeLibrary
) -> None:
    library = make_library(socket_timeout_s=30)
    address = server.add("/a.wav", wav(body), wav(body, hang_after=10_000))
    with pytest.raises(SourceError, match="stopped"):
        library.fetch(address, name="x", progress=lambda done, total: library.cancel())


# --- cookies ------------------------------------------------------------------------------------


def test_cookies_are_sent_and_their_file_is_left_alone(
    server: MediaServer, body: bytes, make_library: MakeLibrary, tmp_path: Path
) -> None:
    cookies = tmp_path / "cookies.txt"
    text = "# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tabc123\n"
    cookies.write_text(text)
    reply = Reply(body, kind=WAV, headers={"Set-Cookie": "session=changed"})
    clip = make_library(cookies=cookies).fetch(server.add("/a.wav", reply), name="x")
    assert server.requests[0].headers["cookie"] == "session=abc123"
    assert cookies.read_text() == text
    assert "abc123" not in clip.path.with_suffix(".json").read_text()


@pytest.mark.parametrize("text", [None, "this is no cookies file\n", "\xff\x00"])
def test_a_cookies_file_that_is_none(
    server: MediaServer,
    recording: Path,
    make_library: MakeLibrary,
    tmp_path: Path,
    text: str | None,
) -> None:
    cookies = tmp_path / "cookies.txt"
    if text is not None:
        cookies.write_bytes(text.encode("latin-1"))
    error = failure(make_library(cookies=cookies), server.add_file("/a.wav", recording))
    assert "cookies" in error.message
    assert server.requests == []


def test_a_plugin_of_the_users_is_not_run(
    server: MediaServer, recording: Path, library: ClipLibrary, tmp_path: Path
) -> None:
    home = tmp_path / "config" / "yt-dlp" / "plugins" / "evil" / "yt_dlp_plugins" / "extractor"
    home.mkdir(parents=True)
    (home / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    os.environ["XDG_CONFIG_HOME"] = str(tmp_path / "config")
    try:
        library.fetch(server.add_file("/a.wav", recording), name="x")
    finally:
        del os.environ["XDG_CONFIG_HOME"]
    assert not (tmp_path / "ran").exists()
