from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.sources.conftest import MakeLibrary
from tests.support.media_server import MediaServer, Reply
from voxemo_scan.errors import SourceError
from voxemo_scan.sources.library import ClipLibrary


def test_a_fetched_clip_is_the_servers_bytes_with_a_true_sidecar(
    server: MediaServer, recording: Path, body: bytes, library: ClipLibrary
) -> None:
    address = server.add_file("/tone.wav", recording)
    clip = library.fetch(address, name="a-few-good-men")
    assert clip.fetched
    assert clip.path.read_bytes() == body
    assert clip.path.name.startswith("a-few-good-men.")
    sidecar = json.loads(clip.path.with_suffix(".json").read_text())
    assert sidecar["address"] == address
    assert sidecar["size"] == len(body)
    assert sidecar["sha256"] == clip.sha256 == hashlib.sha256(body).hexdigest()
    assert sidecar["title"] == clip.title == "tone"
    assert sidecar["date"].endswith("+00:00")
    assert "yt-dlp" in sidecar["tool"]


def test_nothing_but_clip_and_sidecar_stays(
    server: MediaServer, recording: Path, library: ClipLibrary
) -> None:
    clip = library.fetch(server.add_file("/tone.wav", recording), name="x")
    left = {path for path in library.folder.rglob("*") if path.is_file()}
    assert {path.name for path in left if path.suffix != ".lock"} == {
        clip.path.name,
        clip.path.with_suffix(".json").name,
    }


def test_a_second_fetch_asks_the_server_nothing(
    server: MediaServer, recording: Path, make_library: MakeLibrary
) -> None:
    address = server.add_file("/tone.wav", recording)
    first = make_library().fetch(address, name="one")
    asked = len(server.requests)
    second = make_library().fetch(address, name="two")
    assert len(server.requests) == asked
    assert second.path == first.path
    assert not second.fetched


def test_one_download_serves_all_ranges_of_an_address(
    server: MediaServer, recording: Path, library: ClipLibrary
) -> None:
    address = server.add_file("/tone.wav", recording)
    first = library.fetch(address, name="one")
    asked = len(server.requests)
    assert library.fetch(f"{address}?t=39", name="two").path == first.path
    assert library.fetch(f"{address}#t=1m", name="three").path == first.path
    assert len(server.requests) == asked


def test_offline_finds_what_is_there_and_says_what_is_not(
    server: MediaServer, recording: Path, make_library: MakeLibrary
) -> None:
    address = server.add_file("/tone.wav", recording)
    with pytest.raises(SourceError, match="not downloaded, and --offline was given") as caught:
        make_library(offline=True).fetch(address, name="x")
    assert "voxemo-scan fetch" in caught.value.remedy
    assert server.requests == []
    make_library().fetch(address, name="x")
    assert make_library(offline=True).fetch(address, name="x").path.is_file()


def test_a_clip_cut_short_on_disk_is_fetched_again(
    server: MediaServer, recording: Path, body: bytes, library: ClipLibrary
) -> None:
    address = server.add_file("/tone.wav", recording)
    path = library.fetch(address, name="x").path
    path.write_bytes(body[:1000])
    assert library.find(address) is None
    assert library.fetch(address, name="x").path.read_bytes() == body


def test_verifying_notices_changed_bytes_of_the_same_size(
    server: MediaServer, recording: Path, body: bytes, library: ClipLibrary
) -> None:
    address = server.add_file("/tone.wav", recording)
    path = library.fetch(address, name="x").path
    path.write_bytes(bytes(len(body)))
    assert library.find(address) is not None
    assert library.find(address, verify=True) is None


def test_a_file_without_a_sidecar_is_not_taken_for_a_clip(
    server: MediaServer, recording: Path, library: ClipLibrary
) -> None:
    address = server.add_file("/tone.wav", recording)
    path = library.fetch(address, name="x").path
    path.with_suffix(".json").unlink()
    assert library.find(address) is None


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"file": "../../etc/passwd"}', "\x00", '"x"'],
)
def test_a_spoilt_sidecar_is_as_none(
    server: MediaServer, recording: Path, library: ClipLibrary, text: str
) -> None:
    address = server.add_file("/tone.wav", recording)
    path = library.fetch(address, name="x").path
    path.with_suffix(".json").write_text(text)
    assert library.find(address) is None


def test_a_sidecar_that_names_a_file_elsewhere_is_as_none(
    server: MediaServer, recording: Path, library: ClipLibrary, tmp_path: Path
) -> None:
    address = server.add_file("/tone.wav", recording)
    path = library.fetch(address, name="x").path
    (tmp_path / "outside.wav").write_bytes(path.read_bytes())
    sidecar = json.loads(path.with_suffix(".json").read_text())
    path.with_suffix(".json").write_text(json.dumps(sidecar | {"file": "../outside.wav"}))
    assert library.find(address) is None


def test_a_wild_name_stays_in_the_folder(
    server: MediaServer, recording: Path, library: ClipLibrary
) -> None:
    clip = library.fetch(server.add_file("/a.wav", recording), name="../../Ünï %(id)s\x00" * 9)
    assert clip.path.parent == library.folder
    assert len(clip.path.name) < 100


def test_a_folder_that_cannot_be_written_is_an_error_with_a_remedy(
    server: MediaServer, recording: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    library = ClipLibrary(tmp_path / "file" / "scenes")
    with pytest.raises(SourceError, match="cannot be written") as caught:
        library.fetch(server.add_file("/a.wav", recording), name="x")
    assert "--scenes" in caught.value.remedy


def test_progress_ends_at_the_full_size(
    server: MediaServer, body: bytes, library: ClipLibrary
) -> None:
    seen: list[tuple[int, int | None]] = []
    address = server.add("/a.wav", Reply(body, kind="audio/x-wav"))
    library.fetch(address, name="x", progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(body), len(body))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_what_a_kill_left_beside_a_clip_goes(
    server: MediaServer, recording: Path, library: ClipLibrary
) -> None:
    address = server.add_file("/tone.wav", recording)
    clip = library.fetch(address, name="x")
    left = library.folder / ".partial" / clip.path.name.split(".")[1]
    left.mkdir()
    (left / "server.json").write_text("{}")
    assert library.fetch(address, name="x").path == clip.path
    assert not left.exists()
