"""What much sound costs, from rates with known answers; and that the page says what is reckoned."""

import json
from dataclasses import asdict, fields, replace
from pathlib import Path

import pytest

from voxemo_scan.bench.rates import Rates, read_rates, write_rates
from voxemo_scan.bench.scaling import (
    Work,
    core_hours,
    driver_hours,
    inserted,
    lanes,
    main,
    tables,
    workers_that_keep_up,
)
from voxemo_scan.errors import UsageError

DOCS = Path(__file__).parents[2] / "docs"
RATES = Rates(**{field.name: 1.0 for field in fields(Rates)})
WORK = Work(hours=100, speech_share=0.5, download_mb_per_s=2, network_mb_per_s=4)


def test_core_hours_are_sound_over_rates():
    rates = replace(RATES, decode_x=200, speech_x=50, judge_x=10, rest_x=1000)
    assert core_hours(WORK, rates) == {
        "decode": 0.5, "voice activity": 2.0, "networks": 5.0, "voices, shares, intervals": 0.1,
    }  # fmt: skip


def test_lanes_go_side_by_side_and_only_workers_gain_from_workers():
    rates = replace(
        RATES, clip_mb_per_hour=72, hash_mb_per_s=20, merge_s_per_hour=36, report_s_per_hour=7.2,
        cold_start_s=0,
    )  # fmt: skip
    one, ten = (lanes(WORK, rates, workers=count) for count in (1, 10))
    assert one["download"] == pytest.approx(1.0)  # 7,200 MB at 2 MB/s
    assert one["upload"] == pytest.approx(0.5)
    assert one["driver"] == pytest.approx(0.1 + 1.0)
    assert one["workers"] == pytest.approx(350)
    assert ten == one | {"workers": pytest.approx(35)}
    assert driver_hours(WORK, rates)["report"] == pytest.approx(0.2)
    keeping_up = workers_that_keep_up(WORK, rates, lane="download")
    assert lanes(WORK, rates, workers=round(keeping_up))["workers"] == pytest.approx(1.0)


def test_rates_come_back_and_a_missing_one_is_named(tmp_path):
    path = tmp_path / "rates.json"
    write_rates(RATES, {"command": "x"}, path=path)
    assert read_rates(path) == (RATES, {"command": "x"})
    told = json.loads(path.read_text())
    del told["rates"]["judge_x"]
    path.write_text(json.dumps(told | {"more": 1}))
    with pytest.raises(UsageError, match="judge_x") as caught:
        read_rates(path)
    assert "bench.measure" in caught.value.remedy


def test_the_page_holds_what_is_reckoned_from_the_measured_rates():
    rates, measured = read_rates(DOCS / "rates.json")
    page = (DOCS / "scaling.md").read_text("utf-8")
    assert inserted(page, tables(Work(), rates, measured)) == page
    assert all(value > 0 for value in asdict(rates).values())


def test_tables_are_printed_or_written_between_the_marks(tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- reckoned -->\nold\n<!-- /reckoned -->\nafter\n")
    write_rates(RATES, {"load": [1, 2.5]}, path=tmp_path / "rates.json")
    arguments = ["--rates", str(tmp_path / "rates.json"), "--hours", "50"]
    main(arguments)
    printed = capsys.readouterr().out
    assert "50 hours in 30 clips" in printed
    main([*arguments, "--write", str(page)])
    written = page.read_text()
    assert written.startswith("before\n<!-- reckoned -->\n50 hours")
    assert written.endswith("<!-- /reckoned -->\nafter\n")
    assert "old" not in written
    with pytest.raises(UsageError, match="reckoned"):
        inserted("no marks", "x")


def test_the_marks_hold_whole_tables():
    for table in tables(WORK, RATES, {}).split("\n\n"):
        rows = [line for line in table.splitlines() if line.startswith("|")]
        assert len({row.count("|") for row in rows}) <= 1
