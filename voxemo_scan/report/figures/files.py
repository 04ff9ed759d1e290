"""All figures of a report, by name of file. The same report gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from matplotlib.figure import Figure

from voxemo_scan.report.document import Report, ReportScene
from voxemo_scan.report.figures.comparison import MOST_ROWS as MOST_COMPARED
from voxemo_scan.report.figures.comparison import draw_comparison, heard
from voxemo_scan.report.figures.overview import MOST_ROWS as MOST_LISTED
from voxemo_scan.report.figures.overview import draw_overview
from voxemo_scan.report.figures.style import style
from voxemo_scan.report.figures.timeline import draw_timeline
from voxemo_scan.report.names import unique_names
from voxemo_scan.text import clean

FOLDER: Final = "figures"
_DPI: Final = 300
_METADATA: Final[dict[str, dict[str, Any]]] = {
    "svg": {"Date": None, "Creator": "voxemo-scan"},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": "voxemo-scan", "Producer": None},
    "png": {"Software": None},
}


def figure_files(report: Report, *, formats: Collection[str]) -> dict[str, bytes]:
    """Return the overview, the comparison and each heard scene's timeline, in each format.

    A report of many scenes has its overview and its comparison on several pages: ``overview-2``.
    """
    files: dict[str, bytes] = {}
    with style():
        for name, figure in _figures(report):
            for wanted in sorted(formats):
                title = f"{clean(report.manifest_name)}: {name}"
                files[f"{FOLDER}/{name}.{wanted}"] = _saved(figure, wanted, title=title)
    return files


def _figures(report: Report) -> Iterator[tuple[str, Figure]]:
    for name, page, scenes, _ in _pages("overview", report.scenes, most=MOST_LISTED):
        yield name, draw_overview(scenes, report=report, page=page)
    for name, page, scenes, last in _pages("comparison", heard(report), most=MOST_COMPARED):
        yield name, draw_comparison(scenes, report=report, page=page, mean=last)
    names = unique_names(scene.result.id for scene in report.scenes)
    for name, scene in zip(names, report.scenes, strict=True):
        if scene.result.status == "ok":
            yield f"timeline-{name}", draw_timeline(scene, report=report)


def _pages(
    name: str, scenes: Sequence[ReportScene], *, most: int
) -> Iterator[tuple[str, str, Sequence[ReportScene], bool]]:
    """Yield a page's name, its number for the title, its scenes, and whether it is the last."""
    pages = [scenes[at : at + most] for at in range(0, len(scenes), most)]
    for number, part in enumerate(pages, 1):
        of = f" ({number} of {len(pages)})" if len(pages) > 1 else ""
        yield name if number == 1 else f"{name}-{number}", of, part, number == len(pages)


def _saved(figure: Figure, wanted: str, *, title: str) -> bytes:
    file = io.BytesIO()
    about = _METADATA[wanted] | {"Title": title}
    figure.savefig(file, format=wanted, dpi=_DPI, metadata=about)
    return file.getvalue()
