"""scenes.csv, read back with Python's own reader."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given, settings

from tests.report.example import example_report, one_window, scanned, with_voices
from tests.report.strategies import reports
from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.report.document import ReportScene
from voxemo_scan.report.tables.csv_file import to_csv
from voxemo_scan.report.tables.scenes import entropy_bits, scenes_table


def rows(report):
    text = to_csv(scenes_table(report))
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_there_is_a_row_a_scene_whatever_became_of_it():
    report = example_report()
    found = rows(report)
    assert [row["scene"] for row in found] == [scene.result.id for scene in report.scenes]
    assert [row["status"] for row in found] == ["ok"] * 4 + ["failed", "no-speech"]
    assert [row["verdict"] for row in found][:3] == ["passed", "failed", "known-failure"]
    assert found[4]["error"] == "the address answered 404 Not Found"
    assert found[2]["known_failure"] == "The clip's laughter is taken for sobbing."
    assert [row["checks_failed"] for row in found] == ["0", "1", "1", "0", "0", "0"]


def test_a_row_holds_the_scene_s_figures():
    report = example_report()
    result, row = report.scenes[0].result, rows(report)[0]
    for emotion in EMOTIONS:
        low, high = result.share_ci[emotion]
        assert float(row[emotion]) == pytest.approx(result.shares[emotion], abs=1e-6)
        assert float(row[f"{emotion}_low"]) == pytest.approx(low, abs=1e-6)
        assert float(row[f"{emotion}_high"]) == pytest.approx(high, abs=1e-6)
        assert float(row[f"{emotion}_mean"]) == pytest.approx(result.mean_shares[emotion], abs=1e-6)
    assert (row["angry_published"], row["happy_published"]) == ("0.470000", "")
    assert (row["range_start_s"], row["range_end_s"], row["duration_s"]) == (
        "39.000", "150.000", "111.000",
    )  # fmt: skip
    assert row["dominant"] == "angry"
    assert int(row["windows"]) == len(result.windows)
    assert int(row["segments"]) == len(result.segments)


def test_a_scene_without_result_has_empty_cells_and_not_zeros():
    row = rows(example_report())[4]
    empty = {*EMOTIONS, "dominant", "entropy_bits", "female_share", "male_share", "voices"}
    assert {row[name] for name in empty} == {""}


def test_voices_are_counted_where_they_are_told_apart():
    told = with_voices(scanned("a", "A", leaning={"sad": 0.5}, duration_s=200), film="F")
    untold = replace(told, turns=(), speakers=())
    report = replace(example_report(), scenes=(ReportScene(told), ReportScene(untold)))
    assert [row["voices"] for row in rows(report)] == ["3", ""]


def test_entropy_is_0_for_one_emotion_and_log_6_for_all_alike():
    def mixed(*shares):
        return ReportScene(replace(one_window(), shares=dict(zip(EMOTIONS, shares, strict=True))))

    assert entropy_bits(mixed(0, 0, 1, 0, 0, 0)) == 0
    assert entropy_bits(mixed(0.5, 0, 0, 0.5, 0, 0)) == pytest.approx(1)
    assert entropy_bits(mixed(*[1 / 6] * 6)) == pytest.approx(2.584963, abs=1e-6)


@settings(max_examples=40)
@given(reports)
def test_any_report_has_a_whole_row_a_scene_and_no_formula(report):
    text = to_csv(scenes_table(report))
    found = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert len(found) == len(report.scenes) + 1
    assert {len(row) for row in found} == {len(found[0])}
    assert not [cell for row in found for cell in row if cell.startswith(("=", "+", "-", "@"))]
