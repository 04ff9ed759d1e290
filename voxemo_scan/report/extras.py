"""What is written from a report beside its pages: captions, tables and figures."""

from __future__ import annotations

from dataclasses import dataclass, field

from voxemo_scan.report.annotations.files import AnnotationOptions, annotation_files
from voxemo_scan.report.document import Report
from voxemo_scan.report.tables.files import table_files


@dataclass(frozen=True, slots=True)
class Extras:
    """Which files are wanted: tables as csv or parquet, figures as svg, png or pdf."""

    annotations: AnnotationOptions = field(default_factory=AnnotationOptions)
    tables: tuple[str, ...] = ("csv",)
    figures: tuple[str, ...] = ()


def extra_files(report: Report, extras: Extras) -> dict[str, bytes]:
    """Return the content of every file that is wanted, by its name in the report's folder.

    Raises:
        ValueError: a start timecode that a scene's frame rate does not have.
        ModuleNotFoundError: Parquet or figures are wanted and their extra is not installed.
    """
    texts: dict[str, str | bytes] = {}
    texts |= annotation_files(report, extras.annotations)
    texts |= table_files(report, formats=extras.tables)
    if extras.figures:
        from voxemo_scan.report.figures.files import figure_files  # noqa: PLC0415  (an extra)

        texts |= figure_files(report, formats=extras.figures)
    return {name: t.encode() if isinstance(t, str) else t for name, t in texts.items()}
