"""A server that misbehaves on request, a recording, and a library that is quick to give up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.media import tone, write_wav
from tests.support.media_server import MediaServer
from voxemo_scan.sources.library import ClipLibrary, FetchOptions

MakeLibrary = Callable[..., ClipLibrary]


@pytest.fixture
def server() -> Iterator[MediaServer]:
    with MediaServer() as running:
        yield running


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds of a tone, 16 kHz, 16 bit: 128 kB."""
    path = tmp_path_factory.mktemp("recording") / "tone.wav"
    return write_wav(path, tone(4.0, rate=16_000))


@pytest.fixture(scope="session")
def body(recording: Path) -> bytes:
    return recording.read_bytes()


@pytest.fixture
def make_library(tmp_path: Path) -> MakeLibrary:
    def make(*, offline: bool = False, **options: Any) -> ClipLibrary:
        quick = {"attempts": 3, "backoff_s": 0.02, "socket_timeout_s": 0.4, "deadline_s": 20.0}
        return ClipLibrary(
            tmp_path / "scenes", options=FetchOptions(**(quick | options)), offline=offline
        )

    return make


@pytest.fixture
def library(make_library: MakeLibrary) -> ClipLibrary:
    return make_library()
