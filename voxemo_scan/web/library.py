"""Reports that there are: those of a folder, and those of this application's own runs.

A request names a report by an id made from its folder's name, never by a path.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from voxemo_scan.errors import VoxemoError
from voxemo_scan.text import clean

if TYPE_CHECKING:
    from voxemo_scan.report.document import Report

FILES: Final = {
    "report.html": "text/html; charset=utf-8",
    "report.md": "text/markdown; charset=utf-8",
    "report.json": "application/json",
    "windows.csv": "text/csv; charset=utf-8",
}
"""What of a report is served, and as what."""

_INDEX: Final = "report.json"
_LARGEST_INDEX: Final = 64 * 2**20
_MOST: Final = 500


@dataclass(frozen=True, slots=True)
class KnownScene:
    """A scene of a report, as the library lists it."""

    id: str
    title: str
    dominant: str | None


@dataclass(frozen=True, slots=True)
class KnownReport:
    """A report, as the library lists it."""

    id: str
    name: str
    created: str
    scenes: tuple[KnownScene, ...]
    folder: Path

    def matches(self, words: list[str]) -> bool:
        """Tell whether each of ``words``, in lower case, is somewhere in names and titles."""
        texts = [
            self.name,
            *(part for s in self.scenes for part in (s.id, s.title, s.dominant or "")),
        ]
        text = "\n".join(texts).lower()
        return all(word in text for word in words)


@dataclass
class Library:
    """The reports in folders within ``roots``; what was read is kept until its file changes."""

    roots: tuple[Path, ...]
    _read: dict[Path, tuple[tuple[int, int], KnownReport | None]] = field(default_factory=dict)

    def reports(self, query: str = "") -> list[KnownReport]:
        """Return the reports in which all words of ``query`` are, the newest first."""
        words = query.lower().split()
        found = [report for report in self._all() if report.matches(words)]
        return sorted(found, key=lambda report: report.created, reverse=True)

    def file(self, report_id: str, name: str) -> Path | None:
        """Return a report's file, if there is one of this name that is served."""
        if name not in FILES:
            return None
        for report in self._all():
            if report.id == report_id:
                path = report.folder / name
                return path if path.is_file() and not path.is_symlink() else None
        return None

    def _all(self) -> Iterator[KnownReport]:
        for root in self.roots:
            for folder in _folders(root):
                report = self._known(folder, root=root)
                if report is not None:
                    yield report

    def _known(self, folder: Path, *, root: Path) -> KnownReport | None:
        path = folder / _INDEX
        try:
            told = path.lstat()
        except OSError:
            return None
        stamp = (told.st_mtime_ns, told.st_size)
        if folder in self._read and self._read[folder][0] == stamp:
            return self._read[folder][1]
        usable = told.st_size <= _LARGEST_INDEX and not path.is_symlink()
        report = _read(path, id=report_id(folder, root=root)) if usable else None
        self._read[folder] = (stamp, report)
        return report


def report_id(folder: Path, *, root: Path) -> str:
    """Return the id of the report in ``folder``, which lies in ``root``."""
    return sha256(f"{root}\n{folder.name}".encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _folders(root: Path) -> list[Path]:
    try:
        with os.scandir(root) as entries:
            names = [e.name for e in entries if e.is_dir(follow_symlinks=False)]
    except OSError:
        return []
    return [root / name for name in sorted(names)[:_MOST]]


def _read(path: Path, *, id: str) -> KnownReport | None:
    from voxemo_scan.report.json_file import read_report  # noqa: PLC0415  (slow, only to serve)

    try:
        report = read_report(path)
    except VoxemoError:
        return None
    return KnownReport(
        id, clean(report.manifest_name), report.created, _scenes(report), path.parent
    )


def _scenes(report: Report) -> tuple[KnownScene, ...]:
    return tuple(
        KnownScene(scene.result.id, clean(scene.result.title), scene.result.dominant)
        for scene in report.scenes
    )
