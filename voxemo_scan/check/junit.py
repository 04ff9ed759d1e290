"""Verdicts as a JUnit XML file, which continuous integration servers show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from voxemo_scan.atomic import write_atomic
from voxemo_scan.check.verdict import CheckResult
from voxemo_scan.text import clean

if TYPE_CHECKING:
    from voxemo_scan.report.document import Report, ReportScene


def write_junit(report: Report, path: Path) -> Path:
    """Write one test case per rule to ``path`` and return it.

    Each case carries the manifest's file and the rule's line. A rule that fails is a failure, in
    a known failure it is skipped with the reason; a scene that could not be analysed is an error.
    A scene that failed and expects nothing still has a case, ``analysed``.
    """
    cases = [case for scene in report.scenes for case in _cases(scene, report=report)]
    suite = ET.Element("testsuite", {"name": clean(report.manifest_name), **_counts(cases)})
    suite.extend(cases)
    root = ET.Element("testsuites", {"name": "voxemo-scan", **_counts(cases)})
    root.append(suite)
    ET.indent(root)
    content = ET.tostring(root, encoding="unicode")
    return write_atomic(path, f'<?xml version="1.0" encoding="utf-8"?>\n{content}\n')


def _counts(cases: list[ET.Element]) -> dict[str, str]:
    kinds = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    counts = {name: sum(c.find(tag) is not None for c in cases) for name, tag in kinds.items()}
    return {"tests": str(len(cases)), **{name: str(count) for name, count in counts.items()}}


def _cases(scene: ReportScene, *, report: Report) -> Iterator[ET.Element]:
    if scene.result.status == "failed" and not scene.checks:
        yield _error(_case("analysed", scene, report=report, line=0), scene)
    for check in scene.checks:
        case = _case(check.rule, scene, report=report, line=check.line)
        yield _with_outcome(case, check, scene=scene)


def _case(name: str, scene: ReportScene, *, report: Report, line: int) -> ET.Element:
    case = ET.Element(
        "testcase",
        classname=clean(scene.result.id),
        name=clean(f"{scene.result.title}: {name}"),
        file=clean(report.manifest_path),
    )
    if line:
        case.set("line", str(line))
    return case


def _with_outcome(case: ET.Element, check: CheckResult, *, scene: ReportScene) -> ET.Element:
    if scene.result.status == "failed":
        return _error(case, scene)
    text = clean(f"expected {check.expected}, found {check.found}")
    if not check.passed and scene.known_failure is not None:
        ET.SubElement(case, "skipped", message=clean(f"known failure: {scene.known_failure}"))
    elif not check.passed:
        failure = ET.SubElement(case, "failure", message=text, type="expectation")
        failure.text = clean(f"{case.get('file')}:{check.line}: {check.rule}: {text}")
    elif scene.verdict == "unexpected-pass":
        note = ET.SubElement(case, "system-out")
        note.text = clean(f"unexpected pass of a known failure: {scene.known_failure}; {text}")
    return case


def _error(case: ET.Element, scene: ReportScene) -> ET.Element:
    result = scene.result
    error = ET.SubElement(case, "error", message=clean(result.error or "not analysed"))
    error.set("type", "scene")
    error.text = clean(result.remedy or "")
    return case
