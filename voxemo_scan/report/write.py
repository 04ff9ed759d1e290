"""Writes a report's files into its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from voxemo_scan.atomic import write_atomic, write_changed
from voxemo_scan.report.document import Report
from voxemo_scan.report.extras import Extras, extra_files
from voxemo_scan.report.html import to_html
from voxemo_scan.report.json_file import FILE_NAME, encode, to_json
from voxemo_scan.report.markdown import to_markdown
from voxemo_scan.report.media.model import Media
from voxemo_scan.report.written import LIST_NAME, list_of, list_text, read_list, remove_stale

USUAL: Final = Extras()
"""WebVTT captions and CSV tables."""


def write_report(
    report: Report, folder: Path, *, extras: Extras = USUAL, media: Media | None = None
) -> dict[str, Path]:
    """Write all of the report's files into ``folder`` and return their paths by name.

    The names are ``report.json``, ``report.md``, ``report.html`` and those of ``extras``, such as
    ``windows.csv``, ``scenes.csv`` and ``captions/ID.vtt``, one for each scene that could be
    analysed. What an earlier report left of these is removed. Each file that changed is replaced
    whole, ``report.json`` last: where it is new, all are. ``media`` is the clips' sound and
    pictures, for the page.
    """
    more = extra_files(report, extras)
    contents: dict[str, str | bytes] = {
        "report.md": to_markdown(report),
        "report.html": to_html(report, media),
        **more,
        LIST_NAME: list_text(list_of(more)),
        FILE_NAME: encode(to_json(report)),
    }
    remove_stale(folder, keep=more)
    return {name: write_changed(folder / name, data) for name, data in contents.items()}


def write_extras(report: Report, folder: Path, *, extras: Extras) -> dict[str, Path]:
    """Write only ``extras`` into ``folder`` and return their paths by name; nothing is removed.

    Where ``folder`` is a report's, the next report takes them away again should it not write them.
    """
    more = extra_files(report, extras)
    paths = {name: write_atomic(folder / name, data) for name, data in more.items()}
    if (folder / FILE_NAME).is_file():
        write_atomic(folder / LIST_NAME, list_text(read_list(folder) | list_of(more)))
    return paths
