"""windows.csv, read back with Python's own reader."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from tests.report.example import example_report, one_window
from voxemo_scan.report.document import ReportScene
from voxemo_scan.report.tables import csv_file
from voxemo_scan.report.tables.windows import windows_table


def to_csv(report):
    return csv_file.to_csv(windows_table(report))


def rows(report):
    return list(csv.DictReader(io.StringIO(to_csv(report), newline="")))


def test_there_is_a_row_a_window_with_all_its_figures():
    report = example_report()
    found = rows(report)
    assert len(found) == sum(len(scene.result.windows) for scene in report.scenes)
    assert found[-1] == {
        "scene": "one-word",
        "start_s": "0.400",
        "end_s": "2.640",
        "neutral": "0.050000",
        "happy": "0.800000",
        "sad": "0.050000",
        "angry": "0.040000",
        "fear": "0.030000",
        "disgust": "0.030000",
        "top": "happy",
        "female": "0.970000",
        "voice": "",
    }


def test_lines_end_as_rfc_4180_asks():
    text = to_csv(example_report())
    assert text.count("\r\n") == text.count("\n") == len(rows(example_report())) + 1


@pytest.mark.parametrize("name", ["=1+1", "-2", "+3", "@sum(a1)", '=cmd|"/c calc"!a1,b\n'])
def test_no_id_is_taken_for_a_formula_or_breaks_its_cell(name):
    scene = ReportScene(replace(one_window(), id=name))
    (row,) = rows(replace(example_report(), scenes=(scene,)))
    assert row["scene"] == f"'{name.strip()}"
    assert row["top"] == "happy"
