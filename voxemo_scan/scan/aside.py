"""A store of results that cannot be read is put aside, and a new one begun.

All that is lost is time: every result can be worked out again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Final

from voxemo_scan.errors import MissingError
from voxemo_scan.scan.store import ResultStore

_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_PRIMARY: Final = 0xFF
"""The part of SQLite's codes that tells the sort of an error."""
_LOOKED_THROUGH_BYTES: Final = 64 << 20


def open_store(path: Path, *, note: Callable[[str], None]) -> ResultStore:
    """Return the store at ``path``; where it is damaged, a new one, and ``note`` is told.

    A small file is looked through, of a large one only what opening it reads.

    Raises:
        MissingError: the file cannot be opened, or is of a newer version of the tool.
    """
    try:
        return _sound(path)
    except MissingError as error:
        if not (_is_damage(error) or _may_be_moving(error)):
            raise
    from filelock import FileLock  # noqa: PLC0415 - hardly ever needed

    with FileLock(path.with_suffix(".lock")):  # another run may be mending it as well
        try:
            return _sound(path)
        except MissingError as error:
            if not _is_damage(error):
                raise
            aside = _put_aside(path)
        note(
            f"the store of results was damaged; it is kept as {aside}, and a new one is begun "
            "(scenes are analysed anew; delete the old file when you do not miss it)"
        )
        return ResultStore(path)


def _sound(path: Path) -> ResultStore:
    store = ResultStore(path)
    try:
        if path.stat().st_size <= _LOOKED_THROUGH_BYTES:
            _look_through(path)
    except BaseException:
        store.__exit__(None, None, None)
        raise
    return store


def _look_through(path: Path) -> None:
    db = sqlite3.connect(path, timeout=30.0)
    try:
        found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise MissingError(f"{path} is damaged") from error
    finally:
        db.close()
    if found != "ok":
        damage = sqlite3.DatabaseError(found)
        damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise MissingError(f"{path} is damaged") from damage


def _is_damage(error: MissingError) -> bool:
    return getattr(error.__cause__, "sqlite_errorcode", None) in _DAMAGED


def _may_be_moving(error: MissingError) -> bool:
    """Return whether another run may just be putting the file aside, its log gone already."""
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    return code is not None and code & _PRIMARY == sqlite3.SQLITE_IOERR


def _put_aside(path: Path) -> Path:
    """Move the file, with its log, to a name that is free, and return that."""
    names = (path.with_name(f"{path.stem}.damaged-{n}{path.suffix}") for n in count(1))
    aside = next(name for name in names if not name.exists())
    for ending in ("-wal", "-shm", ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.replace(aside.with_name(aside.name + ending))
    return aside
