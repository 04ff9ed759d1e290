"""The data dictionary says of every column what it is, and of no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.report.tables import scenes, windows

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "data-dictionary.md").read_text("utf-8")


def described(table):
    """Return name, kind and meaning of each row of a table's section, ``EMOTION`` spelt out."""
    section = TEXT.split(f"## {table}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)` \| (\w+) \| (.+) \|$", section, re.M)
    plain = [row for row in rows if "EMOTION" not in row[0]]
    patterns = [row for row in rows if "EMOTION" in row[0]]
    spelt = [
        (name.replace("EMOTION", emotion), kind, meaning)
        for emotion in EMOTIONS
        for name, kind, meaning in patterns
    ]
    at = rows.index(patterns[0]) if patterns else len(rows)
    return [*plain[:at], *spelt, *plain[at:]]


@pytest.mark.parametrize(
    ("table", "columns"), [("windows", windows.COLUMNS), ("scenes", scenes.COLUMNS)]
)
def test_every_column_is_described_in_its_order_with_its_kind(table, columns):
    found = described(table)
    assert [(name, kind) for name, kind, _ in found] == [(c.name, c.kind) for c in columns]
    assert all(len(meaning) > 10 for *_, meaning in found)
