"""Parquet, read back with pandas."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from hypothesis import given, settings
from pyarrow import parquet

from tests.report.example import example_report
from tests.report.strategies import reports
from voxemo_scan.report.tables.csv_file import to_csv
from voxemo_scan.report.tables.files import table_files
from voxemo_scan.report.tables.parquet import to_parquet
from voxemo_scan.report.tables.scenes import scenes_table
from voxemo_scan.report.tables.windows import windows_table

TABLES = pytest.mark.parametrize("table", [windows_table, scenes_table])


def read(table, report):
    return pd.read_parquet(io.BytesIO(to_parquet(table(report), report=report)))


@TABLES
def test_parquet_holds_what_csv_holds_unrounded(table):
    report = example_report()
    exact = read(table, report)
    rounded = pd.read_csv(io.StringIO(to_csv(table(report)), newline=""))
    assert list(exact.columns) == list(rounded.columns)
    assert len(exact) == len(rounded) > 0
    for name in exact.columns:
        if pd.api.types.is_numeric_dtype(exact[name].dtype):
            assert (exact[name] - rounded[name]).abs().max() <= 0.0005 or exact[name].isna().all()
    assert exact["scene"].tolist() == rounded["scene"].tolist()


def test_numbers_are_numbers_and_what_is_not_there_is_missing():
    found = read(scenes_table, example_report()).set_index("scene")
    assert found["angry"].dtype == "float64"
    assert pd.isna(found.loc["pulp-fiction", "angry"])
    assert pd.isna(found.loc["pulp-fiction", "voices"])
    shares = [scene.result.shares for scene in example_report().scenes]
    assert found.loc["elf", "sad"] == shares[2]["sad"]


def test_a_file_says_of_what_report_it_is():
    report = example_report()
    file = io.BytesIO(to_parquet(windows_table(report), report=report))
    about = parquet.read_schema(file).metadata
    assert about[b"created"] == b"2025-11-21T09:30:00Z"
    assert about[b"model"] == b"classic pair 1"


@TABLES
def test_the_same_report_gives_the_same_bytes(table):
    report = example_report()
    assert to_parquet(table(report), report=report) == to_parquet(table(report), report=report)


@settings(max_examples=25, deadline=None)
@given(reports)
def test_any_report_is_a_table(report):
    assert len(read(scenes_table, report)) == len(report.scenes)
    windows = sum(len(scene.result.windows) for scene in report.scenes)
    assert len(read(windows_table, report)) == windows


def test_only_the_formats_that_are_asked_for_are_made():
    assert set(table_files(example_report(), formats=["csv"])) == {"windows.csv", "scenes.csv"}
    assert set(table_files(example_report(), formats=["parquet"])) == {
        "windows.parquet", "scenes.parquet",
    }  # fmt: skip
