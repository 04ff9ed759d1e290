"""A scene's result as a text, for the store."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from voxemo_scan.scan.result import SceneResult

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def to_text(result: SceneResult) -> str:
    """Return ``result`` as JSON."""
    return _adapter().dump_json(result).decode()


def from_text(text: str) -> SceneResult | None:
    """Return the result that ``to_text`` made ``text`` of; None if none did."""
    try:
        return _adapter().validate_json(text)
    except ValueError:
        return None


@cache
def _adapter() -> TypeAdapter[SceneResult]:
    from pydantic import TypeAdapter  # noqa: PLC0415  (slow to import)

    return TypeAdapter(SceneResult)
