"""Results kept between runs, so that a run does only what is missing.

One SQLite file; a result's key covers the clip's bytes, the range, the model and the parameters.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from pydantic import TypeAdapter, ValidationError

from voxemo_scan.errors import MissingError, VoxemoError
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.scan.result import SceneResult
from voxemo_scan.scan.task import SceneTask

_MIGRATIONS: Final = (
    """
    CREATE TABLE results (
        key TEXT PRIMARY KEY,
        created TEXT NOT NULL,
        result TEXT NOT NULL
    ) STRICT
    """,
)
_ANALYSIS_VERSION: Final = 3
"""Raised when the same clip, model and options come to give another result."""

_RESULTS: Final = TypeAdapter(SceneResult)
_WAIT_S: Final = 30.0


def result_key(task: SceneTask, *, model: ModelInfo, parameters: dict[str, Any]) -> str:
    """Return what names a result: nothing else may change it.

    ``parameters`` are JSON values: how clips are analysed and how the model is calibrated.
    """
    parts: list[Any] = [
        _ANALYSIS_VERSION,
        task.sha256,
        task.start_s,
        task.end_s,
        sorted(model.sha256.items()),
        model.version,
        parameters,
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


class ResultStore:
    """The results at ``path``; a context manager. Several processes may use one at a time.

    Raises:
        MissingError: the file cannot be opened or is of a newer version of the tool.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._migrate()
        except (OSError, sqlite3.Error) as error:
            raise MissingError(
                f"the store of results, {path}, cannot be used: {error}",
                remedy="move it away, or set VOXEMO_CACHE to another folder",
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._db.close()

    def find(self, key: str, *, task: SceneTask) -> SceneResult | None:
        """Return the result of ``key`` under the names of ``task``, or None."""
        try:
            row = self._db.execute("SELECT result FROM results WHERE key = ?", (key,)).fetchone()
            result = _RESULTS.validate_json(row[0]) if row else None
        except (sqlite3.Error, ValidationError):
            return None  # what cannot be read is worked out again
        if result is None:
            return None
        return replace(result, id=task.id, title=task.title, source=task.source, film=task.film)

    def keep(self, key: str, result: SceneResult) -> None:
        """Keep ``result`` under ``key``, in place of an earlier one.

        Raises:
            VoxemoError: it cannot be written, the disk being full, say.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            self._db.execute(
                "INSERT OR REPLACE INTO results (key, created, result) VALUES (?, ?, ?)",
                (key, now, _RESULTS.dump_json(result).decode()),
            )
        except sqlite3.Error as error:
            raise VoxemoError(
                f"a result could not be kept in {self.path}: {error}",
                remedy="free disk space; the report is not affected",
            ) from error

    def _migrate(self) -> None:
        """Bring the file's tables up to date, one numbered step after another."""
        self._db.execute("BEGIN IMMEDIATE")
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > len(_MIGRATIONS):
            self._db.execute("ROLLBACK")
            raise sqlite3.DatabaseError("it was written by a newer voxemo-scan")
        for number in range(version, len(_MIGRATIONS)):
            self._db.execute(_MIGRATIONS[number])
        self._db.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")
        self._db.execute("COMMIT")
