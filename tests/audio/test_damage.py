"""Broken files: an honest error, or the sound that is left, in its right place. Never a crash."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.media import Audio, bursts, even_frames, find_burst, tone, write_media
from voxemo_scan.audio.decode import decode, probe
from voxemo_scan.errors import AudioError


def sound(path: Path, **options: float) -> NDArray[np.int16]:
    return np.concatenate(list(decode(path, **options)))


def error(path: Path, **options: float) -> AudioError:
    with pytest.raises(AudioError) as caught:
        sound(path, **options)
    assert caught.value.remedy
    assert str(path) in caught.value.message
    return caught.value


def test_a_missing_file(tmp_path: Path) -> None:
    assert "is not a file" in error(tmp_path / "none.wav").message


def test_a_folder_and_a_pipe_are_no_files(tmp_path: Path) -> None:
    assert "is not a file" in error(tmp_path).message
    os.mkfifo(tmp_path / "pipe.mp4")
    assert "is not a file" in error(tmp_path / "pipe.mp4").message


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    assert "is empty" in error(tmp_path / "empty.mp4").message


@pytest.mark.parametrize(
    "text",
    [
        "Hello there.\n" * 40,
        "<!doctype html><title>Sign in</title>" + "<p>Sorry</p>" * 200,
        "1\n00:00:01,000 --> 00:00:02,000\nYou can't handle the truth!\n",
        "WEBVTT\n\n00:01.000 --> 00:02.000\nNo.\n",
        '[section]\nkey = "value"\n',
        "#EXTM3U\n",
        "ffconcat version 1.0\nfile other.wav\n",
    ],
)
@pytest.mark.parametrize("name", ["text.mp4", "text.wav", "text.txt"])
def test_a_text_file_is_no_media(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert "is not a media file" in error(tmp_path / name).message
    with pytest.raises(AudioError, match="is not a media file"):
        probe(tmp_path / name)


def test_video_without_audio(tmp_path: Path) -> None:
    path = write_media(tmp_path / "mute.mp4", video=even_frames(1.0))
    assert "is video without audio" in error(path).message


def test_a_start_beyond_the_end(tmp_path: Path) -> None:
    for ending in (".wav", ".m4a", ".opus", ".ts"):
        path = write_media(tmp_path / f"short{ending}", audio=Audio(tone(3.0)))
        for start_s in (3.1, 90.0):
            message = error(path, start_s=start_s).message
            assert f"no sound from {start_s:g} s on" in message
            assert float(message.split()[-2]) == pytest.approx(3.0, abs=0.03)


def test_damaged_packets_are_silent_and_move_nothing(tmp_path: Path) -> None:
    for ending in (".m4a", ".opus", ".mkv", ".ts", ".flac"):  # MP3 carries no time to hold on to
        audio = Audio(bursts(8.0, at_s=(1.0, 7.0)) + tone(8.0, hz=200.0, gain=0.1))
        path = write_media(tmp_path / f"damaged{ending}", audio=audio)
        content = bytearray(path.read_bytes())
        middle = slice(len(content) * 4 // 10, len(content) * 5 // 10)
        content[middle] = np.random.default_rng(1).bytes(middle.stop - middle.start)
        path.write_bytes(content)
        for time_s in (1.0, 7.0):
            around = sound(path, start_s=time_s - 0.2, end_s=time_s + 0.2)
            assert find_burst(around, near_s=0.2) == pytest.approx(0.2, abs=0.012), ending


def test_a_file_that_is_mostly_damaged_is_refused(tmp_path: Path) -> None:
    path = write_media(tmp_path / "ruin.m4a", audio=Audio(tone(5.0)))
    content = bytearray(path.read_bytes())
    start = content.index(b"mdat") + 4
    end = content.index(b"moov") - 4
    content[start:end] = b"\xff" * (end - start)
    path.write_bytes(content)
    assert "too damaged" in error(path).message


def test_a_truncated_download_gives_what_is_there(tmp_path: Path) -> None:
    path = write_media(tmp_path / "part.webm", audio=Audio(bursts(8.0, at_s=(1.0,))))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    part = sound(path)
    assert 1.5 < part.size / 16_000 < 7.0
    assert find_burst(part, near_s=1.0) == pytest.approx(1.0, abs=1e-3)


def test_a_playlist_in_disguise_opens_no_address(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        called: list[bool] = []
        waiting = threading.Thread(target=_accept, args=(server, called))
        waiting.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"
        playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{address}\n#EXT-X-ENDLIST\n"
        (tmp_path / "clip.m3u8").write_text(playlist)
        error(tmp_path / "clip.m3u8")
        waiting.join()
    assert not called


def _accept(server: socket.socket, called: list[bool]) -> None:
    try:
        connection, _ = server.accept()
    except TimeoutError:
        return
    called.append(True)
    connection.close()


@pytest.mark.parametrize("ending", [".wav", ".mp3", ".m4a", ".opus", ".webm", ".ts", ".flac"])
def test_mutated_files_end_in_sound_or_an_audio_error(tmp_path: Path, ending: str) -> None:
    path = write_media(tmp_path / f"whole{ending}", audio=Audio(tone(0.3), codec=None))
    whole = path.read_bytes()
    random = np.random.default_rng(len(ending))
    for index in range(60):
        path.write_bytes(_mutated(whole, random))
        try:
            probe(path)
            seconds = sum(b.size for b in decode(path, start_s=0.1 * (index % 3))) / 16_000
        except AudioError as caught:
            assert caught.remedy
        else:
            assert 0.0 < seconds < 4000.0


def _mutated(content: bytes, random: np.random.Generator) -> bytes:
    """Flip bytes (mostly in the header), cut, repeat or overwrite a stretch."""
    mutated = bytearray(content)
    reach = random.choice([64, 1024, len(content)])
    for _ in range(random.integers(1, 12)):
        mutated[random.integers(0, min(reach, len(mutated)))] = random.integers(0, 256)
    first, second = sorted(random.integers(0, len(mutated), 2))
    match random.integers(0, 4):
        case 0:
            del mutated[first:second]
        case 1:
            mutated[second:second] = mutated[first:second]
        case 2:
            mutated[first:second] = random.bytes(second - first)
    return bytes(mutated)
