"""The tables on the terminal."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from tests.report.example import example_report
from voxemo_scan.report.terminal import checks_table, remarks, summary_table


def shown(table, width=80):
    console = Console(file=io.StringIO(), width=width)
    console.print(table)
    return console.file.getvalue()


@pytest.mark.parametrize("make", [summary_table, checks_table])
def test_a_table_fits_eighty_columns_and_loses_no_word(make):
    text = shown(make(example_report()))
    assert max(len(line) for line in text.splitlines()) <= 80
    wide = shown(make(example_report()), width=300)
    words = {word for word in wide.split() if len(word) < 12 and not set(word) & set("─")}
    assert words
    assert not [word for word in words if word not in text]


def test_the_summary_has_the_strongest_emotion_its_interval_and_the_verdict():
    lines = [
        " ".join(line.split()) for line in shown(summary_table(example_report()), 200).splitlines()
    ]
    assert "A Few Good Men angry 40 % (32\u201348) disgust 27 %, sad 13 % 1:17 passed" in lines
    assert "Pulp Fiction failed the address answered 404 Not Found no result" in lines


def test_the_verdict_column_goes_where_nothing_was_checked():
    report = example_report()
    unchecked = tuple(replace(s, verdict="not-checked", checks=()) for s in report.scenes)
    assert "Verdict" not in shown(summary_table(replace(report, scenes=unchecked)))


def test_titles_are_no_markup_and_move_no_cursor():
    scene = replace(example_report().scenes[0].result, title="[red]x[/] \x1b[2J")
    report = example_report()
    text = shown(summary_table(replace(report, scenes=(replace(report.scenes[0], result=scene),))))
    assert "[red]x[/]" in text
    assert "\x1b" not in text


def test_remarks_name_what_failed_is_known_or_passes_unexpectedly():
    report = example_report()
    surprise = replace(report.scenes[0], verdict="unexpected-pass", known_failure="hard")
    assert remarks(replace(report, scenes=(*report.scenes, surprise))) == [
        "elf: known failure: The clip's laughter is taken for sobbing.",
        "pulp-fiction: not analysed: the address answered 404 Not Found (try: check the address "
        "in a browser, or put a file in its place)",
        "a-few-good-men: unexpected pass: known_failure can go from the manifest (hard)",
    ]
