"""The report in the repository, for readers of the README."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import jsonschema

from voxemo_scan.models.index import read_index
from voxemo_scan.report.json_file import read_report

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "reports" / "example"
AGAIN = "run `make example` and commit what it writes"


def test_it_is_whole_small_and_of_this_schema():
    names = {path.name for path in FOLDER.iterdir()}
    assert {"report.html", "report.md", "report.json", "windows.csv", "captions"} <= names, AGAIN
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 3_000_000
    schema = json.loads(files("voxemo_scan.report").joinpath("report.schema.json").read_text())
    jsonschema.validate(json.loads((FOLDER / "report.json").read_text()), schema)


def test_it_is_the_demo_as_the_shipped_model_hears_it():
    report = read_report(FOLDER)
    assert report.manifest_path == "manifests/demo.yaml"
    assert [scene.result.status for scene in report.scenes] == ["ok"] * 3, AGAIN
    assert report.model == read_index().info(None), AGAIN


def test_it_tells_nothing_of_the_machine_or_the_day_it_was_made_on():
    assert read_report(FOLDER).created == "2026-01-01T00:00:00+00:00", AGAIN
    texts = [p for p in FOLDER.rglob("*") if p.suffix in {".md", ".json", ".csv", ".html", ".vtt"}]
    leak = re.compile(r"(/home|/root|/Users|/tmp|/work|/var)/\w|[A-Z]:\\\\")
    for path in texts:
        assert not leak.search(path.read_text(encoding="utf-8")), path
