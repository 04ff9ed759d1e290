"""``voxemo-scan compare``, as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.report.compare.pair import lively_pair, report, scene
from voxemo_scan.report.json_file import encode, to_json


def put(made, folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_bytes(encode(to_json(made)))


@pytest.fixture
def place(tmp_path):
    put(report(scene("a", angry=0.47)), tmp_path / "old")
    put(report(scene("a", angry=0.52)), tmp_path / "new")
    return tmp_path


def test_it_tells_what_moved_and_exits_with_0_where_no_limit_is_set(run, place):
    code, out, err = run("compare", "old", "new/report.json")
    assert code == 0
    assert "angry 47 % 52 % +5.0 within" in " ".join(out.split())
    assert err == "1 scene measured; drift 5.0 points (neutral in A)\n"


@pytest.mark.parametrize(
    ("limit", "code"), [("5%", 0), ("5 %", 0), ("0.05", 0), ("4.9%", 1), ("0%", 1)]
)
def test_the_limit_is_written_as_in_a_manifest(run, place, limit, code):
    assert run("compare", "old", "new", "--max-drift", limit, "--quiet") == (code, "", "")


@pytest.mark.parametrize("limit", ["5", "-1%", "120%", "much"])
def test_a_limit_that_is_no_share_is_a_usage_error(run, place, limit):
    code, out, err = run("compare", "old", "new", f"--max-drift={limit}")
    assert (code, out) == (2, "")
    assert "--max-drift" in err
    assert limit in err


def test_why_it_does_not_pass_is_told(run, place):
    put(lively_pair()[0], place / "old")
    put(lively_pair()[1], place / "new")
    code, out, err = run("compare", "old", "new", "--max-drift", "5%")
    assert code == 3
    assert "not held: ELF could not be analysed any more" in err
    assert "not held: sad in Steel Magnolias" in err
    assert "model version" in out


def test_json_is_all_there_is_on_stdout(run, place):
    code, out, err = run("compare", "old", "new", "--json", "--max-drift", "1%", "--quiet")
    assert (code, err) == (1, "")
    value = json.loads(out)
    assert value["schema"] == "voxemo-scan/comparison/1"
    assert value["drift"] == pytest.approx(0.05)
    assert value["old"]["path"] == "old"


def test_files_are_written_where_asked(run, place):
    code, _, err = run("compare", "old", "new", "-o", "out")
    assert code == 0
    assert "comparison: out/comparison.html" in err
    names = {path.name for path in (place / "out").iterdir()}
    assert names == {"comparison.html", "comparison.md", "comparison.json"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is not JSON: Expecting property name"),
        ("[]", "is not a report that this version reads"),
        ('{"schema": "voxemo-scan/report/9"}', "schema is 'voxemo-scan/report/9'"),
        ("name: Demo\nscenes: []", "is not JSON"),
        (None, "no report at bad.json"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_what_is_no_report_is_a_usage_error_with_the_file_and_a_remedy(
    run, place, content, said, first
):
    if content is not None:
        (place / "bad.json").write_text(content)
    code, out, err = run("compare", *(["bad.json", "new"] if first else ["old", "bad.json"]))
    assert (code, out) == (2, "")
    assert "bad.json" in err
    assert said in err
    assert "try:" in err


def test_reports_without_a_common_scene_are_a_usage_error(run, place):
    put(report(scene("b")), place / "new")
    code, _, err = run("compare", "old", "new")
    assert code == 2
    assert "no scene in common" in err


def test_comparing_on_the_terminal_loads_nothing_heavy(place):
    script = (
        "import sys, runpy; sys.argv = ['voxemo-scan', 'compare', 'old', 'new']\n"
        "try: runpy.run_module('voxemo_scan', run_name='__main__')\n"
        "except SystemExit as stop: assert not stop.code, stop.code\n"
        "heavy = {'torch', 'librosa', 'av', 'matplotlib', 'numpy', 'jinja2'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=place, check=True, capture_output=True)
