"""A report folder that holds what would be written anyway is left as it is.

``.made-of.sha256`` says what a report was made of, and lists the files that were written. Where
both are as they were, a run has nothing to write, however large the page is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from voxemo_scan.atomic import write_atomic
from voxemo_scan.digest import file_sha256
from voxemo_scan.report.document import Report
from voxemo_scan.report.json_file import encode, to_json
from voxemo_scan.report.written import list_text

if TYPE_CHECKING:
    from voxemo_scan.scan.task import SceneTask

NOTE_NAME: Final = ".made-of.sha256"

_HEAD: Final = re.compile(r"# made of ([0-9a-f]{64}) on (\S{1,40})")
# A note may come with a folder from anywhere: it can name no place outside of the folder.
_LINE: Final = re.compile(r"([0-9a-f]{64})  ((?:[a-z]{1,20}/)?[A-Za-z0-9.][A-Za-z0-9.-]{0,150})")


def made_of(report: Report, tasks: Iterable[SceneTask], *, settings: Sequence[object]) -> str:
    """Return what tells a report, its page and the files beside it from any other, less its date.

    Args:
        report: what was found.
        tasks: the clips that it was found in, whose sound and pictures are on the page.
        settings: whatever else changes what is written; each told apart by its ``repr``.
    """
    clips = sorted((task.id, task.sha256, task.start_s, task.end_s) for task in tasks)
    found = sha256(encode(to_json(replace(report, created=""))))
    found.update(repr((clips, list(settings), _code())).encode())
    return found.hexdigest()


def unchanged_since(folder: Path, key: str) -> str | None:
    """Return when ``folder`` was written if it still holds all of what ``key`` names."""
    try:
        head, *lines = (folder / NOTE_NAME).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError, ValueError):
        return None
    named = _HEAD.fullmatch(head)
    listed = [_LINE.fullmatch(line) for line in lines]
    if not named or named[1] != key or not listed:
        return None
    with suppress(OSError):
        if all(line and file_sha256(folder / line[2]) == line[1] for line in listed):
            return named[2]
    return None


def note_made(folder: Path, key: str, written: Mapping[str, Path], *, created: str) -> None:
    """Note what the files ``written`` into ``folder``, by name, were made of, and when."""
    digests = {name: file_sha256(path) for name, path in written.items()}
    write_atomic(folder / NOTE_NAME, f"# made of {key} on {created}\n{list_text(digests)}")


@cache
def _code() -> str:
    """Return what tells this state of the rooms that write reports from others, in development."""
    package = Path(__file__).parents[1]
    files = [
        (path.relative_to(package).as_posix(), found.st_size, found.st_mtime_ns)
        for room in ("report", "explain")
        for path in sorted((package / room).rglob("*"))
        if path.suffix != ".pyc" and (found := path.stat()) and path.is_file()
    ]
    return sha256(repr(files).encode()).hexdigest()
