"""Writes a report's files into its folder."""

from __future__ import annotations

from pathlib import Path

from voxemo_scan.atomic import write_atomic
from voxemo_scan.report.captions import is_ours, to_vtt
from voxemo_scan.report.csv_file import to_csv
from voxemo_scan.report.document import Report
from voxemo_scan.report.html import to_html
from voxemo_scan.report.json_file import FILE_NAME, encode, to_json
from voxemo_scan.report.markdown import to_markdown
from voxemo_scan.report.media.model import Media
from voxemo_scan.report.names import unique_names


def write_report(report: Report, folder: Path, *, media: Media | None = None) -> dict[str, Path]:
    """Write all of the report's files into ``folder`` and return their paths by name.

    The names are ``report.json``, ``report.md``, ``report.html``, ``windows.csv`` and
    ``captions/ID.vtt``, one for each scene that could be analysed. Captions that an earlier report
    left for other scenes are removed. Each file is replaced whole, ``report.json`` last: where it
    is new, all are. ``media`` is the clips' sound and pictures, for the page.
    """
    contents: dict[str, str | bytes] = {
        "report.md": to_markdown(report),
        "report.html": to_html(report, media),
        "windows.csv": to_csv(report),
        **_captions(report),
        FILE_NAME: encode(to_json(report)),
    }
    _remove_stale(folder / "captions", keep={Path(name).name for name in contents})
    return {name: write_atomic(folder / name, data) for name, data in contents.items()}


def _captions(report: Report) -> dict[str, str]:
    names = unique_names(scene.result.id for scene in report.scenes)
    return {
        f"captions/{name}.vtt": to_vtt(scene.result)
        for name, scene in zip(names, report.scenes, strict=True)
        if scene.result.status != "failed"
    }


def _remove_stale(folder: Path, *, keep: set[str]) -> None:
    for path in folder.glob("*.vtt"):
        if path.name not in keep and is_ours(path):
            path.unlink()
