"""Results kept between runs, so that a run does only what is missing.

One SQLite file; a result's key covers the clip's bytes, the range, the model and the parameters.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from voxemo_scan.errors import MissingError, VoxemoError
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.scan.database import integrity, opened, text_sha256
from voxemo_scan.scan.result import SceneResult
from voxemo_scan.scan.result_text import from_text, to_text
from voxemo_scan.scan.task import SceneTask

FILE_NAME: Final = "results.sqlite"
_ANALYSIS_VERSION: Final = 8
"""Raised when the same clip, model and options come to give another result."""


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


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A kept result; ``size`` in bytes, ``whole`` False where it is not what was written."""

    key: str
    created: str
    size: int
    whole: bool
    result: SceneResult | None


class ResultStore:
    """The results at ``path``; a context manager. Several processes may use one at a time.

    Raises:
        MissingError: the file cannot be opened, is damaged, or is of a newer version of the tool.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = opened(path)

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
        """Return the result of ``key`` under the names of ``task``, or None.

        One that is not what was written counts as none: it is worked out again.

        Raises:
            MissingError: the file is damaged.
        """
        try:
            row = self._db.execute(
                "SELECT result, sha256 FROM results WHERE key = ?", (key,)
            ).fetchone()
        except sqlite3.Error as error:
            raise MissingError(
                f"the store of results, {self.path}, is damaged: {error}",
                remedy="see `voxemo-scan cache verify`; `voxemo-scan cache clear results` "
                "begins a new one",
            ) from error
        result = from_text(row[0]) if row and text_sha256(row[0]) == row[1] else None
        if result is None:
            return None
        return replace(result, id=task.id, title=task.title, source=task.source, film=task.film)

    def keep(self, key: str, result: SceneResult) -> None:
        """Keep ``result`` under ``key``, in place of an earlier one.

        Raises:
            VoxemoError: it cannot be written, the disk being full, say.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        text = to_text(result)
        try:
            self._db.execute(
                "INSERT OR REPLACE INTO results (key, created, result, sha256) VALUES (?, ?, ?, ?)",
                (key, now, text, text_sha256(text)),
            )
        except sqlite3.Error as error:
            raise VoxemoError(
                f"a result could not be kept in {self.path}: {error}",
                remedy="free disk space; the report is not affected",
            ) from error

    def results(self) -> Iterator[StoredResult]:
        """Yield all kept results, oldest first, one at a time.

        Raises:
            sqlite3.Error: the file is damaged.
        """
        rows = self._db.execute(
            "SELECT key, created, result, sha256 FROM results ORDER BY created, key"
        )
        for key, created, text, sha256 in rows:
            result = from_text(text)
            whole = text_sha256(text) == sha256 and result is not None
            yield StoredResult(key, created, len(text.encode()), whole, result)

    def drop(self, keys: list[str]) -> None:
        """Forget the results of ``keys``."""
        self._db.executemany("DELETE FROM results WHERE key = ?", [(key,) for key in keys])

    def clear(self) -> None:
        """Forget everything, and give the room on the disk back.

        Raises:
            sqlite3.Error: the file is damaged.
        """
        for statement in ("DELETE FROM results", "DELETE FROM digests", "VACUUM"):
            self._db.execute(statement)
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def damage(self) -> list[str]:
        """Return what is wrong with the file as a whole, by SQLite's own check."""
        return integrity(self._db)
