"""Thousands of spoilt inputs: a result or an honest error, in bounded time and memory.

``VOXEMO_FUZZ=3000 pytest tests/faults/test_fuzz.py`` tries so many of each kind.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.faults.fuzz import EDITS, FUZZ, INPUTS, spoilt
from tests.manifest.test_load import WHOLE
from tests.support.media import Audio, even_frames, tone, write_media
from voxemo_scan.audio.decode import decode, probe
from voxemo_scan.errors import AudioError, ManifestError
from voxemo_scan.manifest.load import load_manifest
from voxemo_scan.report.media.still import poster

CONTAINERS = ["mp4", "mkv", "webm", "mp3", "ogg", "opus", "flac", "wav", "m4a", "ts", "avi"]
FILMS = {"mp4", "mkv", "ts", "avi"}
GROWTH_BYTES = 96 << 20
LONGEST_S = 10.0

pytestmark = pytest.mark.timeout(300 + INPUTS)


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


@contextmanager
def bounded() -> Iterator[Callable[[], None]]:
    """Give a mark to set before each input; none may take long, nor all of them together grow."""
    seen = 0
    base = resident_bytes()

    def mark() -> None:
        nonlocal seen, base
        seen += 1
        if seen == INPUTS // 4:  # decoders have taken what they keep
            base = resident_bytes()

    yield mark
    assert resident_bytes() - base < GROWTH_BYTES


@contextmanager
def quick() -> Iterator[None]:
    began = time.thread_time()
    yield
    assert time.thread_time() - began < LONGEST_S


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    return {
        ending: write_media(
            folder / f"whole.{ending}",
            audio=Audio(tone(0.6)),
            video=even_frames(0.6) if ending in FILMS else None,
        ).read_bytes()
        for ending in CONTAINERS
    }


def test_a_spoilt_recording_gives_sound_or_an_honest_error(
    whole: dict[str, bytes], tmp_path: Path
) -> None:
    with bounded() as mark:

        @FUZZ
        @given(st.sampled_from(CONTAINERS), EDITS, st.sampled_from([0.0, 0.3, 5.0]))
        def hear(ending: str, edits: list[tuple[str, float, float, int]], start_s: float) -> None:
            mark()
            path = tmp_path / f"spoilt.{ending}"
            path.write_bytes(spoilt(whole[ending], edits))
            with quick():
                try:
                    probe(path)
                    blocks = (block.size for block in decode(path, start_s=start_s))
                    assert 0 < sum(blocks) < 16_000 * 40_000
                except AudioError as error:
                    assert str(path) in error.message
                    assert error.remedy

        hear()


def test_a_spoilt_film_gives_a_picture_or_none(whole: dict[str, bytes], tmp_path: Path) -> None:
    with bounded() as mark:

        @FUZZ
        @given(st.sampled_from(sorted(FILMS)), EDITS, st.sampled_from([0.0, 0.3, 5.0]))
        def look(ending: str, edits: list[tuple[str, float, float, int]], at_s: float) -> None:
            mark()
            path = tmp_path / f"spoilt.{ending}"
            path.write_bytes(spoilt(whole[ending], edits))
            with quick():
                try:
                    found = poster(path, at_s=at_s)
                except AudioError as error:
                    assert str(path) in error.message
                    return
            assert found is None or found.picture.width <= 480

        look()


def test_a_spoilt_manifest_is_read_or_explained(tmp_path: Path) -> None:
    """Bytes, not text: what is no UTF-8 is one of the ways to be wrong."""
    path = tmp_path / "spoilt.yaml"
    with bounded() as mark:

        @FUZZ
        @given(EDITS)
        def read(edits: list[tuple[str, float, float, int]]) -> None:
            mark()
            path.write_bytes(spoilt(WHOLE.encode(), edits))
            with quick():
                try:
                    load_manifest(path)
                except ManifestError as error:
                    assert all(p.line >= 1 and p.column >= 1 for p in error.problems)
                    assert error.problems

        read()


def test_any_bytes_are_no_manifest_or_one(tmp_path: Path) -> None:
    path = tmp_path / "any.yaml"
    with bounded() as mark:

        @FUZZ
        @given(st.binary(max_size=400))
        def read(content: bytes) -> None:
            mark()
            path.write_bytes(content)
            with quick():
                try:
                    load_manifest(path)
                except ManifestError as error:
                    assert error.problems

        read()
