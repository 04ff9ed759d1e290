"""Verdicts as JUnit XML."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings

from tests.report.example import HOSTILE, example_report
from tests.report.strategies import reports
from voxemo_scan.check.junit import write_junit
from voxemo_scan.check.verdict import CheckResult


@pytest.fixture
def cases(tmp_path):
    root = ET.parse(write_junit(example_report(), tmp_path / "junit.xml")).getroot()
    return {(case.get("classname"), case.get("line")): case for case in root.iter("testcase")}


def test_there_is_a_case_per_rule_with_the_manifests_file_and_line(cases):
    assert set(cases) == {
        ("a-few-good-men", "8"),
        ("a-few-good-men", "9"),
        ("steel-magnolias", "17"),
        ("steel-magnolias", "18"),
        ("elf", "27"),
        ("pulp-fiction", None),
    }
    assert {case.get("file") for case in cases.values()} == {"manifests/famous-scenes.yaml"}


def test_a_failed_rule_says_what_was_expected_and_found(cases):
    failure = cases["steel-magnolias", "18"].find("failure")
    assert failure.get("message") == "expected at most 10 %, found 22.7 %"
    assert "manifests/famous-scenes.yaml:18" in failure.text
    assert cases["steel-magnolias", "17"].find("failure") is None


def test_a_known_failure_is_skipped_with_its_reason_and_a_failed_scene_is_an_error(cases):
    skipped = cases["elf", "27"].find("skipped")
    assert skipped.get("message") == "known failure: The clip's laughter is taken for sobbing."
    error = cases["pulp-fiction", None].find("error")
    assert error.get("message") == "the address answered 404 Not Found"
    assert error.text.startswith("check the address")


def test_the_counts_are_those_of_the_cases(tmp_path):
    suite = ET.parse(write_junit(example_report(), tmp_path / "junit.xml")).find("testsuite")
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "6", "failures": "1", "errors": "1", "skipped": "1"}


def test_an_unexpected_pass_passes_and_says_so(tmp_path):
    report = example_report()
    scene = replace(report.scenes[0], known_failure="hard", verdict="unexpected-pass")
    path = write_junit(replace(report, scenes=(scene,)), tmp_path / "junit.xml")
    case = ET.parse(path).find(".//testcase")
    assert [child.tag for child in case] == ["system-out"]
    assert "unexpected pass of a known failure: hard" in case.find("system-out").text


def test_a_hostile_title_stays_text(tmp_path):
    report = example_report()
    hush = replace(
        report.scenes[-1], checks=(CheckResult("dominant", False, "sad", "no speech", 4),)
    )
    path = write_junit(replace(report, scenes=(hush,)), tmp_path / "junit.xml")
    name = ET.parse(path).find(".//testcase").get("name")
    assert name.startswith("<script>alert(1)</script> | ")
    assert "\x1b" in HOSTILE
    assert "\x1b" not in name


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(report=reports)
def test_any_report_makes_well_formed_xml(report, tmp_path):
    root = ET.parse(write_junit(report, tmp_path / "junit.xml")).getroot()
    expected = sum(
        len(scene.checks) or int(scene.result.status == "failed") for scene in report.scenes
    )
    assert len(list(root.iter("testcase"))) == expected
