"""The store of results as a room of the cache."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from voxemo_scan.cache.files import remove, size_of
from voxemo_scan.cache.room import Damage, Item, Kind
from voxemo_scan.errors import MissingError
from voxemo_scan.scan.store import FILE_NAME, ResultStore, StoredResult
from voxemo_scan.text import clean

_ANEW: Final = "`voxemo-scan cache verify --mend` drops it, and the next run works it out again"
_WHOLE_FILE: Final = "`voxemo-scan cache clear results` begins a new store"


class ResultsRoom:
    """The results in ``folder``."""

    kind: Kind = "results"

    def __init__(self, folder: Path) -> None:
        self.place = folder / FILE_NAME

    @property
    def _files(self) -> list[Path]:
        """The store and what SQLite keeps beside it."""
        return [self.place.with_name(self.place.name + end) for end in ("", "-wal", "-shm")]

    def items(self) -> list[Item]:
        """Return the kept results, oldest first."""
        if not self.place.is_file():
            return []
        try:
            with ResultStore(self.place) as store:
                return [Item(each.key, each.size, _said(each)) for each in store.results()]
        except (MissingError, sqlite3.Error):
            return []

    @property
    def size(self) -> int:
        """Return the bytes that the store takes."""
        return size_of(self._files)

    def clear(self) -> int:
        """Forget all results; the file goes too where it cannot be read."""
        before = self.size
        if not self.place.is_file():
            return 0
        try:
            with ResultStore(self.place) as store:  # another process may be using it
                store.clear()
        except (MissingError, sqlite3.Error):
            remove(self._files)
        return before - self.size

    def damaged(self) -> list[Damage]:
        """Return results that are not what was written, or what is wrong with the file."""
        if not self.place.is_file():
            return []
        try:
            with ResultStore(self.place) as store:
                whole = [Damage(str(self.place), what, _WHOLE_FILE) for what in store.damage()]
                return whole or [
                    Damage(each.key, f"not as it was written: {_said(each)}", _ANEW)
                    for each in store.results()
                    if not each.whole
                ]
        except (MissingError, sqlite3.Error) as error:
            return [Damage(str(self.place), clean(str(error)), _WHOLE_FILE)]

    def mend(self) -> None:
        """Drop what is damaged; a store that cannot be read is removed whole."""
        found = self.damaged()
        if any(each.name == str(self.place) for each in found):
            self.clear()
        elif found:
            with ResultStore(self.place) as store:
                store.drop([each.name for each in found])


def _said(each: StoredResult) -> str:
    """Return whose result it is."""
    if each.result is None:
        return f"of {each.created}"
    found = each.result
    end = "" if found.range_end_s is None else f"{found.range_end_s:g}"
    ranged = f" [{found.range_start_s:g}-{end} s]" if found.range_start_s or end else ""
    return clean(f"{found.source}{ranged}, {found.status}, {each.created}")
