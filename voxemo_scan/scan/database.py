"""The SQLite file behind the store of results: opening it, and bringing it up to date."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path
from typing import Final

from voxemo_scan.errors import MissingError

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        """
        CREATE TABLE results (
            key TEXT PRIMARY KEY,
            created TEXT NOT NULL,
            result TEXT NOT NULL
        ) STRICT
        """,
    ),
    (
        "ALTER TABLE results ADD COLUMN sha256 TEXT NOT NULL DEFAULT ''",
        "UPDATE results SET sha256 = text_sha256(result)",
        """
        CREATE TABLE digests (
            path TEXT PRIMARY KEY,
            state TEXT NOT NULL,
            sha256 TEXT NOT NULL
        ) STRICT
        """,
    ),
)
"""Numbered from 1; what was released once is never changed, only followed by another."""

_WAIT_S: Final = 30.0


def text_sha256(text: str) -> str:
    """Return the SHA-256 of ``text`` as UTF-8, 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def opened(path: Path, *, any_thread: bool = False) -> sqlite3.Connection:
    """Return the store at ``path``, made where there is none, with the tables of today.

    With ``any_thread`` any may use it, one at a time.

    Raises:
        MissingError: it cannot be opened or is of a newer version of the tool.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(
            path, timeout=_WAIT_S, isolation_level=None, check_same_thread=not any_thread
        )
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.create_function("text_sha256", 1, text_sha256, deterministic=True)
            _migrate(db)
        except BaseException:
            db.close()
            raise
    except (OSError, sqlite3.Error) as error:
        raise MissingError(
            f"the store of results, {path}, cannot be used: {error}",
            remedy="move it away, or set VOXEMO_CACHE to another folder",
        ) from error
    return db


def integrity(db: sqlite3.Connection) -> list[str]:
    """Return what SQLite's own check finds wrong, nothing if all is well."""
    try:
        found = [str(row[0]) for row in db.execute("PRAGMA integrity_check(10)")]
    except sqlite3.Error as error:
        return [str(error)]
    return [] if found == ["ok"] else [line for text in found for line in text.splitlines()]


def _migrate(db: sqlite3.Connection) -> None:
    """Bring the file's tables up to date, one numbered step after another, all or none."""
    if _version(db) == len(MIGRATIONS):
        return  # and nobody who writes is waited for
    db.execute("BEGIN IMMEDIATE")
    try:
        version = _version(db)
        if version > len(MIGRATIONS):
            raise sqlite3.DatabaseError("it was written by a newer voxemo-scan")
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def _version(db: sqlite3.Connection) -> int:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    return int(version)
