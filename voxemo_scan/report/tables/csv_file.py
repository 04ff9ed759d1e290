"""Tables as CSV, for spreadsheets and statistics (RFC 4180)."""

from __future__ import annotations

import csv
import io
from typing import Final

from voxemo_scan.report.tables.columns import Kind, Row, Table, Value
from voxemo_scan.text import clean

_DECIMALS: Final[dict[Kind, int]] = {"seconds": 3, "fraction": 6, "bits": 6}


def to_csv(table: Table[Row]) -> str:
    """Return the table with its header; what is not there is an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.header)
    kinds = [column.kind for column in table.columns]
    for row in table.rows():
        writer.writerow([_cell(value, kind) for value, kind in zip(row, kinds, strict=True)])
    return text.getvalue()


def _cell(value: Value, kind: Kind) -> str:
    if value is None:
        return ""
    if kind in _DECIMALS:
        return f"{value:.{_DECIMALS[kind]}f}"
    return _harmless(clean(value)) if isinstance(value, str) else str(value)


def _harmless(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
