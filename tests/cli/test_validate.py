import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner, Result

from voxemo_scan.cli.app import app

GOOD = """\
name: Two scenes
scenes:
  - id: elf
    title: "[bold]Elf[/] :100:"
    source: https://youtu.be/x?t=39
    expect: {dominant: [happy, neutral], at_least: {happy: 12.5%}, at_most: {sad: 20%}}
    known_failure: cheerful music
  - id: gone
    source: clips/gone.wav
    end: 1:00:00.5
"""


def validate(*args: str | Path) -> Result:
    return CliRunner().invoke(app, ["validate", *map(str, args)])


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_a_table_tells_what_each_scene_is(good: Path) -> None:
    result = validate(good)
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines[0] == "Two scenes"
    assert "id title source range expected" in lines
    assert (
        "elf [bold]Elf[/] :100: https://youtu.be/x?t=39 0:39 - end "
        "mostly happy or neutral; happy >= 12.5%; sad <= 20%; known failure"
    ) in lines
    assert "gone Gone clips/gone.wav 0:00 - 1:00:00.5 -" in lines


def test_a_missing_local_file_is_a_warning(good: Path) -> None:
    result = validate(good)
    assert f"warning: {good}:8: no file at clips/gone.wav" in result.stderr
    (good.parent / "clips").mkdir()
    (good.parent / "clips" / "gone.wav").write_bytes(b"")
    assert "warning" not in validate(good).stderr
    assert "2 scenes, no problems" in validate(good).stderr


def test_json_holds_the_same(good: Path) -> None:
    result = validate(good, "--json")
    value = json.loads(result.stdout)
    assert (value["name"], value["path"]) == ("Two scenes", str(good))
    elf, gone = value["scenes"]
    assert (elf["id"], elf["line"], elf["start_s"], elf["missing"]) == ("elf", 3, 39.0, False)
    assert elf["expect"]["at_least"] == {"happy": 0.125}
    assert (gone["end_s"], gone["expect"], gone["missing"]) == (3600.5, None, True)


def test_quiet_says_nothing_of_a_good_manifest(good: Path) -> None:
    result = validate(good, "--quiet")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")


def test_every_problem_is_a_line_on_stderr(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("\n" * 99 + "nmae: x\nscenes: [{id: '[b]', sorce: x}]\n")
    result = validate(path, "--quiet")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        f'{path}:100:1: unknown key "nmae", did you mean "name"?',
        f'{path}:101:10: the scene needs the key "source"',
        f'{path}:101:15: the id "[b]" may hold only a-z, 0-9 and -, and not begin with -, '
        'did you mean "b"?',
        f'{path}:101:22: unknown key "sorce", did you mean "source"?',
        "error: 4 problems in the manifest",
    ]


def test_a_missing_manifest_is_told_with_a_remedy(good: Path) -> None:
    result = validate(good.with_name("god.yaml"))
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        f"error: there is no manifest at {good.with_name('god.yaml')}",
        f"  try: did you mean {good}?",
    ]


def test_the_schema_goes_to_stdout() -> None:
    result = validate("--schema")
    assert (result.exit_code, result.stderr) == (0, "")
    Draft202012Validator.check_schema(json.loads(result.stdout))


def test_without_a_manifest_it_says_what_is_wanted() -> None:
    result = validate()
    assert result.exit_code == 2
    assert "name a manifest, or ask for --schema" in result.stderr
