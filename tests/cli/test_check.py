"""`voxemo-scan check`, as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from tests.report.example import example_report
from voxemo_scan.report.json_file import encode, to_json
from voxemo_scan.report.write import write_report

MANIFEST = """\
name: Famous scenes
scenes:
  - id: a-few-good-men
    title: A Few Good Men
    source: a.wav
    expect:
      dominant: [angry, disgust]
      at_least: {angry: 30%}
"""


def check(*arguments, folder):
    command = [sys.executable, "-m", "voxemo_scan", "check", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def rows(text):
    return [" ".join(line.split()) for line in text.splitlines()]


def put(report, folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_bytes(encode(to_json(report)))


@pytest.fixture
def place(tmp_path):
    """A folder with a manifest and the report of an earlier run where `run` puts it."""
    write_report(example_report(), folder=tmp_path / "reports" / "famous")
    (tmp_path / "famous.yaml").write_text(MANIFEST)
    return tmp_path


def test_a_report_is_held_to_its_own_verdicts(place):
    done = check("reports/famous", folder=place)
    assert done.returncode == 3
    assert "steel-magnolias dominant sad sad 61.3 % passed" in rows(done.stdout)
    assert "at most angry at most 10 % 22.7 % failed" in rows(done.stdout)
    assert "elf dominant happy or neutral sad 52 %, happy 12 % known failure" in rows(done.stdout)
    assert "pulp-fiction: not analysed: the address answered 404 Not Found" in done.stderr
    assert "1 passed, 1 failed, 1 known failure, 1 not analysed" in done.stderr


@pytest.mark.parametrize(("kept", "code"), [((0, 3), 0), ((0, 1), 1), ((0, 2), 0), ((4,), 3)])
def test_exit_codes(place, kept, code):
    report = example_report()
    put(replace(report, scenes=tuple(report.scenes[at] for at in kept)), place / "some")
    assert check("some/report.json", folder=place).returncode == code


def test_a_manifests_expectations_of_now_are_held_against_its_newest_report(place):
    done = check("famous.yaml", folder=place)
    assert (done.returncode, done.stderr.strip()) == (0, "1 passed")
    (place / "famous.yaml").write_text(MANIFEST.replace("30%", "60%"))
    done = check("famous.yaml", folder=place)
    assert done.returncode == 1
    assert "at least angry at least 60 % 39.9 % failed" in rows(done.stdout)


def test_a_known_failure_keeps_exit_code_0_and_an_unexpected_pass_says_so(place):
    (place / "famous.yaml").write_text(MANIFEST + "    known_failure: shouting is laughter\n")
    done = check("famous.yaml", folder=place)
    assert done.returncode == 0
    assert "unexpected pass" in done.stdout
    assert "known_failure can go from the manifest (shouting is laughter)" in done.stderr
    (place / "famous.yaml").write_text(
        MANIFEST.replace("30%", "60%") + "    known_failure: shouting is laughter\n"
    )
    done = check("famous.yaml", folder=place)
    assert done.returncode == 0
    assert "a-few-good-men: known failure: shouting is laughter" in done.stderr


def test_a_scene_that_the_report_does_not_hold_is_a_line_and_exit_code_3(place):
    extra = "  - id: new\n    title: New\n    source: new.wav\n"
    (place / "famous.yaml").write_text(MANIFEST + extra)
    done = check("famous.yaml", folder=place)
    assert done.returncode == 3
    assert "new: not analysed: the report holds no result for it" in done.stderr
    assert "voxemo-scan run famous.yaml" in done.stderr


def test_another_report_can_be_named(place):
    (place / "reports").rename(place / "elsewhere")
    done = check("famous.yaml", folder=place)
    assert (done.returncode, done.stdout) == (2, "")
    assert "famous.yaml has no report at reports/famous" in done.stderr
    assert "--report DIR" in done.stderr
    assert check("famous.yaml", "--report", "elsewhere/famous", folder=place).returncode == 0


def test_json_is_all_there_is_on_stdout(place):
    done = check("reports/famous", "--json", folder=place)
    value = json.loads(done.stdout)
    assert (value["exit_code"], done.returncode) == (3, 3)
    verdicts = {scene["id"]: scene["verdict"] for scene in value["scenes"]}
    assert verdicts["steel-magnolias"] == "failed"
    assert value["scenes"][1]["checks"][1]["found"] == "22.7 %"


def test_quiet_says_nothing_but_its_exit_code(place):
    done = check("reports/famous", "--quiet", folder=place)
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "")


def test_junit_has_the_lines_of_the_manifest(place):
    done = check("famous.yaml", "--junit", "out/junit.xml", folder=place)
    assert done.returncode == 0
    cases = ET.parse(place / "out" / "junit.xml").getroot().iter("testcase")
    assert [(c.get("file"), c.get("line")) for c in cases] == [
        ("famous.yaml", "7"),
        ("famous.yaml", "8"),
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gone.yaml"], "there is no report or manifest at gone.yaml"),
        (["."], "no report at report.json"),
        (["reports/famous", "--report", "reports/famous"], "is a report already"),
        (["broken.json"], "broken.json is not JSON"),
    ],
)
def test_what_cannot_be_checked_is_a_usage_error_with_a_remedy(place, arguments, said):
    (place / "broken.json").write_text("{")
    done = check(*arguments, folder=place)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "try:" in done.stderr


def test_checking_loads_no_network_and_no_audio(place):
    script = (
        "import sys, runpy; sys.argv = ['voxemo-scan', 'check', 'famous.yaml', '--quiet']\n"
        "try: runpy.run_module('voxemo_scan', run_name='__main__')\n"
        "except SystemExit as stop: assert not stop.code, stop.code\n"
        "heavy = {'torch', 'librosa', 'av', 'yt_dlp', 'pydub', 'numpy', 'jinja2'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=place, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
