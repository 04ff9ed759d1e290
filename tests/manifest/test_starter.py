from pathlib import Path

import pytest

from voxemo_scan.errors import UsageError
from voxemo_scan.manifest.load import load_manifest, parse_manifest
from voxemo_scan.manifest.model import Manifest
from voxemo_scan.manifest.starter import HEADER, starter_manifest, starter_text


def written(sources: list[str], path: Path, name: str | None = None) -> Manifest:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(starter_text(starter_manifest(sources, path=path, name=name)), encoding="utf-8")
    return load_manifest(path)


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def test_a_folder_becomes_its_media_in_order(tmp_path: Path) -> None:
    clips = tmp_path / "clips"
    touch(clips, "b/Two Words.MP4", "b/notes.txt", "a.wav", "c.opus", ".hidden/d.wav", ".e.wav")
    manifest = written([str(clips)], tmp_path / "manifests" / "my-films.yaml")
    assert manifest.name == "My films"
    assert [(s.id, s.title, s.source) for s in manifest.scenes] == [
        ("a", "A", "../clips/a.wav"),
        ("two-words", "Two Words", "../clips/b/Two Words.MP4"),
        ("c", "C", "../clips/c.opus"),
    ]
    assert all(Path(manifest.resolve(s)).is_file() for s in manifest.scenes)


def test_ids_are_unique_and_never_empty(tmp_path: Path) -> None:
    touch(tmp_path, "1/a.wav", "2/A.mp3", "3/映画.mkv", "4/ゴジラ.mkv", "5/nul.wav")
    manifest = written([str(tmp_path)], tmp_path / "m.yaml")
    assert [s.id for s in manifest.scenes] == ["a", "a-2", "scene", "scene-2", "nul-scene"]


def test_the_same_file_twice_is_one_scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "a.wav")
    monkeypatch.chdir(tmp_path)
    manifest = starter_manifest(["a.wav", "./a.wav", str(tmp_path)], path=Path("m.yaml"))
    assert [s.source for s in manifest.scenes] == ["a.wav"]


def test_a_file_that_is_named_may_have_any_suffix(tmp_path: Path) -> None:
    touch(tmp_path, "recording.dat")
    assert (
        written([str(tmp_path / "recording.dat")], tmp_path / "m.yaml").scenes[0].id == "recording"
    )


def test_a_linked_file_keeps_its_own_name(tmp_path: Path) -> None:
    touch(tmp_path, "store/0001.wav")
    (tmp_path / "lear.wav").symlink_to(tmp_path / "store" / "0001.wav")
    manifest = written([str(tmp_path / "lear.wav")], tmp_path / "m.yaml")
    assert (manifest.scenes[0].id, manifest.scenes[0].source) == ("lear", "lear.wav")


@pytest.mark.parametrize("name", ["take:2.wav", "~/a.wav", "www.films/a.wav", " a.wav", "#1.wav"])
def test_names_that_look_like_other_things_stay_paths(tmp_path: Path, name: str) -> None:
    touch(tmp_path, name)
    manifest = written([str(tmp_path / name)], tmp_path / "m.yaml")
    found = manifest.resolve(manifest.scenes[0])
    assert isinstance(found, Path)
    assert found.samefile(tmp_path / name)


@pytest.mark.parametrize(
    ("address", "scene_id", "title"),
    [
        ("https://youtu.be/9FnO3igOkOk?t=39", "9fno3igokok", "youtu.be/9FnO3igOkOk"),
        ("https://www.youtube.com/watch?v=iZx1W6cHw-g", "izx1w6chw-g",
         "www.youtube.com/iZx1W6cHw-g"),
        ("https://example.org/media/My%20Clip.mp3?x=1", "my-clip", "example.org/media/My Clip.mp3"),
        ("https://example.org/", "example-org", "example.org/"),
    ],
)  # fmt: skip
def test_an_address_names_its_scene(
    tmp_path: Path, address: str, scene_id: str, title: str
) -> None:
    scene = written([address], tmp_path / "m.yaml").scenes[0]
    assert (scene.id, scene.title, scene.source) == (scene_id, title, address)


def test_no_sources_give_an_example_with_an_expectation(tmp_path: Path) -> None:
    scene = written([], tmp_path / "m.yaml").scenes[0]
    assert (scene.id, scene.start_s, scene.end_s) == ("a-few-good-men", 39.0, 150.0)
    assert scene.expect is not None
    assert scene.expect.dominant == ("angry", "disgust")


def test_the_example_in_the_header_loads_once_it_is_no_comment() -> None:
    fields = [line for line in HEADER.splitlines() if line.startswith("  ")]
    text = "scenes:\n  - id: a\n    source: a.wav\n" + "".join(f"  {line}\n" for line in fields)
    scene = parse_manifest(text, path=Path("m.yaml")).scenes[0]
    assert scene.expect is not None
    assert scene.expect.tolerance == 0.05
    assert scene.known_failure is not None


def test_what_cannot_be_a_scene_is_told(tmp_path: Path) -> None:
    touch(tmp_path, "empty/readme.txt", "bad\nname.wav")
    path = tmp_path / "m.yaml"
    for source, message in [
        (str(tmp_path / "none.wav"), "no file or folder"),
        (str(tmp_path / "empty"), "no audio or video"),
        (str(tmp_path / "bad\nname.wav"), "a manifest cannot"),
        ("youtu.be/x", "lacks its scheme"),
        ("ftp://example.org/a.wav", 'not "ftp:"'),
        ("https://", "names no host"),
    ]:
        with pytest.raises(UsageError, match=message):
            starter_manifest([source], path=path)
    with pytest.raises(UsageError, match="control character"):
        starter_text(starter_manifest([], path=path, name="a\x1b[31m"))
