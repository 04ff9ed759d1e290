"""What travels between the driver and its workers: plain values, and results as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypedDict

from voxemo_scan.errors import MissingError, SourceError, VoxemoError
from voxemo_scan.scan.result_text import from_text, to_text
from voxemo_scan.scan.task import SceneTask

if TYPE_CHECKING:
    from voxemo_scan.scan.executors import Outcome
    from voxemo_scan.scan.result import SceneResult

_PIECE: Final = 8 << 20


class Told(TypedDict, total=False):
    """What a worker tells of a scene: where its result is, or what went wrong.

    ``text`` is the result as the store has it; ``stored`` says that it was written to the remote
    store under its key; else ``error`` and ``remedy`` are what happened, and ``missing`` says that
    no scene could succeed there.
    """

    text: str
    stored: bool
    error: str
    remedy: str
    missing: bool


def packed(task: SceneTask) -> dict[str, Any]:
    """Return ``task`` as plain values."""
    return asdict(task) | {"path": str(task.path)}


def unpacked(values: Mapping[str, Any]) -> SceneTask:
    """Return the task that ``packed`` made ``values`` of."""
    return SceneTask(**(dict(values) | {"path": Path(values["path"])}))


def pieces(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes, a few megabytes at a time.

    Raises:
        SourceError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error}", remedy="run again") from error


def told_error(error: VoxemoError, *, task: SceneTask, read_from: Path) -> Told:
    """Return what is told of ``error``, naming the clip as the driver knows it.

    ``read_from`` is where the worker had the clip: a place that nobody else knows.
    """

    def known(text: str) -> str:
        return text.replace(str(read_from), str(task.path))

    return Told(
        error=known(error.message),
        remedy=known(error.remedy),
        missing=isinstance(error, MissingError),
    )


def told_result(result: SceneResult) -> Told:
    """Return what is told of a result that travels by itself."""
    return Told(text=to_text(result))


def outcome_of(told: Told, *, task: SceneTask) -> Outcome:
    """Return the result or the error that a worker told of.

    Raises:
        MissingError: the worker lacks what every scene needs.
    """
    if "text" in told:
        result = from_text(told["text"])
        return named(result, task) if result else VoxemoError("a worker told no result")
    if told.get("missing"):
        raise MissingError(told["error"], remedy=told["remedy"])
    return VoxemoError(told["error"], remedy=told["remedy"])


def named(result: SceneResult, task: SceneTask) -> SceneResult:
    """Return ``result`` under the names of ``task``."""
    return replace(result, id=task.id, title=task.title, source=task.source, film=task.film)
