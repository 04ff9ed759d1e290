from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from voxemo_scan.cli.app import app
from voxemo_scan.manifest.load import load_manifest, parse_manifest


def init(*args: str | Path) -> Result:
    return CliRunner().invoke(app, ["init", *map(str, args)])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips" / "b.wav").write_bytes(b"")
    (tmp_path / "clips" / "a.mp4").write_bytes(b"")
    return tmp_path


def test_without_arguments_an_example_is_written_that_loads() -> None:
    result = init()
    assert (result.exit_code, result.stdout) == (0, "")
    assert "wrote manifests/my-scenes.yaml with 1 scene\n" in result.stderr
    assert "voxemo-scan run manifests/my-scenes.yaml" in result.stderr
    manifest = load_manifest(Path("manifests/my-scenes.yaml"))
    assert manifest.name == "My scenes"
    assert manifest.scenes[0].expect is not None


def test_folders_and_addresses_become_scenes_that_resolve() -> None:
    result = init("clips", "https://youtu.be/x?t=5", "-o", "lists/f.yaml", "--name", "My: films")
    assert result.exit_code == 0
    manifest = load_manifest(Path("lists/f.yaml"))
    assert manifest.name == "My: films"
    assert [s.source for s in manifest.scenes] == [
        "../clips/a.mp4",
        "../clips/b.wav",
        "https://youtu.be/x?t=5",
    ]
    assert Path(manifest.resolve(manifest.scenes[0])).is_file()


def test_a_manifest_is_overwritten_only_by_force() -> None:
    assert init("clips/a.mp4", "-o", "m.yaml").exit_code == 0
    before = Path("m.yaml").read_bytes()
    refused = init("clips/b.wav", "-o", "m.yaml")
    assert refused.exit_code == 2
    assert "m.yaml is already there" in refused.stderr
    assert "--force" in refused.stderr
    assert Path("m.yaml").read_bytes() == before
    assert init("clips/b.wav", "-o", "m.yaml", "--force").exit_code == 0
    assert [s.id for s in load_manifest(Path("m.yaml")).scenes] == ["b"]


def test_a_dash_writes_to_stdout_alone() -> None:
    result = init("clips", "-o", "-")
    assert [s.id for s in parse_manifest(result.stdout, path=Path("m.yaml")).scenes] == ["a", "b"]
    assert result.stderr == ""
    assert not Path("manifests").exists()


def test_quiet_says_nothing() -> None:
    result = init("clips", "--quiet")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["nowhere.wav"], "no file or folder nowhere.wav"),
        (["youtu.be/x"], "https://youtu.be/x"),
        (["clips", "-o", "clips"], "clips is a folder"),
        (["clips", "--name", ""], '"name" is empty'),
    ],
)
def test_what_cannot_be_done_writes_nothing(args: list[str], message: str) -> None:
    result = init(*args)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not Path("manifests").exists()
