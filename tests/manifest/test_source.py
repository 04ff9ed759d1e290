from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxemo_scan.manifest.mistake import MistakeError
from voxemo_scan.manifest.source import is_web, parse_source, resolve_source, start_in_address


@pytest.mark.parametrize(
    "source",
    [
        "https://youtu.be/9FnO3igOkOk?t=39",
        "HTTP://example.org/a.mp3",
        "http://[::1]:8000/a.wav",
        "clip.wav",
        "../clips/A scene (1).mp4",
        "/abs/clip.wav",
        "C:\\clips\\a.wav",
        "./take:2.wav",
        "映画.mkv",
    ],
)
def test_addresses_and_paths_are_sources(source: str) -> None:
    assert parse_source(source) == source


@pytest.mark.parametrize(
    ("source", "message", "suggestion"),
    [
        ("", "is empty", None),
        ("  ", "is empty", None),
        ("file:///tmp/a.wav", "given by its path", "/tmp/a.wav"),
        ("ftp://example.org/a.wav", 'not "ftp:"', None),
        ("javascript:alert(1)", 'not "javascript:"', None),
        ("data:audio/wav;base64,AAAA", 'not "data:"', None),
        ("https:/youtu.be/x", "is no web address", "https://youtu.be/x"),
        ("https://", "names no host", None),
        ("https://:80/a", "names no host", None),
        ("http://[::1/a", "is no web address", None),
        ("http://a:99999/b", "is no web address", None),
        ("https://example.org/a b", "holds a space", None),
        ("youtu.be/9FnO3igOkOk", "lacks its scheme", "https://youtu.be/9FnO3igOkOk"),
        ("www.youtube.com/watch?v=x", "lacks", "https://www.youtube.com/watch?v=x"),
        ("a" * 5000, "longer than 4096", None),
    ],
)
def test_other_sources_are_told(source: str, message: str, suggestion: str | None) -> None:
    with pytest.raises(MistakeError, match=message) as caught:
        parse_source(source)
    assert caught.value.suggestion == suggestion


@pytest.mark.parametrize(
    ("address", "seconds"),
    [
        ("https://youtu.be/x?t=39", 39),
        ("https://youtu.be/x?t=39s", 39),
        ("https://youtu.be/x?t=1m20s", 80),
        ("https://www.youtube.com/watch?v=x&t=1h2m3s", 3723),
        ("https://www.youtube.com/embed/x?start=26", 26),
        ("https://vimeo.com/1#t=39s", 39),
        ("https://youtu.be/x?t=0", 0),
        ("https://youtu.be/x", None),
        ("https://youtu.be/x?t=", None),
        ("https://youtu.be/x?t=soon", None),
        ("https://youtu.be/x?start_radio=1", None),
        ("https://cdn.example.org/a.mp3?t=1700000000", None),
        ("a.wav?t=39", None),
    ],
)
def test_an_address_may_say_where_to_start(address: str, seconds: float | None) -> None:
    assert start_in_address(address) == seconds


def test_a_path_is_seen_from_the_manifests_folder() -> None:
    folder = Path("/films/manifests")
    assert resolve_source("../a.wav", folder=folder) == folder / "../a.wav"
    assert resolve_source("/b.wav", folder=folder) == Path("/b.wav")
    assert resolve_source("~/c.wav", folder=folder) == Path.home() / "c.wav"
    assert resolve_source("https://a.org/d", folder=folder) == "https://a.org/d"


@given(st.text(max_size=60) | st.text(max_size=60).map("https://".__add__))
def test_any_text_is_a_source_or_a_mistake(text: str) -> None:
    try:
        source = parse_source(text)
    except MistakeError:
        return
    start = start_in_address(source)
    assert start is None or (is_web(source) and 0 <= start < 86_400)
