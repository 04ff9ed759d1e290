"""All tables of a report, by name of file."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from voxemo_scan.report.document import Report
from voxemo_scan.report.tables.columns import Table
from voxemo_scan.report.tables.csv_file import to_csv
from voxemo_scan.report.tables.parquet import to_parquet
from voxemo_scan.report.tables.scenes import scenes_table
from voxemo_scan.report.tables.windows import windows_table

TABLE_FORMATS: Final = ("csv", "parquet")


def table_files(report: Report, *, formats: Collection[str]) -> dict[str, str | bytes]:
    """Return ``windows`` and ``scenes`` in each of ``formats``.

    Raises:
        ModuleNotFoundError: Parquet is asked for and pyarrow is not installed.
    """
    tables: tuple[Table[Any], ...] = (windows_table(report), scenes_table(report))
    files: dict[str, str | bytes] = {}
    for table in tables:
        if "csv" in formats:
            files[f"{table.name}.csv"] = to_csv(table)
        if "parquet" in formats:
            files[f"{table.name}.parquet"] = to_parquet(table, report=report)
    return files
