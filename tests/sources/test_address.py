from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxemo_scan.errors import SourceError
from voxemo_scan.sources.address import address_key, is_web, normalise, shown

VIDEO = "https://www.youtube.com/watch?v=9FnO3igOkOk"


@pytest.mark.parametrize(
    "address",
    [
        "https://youtu.be/9FnO3igOkOk?t=39",
        "https://youtu.be/9FnO3igOkOk/",
        "http://www.youtube.com/watch?v=9FnO3igOkOk&t=1m20s#comments",
        "https://m.youtube.com/watch?feature=share&v=9FnO3igOkOk",
        "https://youtube.com/watch?v=9FnO3igOkOk&list=PL123&index=2",
        "https://YouTube.com/shorts/9FnO3igOkOk",
        "https://www.youtube.com/embed/9FnO3igOkOk?start=39",
        "https://www.youtube-nocookie.com/embed/9FnO3igOkOk",
        " https://music.youtube.com/watch?v=9FnO3igOkOk ",
    ],
)
def test_every_way_to_write_a_youtube_video_is_one_address(address: str) -> None:
    assert normalise(address) == VIDEO


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://host.example/a.mp4", "HTTPS://Host.Example:443/a.mp4"),
        ("http://host.example/a.mp4?t=90", "http://host.example:80/a.mp4"),
        ("http://host.example/a.mp4?q=1&start=1m2s", "http://host.example/a.mp4?q=1#t=5"),
        ("http://host.example", "http://host.example/"),
    ],
)
def test_start_times_fragments_case_and_default_ports_make_no_difference(
    one: str, other: str
) -> None:
    assert normalise(one) == normalise(other)
    assert address_key(one) == address_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://host.example/A.mp4", "https://host.example/a.mp4"),
        ("https://host.example/get?t=abc", "https://host.example/get?t=def"),
        ("https://host.example/get?t=1700000001", "https://host.example/get?t=1700000002"),
        ("https://host.example/get?id=1", "https://host.example/get?id=2"),
        ("https://host.example/get?x=", "https://host.example/get"),
        ("https://host.example:8443/a", "https://host.example/a"),
        ("https://youtu.be/9FnO3igOkOk", "https://youtu.be/qo5jnBJvGUs"),
        ("https://www.youtube.com/playlist?list=PL1", "https://www.youtube.com/playlist?list=PL2"),
    ],
)
def test_what_may_be_another_recording_stays_another_address(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)
    assert address_key(one) != address_key(other)


@settings(max_examples=60)
@given(
    host=st.from_regex(r"[a-z]{1,8}\.example", fullmatch=True),
    path=st.text("abcXYZ/%20é~-", max_size=12),
    query=st.dictionaries(st.text("abtq", min_size=1, max_size=3), st.text("12 &=é", max_size=4)),
)
def test_normalising_twice_changes_nothing(host: str, path: str, query: dict[str, str]) -> None:
    pairs = "&".join(f"{key}={value}" for key, value in query.items())
    once = normalise(f"http://{host}/{path}?{pairs}")
    assert normalise(once) == once


@pytest.mark.parametrize("path", ["clip.mp4", "/abs/clip.mp4", "a:b.wav", "C:\\clip.mp4", "www.x"])
def test_a_path_is_no_address(path: str) -> None:
    assert not is_web(path)


@pytest.mark.parametrize("address", ["ftp://host/a.mp3", "file:///etc/passwd", "rtsp://host/a"])
def test_other_schemes_are_refused(address: str) -> None:
    with pytest.raises(SourceError, match="only http and https"):
        is_web(address)


@pytest.mark.parametrize("address", ["http://", "http:///a", "http://host:port/a", "https://[::1/"])
def test_an_address_without_a_host_is_an_error_with_a_remedy(address: str) -> None:
    with pytest.raises(SourceError, match="not a web address") as caught:
        normalise(address)
    assert "https://host/path" in caught.value.remedy


def test_messages_show_neither_password_nor_control_characters() -> None:
    assert shown("https://me:secret@host.example/a\x1b[31m") == "https://host.example/a\ufffd[31m"
