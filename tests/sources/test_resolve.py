from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.sources.conftest import MakeLibrary
from tests.support.media_server import MediaServer
from voxemo_scan.errors import SourceError
from voxemo_scan.manifest.model import Manifest, Scene
from voxemo_scan.sources.library import ClipLibrary
from voxemo_scan.sources.resolve import fetch_scene


def manifest_of(folder: Path, source: str) -> Manifest:
    scene = Scene(id="a-scene", title="A scene", source=source)
    return Manifest(name="m", path=folder / "m.yaml", scenes=(scene,))


def fetch_only(manifest: Manifest, library: ClipLibrary) -> Path:
    return fetch_scene(manifest.scenes[0], manifest, library).path


def test_a_path_counts_from_the_manifests_folder(
    recording: Path, tmp_path: Path, library: ClipLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "films").mkdir()
    shutil.copy(recording, tmp_path / "films" / "a.wav")
    monkeypatch.chdir("/")
    manifest = manifest_of(tmp_path / "manifests", "../films/a.wav")
    (tmp_path / "manifests").mkdir()
    assert fetch_only(manifest, library).samefile(tmp_path / "films" / "a.wav")


def test_an_absolute_path_and_one_from_home(
    recording: Path, tmp_path: Path, library: ClipLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(recording.parent))
    assert fetch_only(manifest_of(tmp_path, str(recording)), library) == recording
    assert fetch_only(manifest_of(tmp_path, f"~/{recording.name}"), library) == recording


def test_an_address_goes_to_the_library_under_the_scenes_id(
    server: MediaServer, recording: Path, tmp_path: Path, library: ClipLibrary
) -> None:
    manifest = manifest_of(tmp_path, server.add_file("/a.wav", recording))
    path = fetch_only(manifest, library)
    assert path.parent == library.folder
    assert path.name.startswith("a-scene.")


def test_offline_does_not_touch_local_files(
    recording: Path, tmp_path: Path, make_library: MakeLibrary
) -> None:
    manifest = manifest_of(tmp_path, str(recording))
    assert fetch_only(manifest, make_library(offline=True)) == recording


def test_a_missing_file_names_the_path_that_was_looked_at(
    tmp_path: Path, library: ClipLibrary
) -> None:
    with pytest.raises(SourceError, match=str(tmp_path / "gone.mp4")):
        fetch_only(manifest_of(tmp_path, "gone.mp4"), library)
