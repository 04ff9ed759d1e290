from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import pytest

from voxemo_scan.errors import SourceError
from voxemo_scan.sources.local import open_local


def test_a_file_is_a_clip_with_the_hash_of_its_bytes(recording: Path, body: bytes) -> None:
    clip = open_local(recording)
    assert clip.path == recording
    assert clip.sha256 == hashlib.sha256(body).hexdigest()
    assert not clip.fetched


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nothing\.mp4: no such file") as caught:
        open_local(tmp_path / "nothing.mp4")
    assert "check the path" in caught.value.remedy


def test_a_path_through_a_file(recording: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        open_local(recording / "inside.mp4")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is a folder") as caught:
        open_local(tmp_path)
    assert "name one" in caught.value.remedy


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    with pytest.raises(SourceError, match="0 bytes"):
        open_local(tmp_path / "a.wav")


def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(SourceError, match="not a regular file"):
        open_local(tmp_path / "pipe.wav")


def test_a_device_is_refused() -> None:
    with pytest.raises(SourceError, match="not a regular file"):
        open_local(Path("/dev/zero"))


def test_a_link_that_leads_in_circles(tmp_path: Path) -> None:
    (tmp_path / "loop.wav").symlink_to("loop.wav")
    with pytest.raises(SourceError, match="cannot be read"):
        open_local(tmp_path / "loop.wav")


def test_a_name_with_a_null_byte_and_one_too_long(tmp_path: Path) -> None:
    for name in ("a\x00b.wav", "a" * 300):
        with pytest.raises(SourceError, match="cannot be read"):
            open_local(tmp_path / name)


def test_an_unreadable_file_as_an_ordinary_user_meets_it() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        file = Path(folder) / "secret.wav"
        file.write_bytes(b"RIFF")
        file.chmod(0)
        assert "permission denied" in _message_for_ordinary_user(file)


def _message_for_ordinary_user(file: Path) -> str:
    """Open ``file`` in a child process that is not root, and return the error's message."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setuid(65534)
            open_local(file)
        except SourceError as error:
            os.write(write_end, error.message.encode())
        finally:
            os._exit(0)
    os.close(write_end)
    os.waitpid(child, 0)
    with os.fdopen(read_end) as pipe:
        return pipe.read()
