"""Truncated and bit-flipped recordings of every common container: the sound that is left."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.support.media import Audio, even_frames, find_burst, tone, write_media
from tests.support.media import bursts as bursts_at
from voxemo_scan.audio.decode import decode
from voxemo_scan.errors import AudioError

AT_S = (1.0, 2.5, 4.0, 5.5, 7.0)
FILMS = {".mp4", ".mkv", ".ts", ".avi"}
CONTAINERS = [
    ".mp4", ".mkv", ".webm", ".mp3", ".ogg", ".opus", ".flac", ".wav", ".m4a", ".ts", ".avi",
]  # fmt: skip
INDEX_LAST = {".mp4", ".m4a"}
"""What a player needs stands at their end: cut short, there is nothing to play."""


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Eight seconds with five bursts, in every container, with a picture where there may be."""
    folder = tmp_path_factory.mktemp("films")
    signal = bursts_at(8.0, at_s=AT_S) + tone(8.0, hz=200.0, gain=0.05)
    return {
        ending: write_media(
            folder / f"film{ending}",
            audio=Audio(signal),
            video=even_frames(8.0) if ending in FILMS else None,
        ).read_bytes()
        for ending in CONTAINERS
    }


def heard(path: Path) -> np.ndarray:
    return np.concatenate(list(decode(path)))


def found(sound: np.ndarray, *, within_s: float) -> int:
    """Return how many bursts are where they were."""
    count = 0
    for at in AT_S:
        try:
            count += abs(find_burst(sound, near_s=at) - at) < within_s
        except AssertionError:
            continue
    return count


@pytest.mark.parametrize("ending", CONTAINERS)
def test_cut_short_it_gives_what_is_there(
    films: dict[str, bytes], tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"cut{ending}"
    content = films[ending]
    path.write_bytes(content[: len(content) * 6 // 10])
    if ending in INDEX_LAST:
        with pytest.raises(AudioError, match=r"cut.* is not a media file") as caught:
            heard(path)
        assert caught.value.remedy
        return
    sound = heard(path)
    assert 3.0 < sound.size / 16_000 < 8.2
    assert found(sound, within_s=0.03) >= 2


@pytest.mark.parametrize("ending", CONTAINERS)
def test_with_flipped_bits_it_keeps_what_is_sound(
    films: dict[str, bytes], tmp_path: Path, ending: str
) -> None:
    """Three bits past the header; of Ogg, whose pages have checksums, each takes a second away."""
    content = bytearray(films[ending])
    random = np.random.default_rng(7)
    for at in random.integers(len(content) // 3, len(content) * 3 // 4, 3):
        content[at] ^= 1 << random.integers(8)
    path = tmp_path / f"flipped{ending}"
    path.write_bytes(content)
    sound = heard(path)
    assert sound.size / 16_000 == pytest.approx(8.0, abs=0.6)
    assert found(sound, within_s=0.06) >= 2


@pytest.mark.parametrize("ending", CONTAINERS)
def test_with_a_spoilt_beginning_it_is_refused_or_heard(
    films: dict[str, bytes], tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"headless{ending}"
    path.write_bytes(b"\xa5" * 64 + films[ending][64:])
    try:
        assert heard(path).size > 0
    except AudioError as error:
        assert str(path) in error.message
        assert error.remedy
