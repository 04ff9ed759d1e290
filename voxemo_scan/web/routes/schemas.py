"""What answers look like, where the report's own schema says it already."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final


@cache
def _report_schema() -> dict[str, Any]:
    text = (files("voxemo_scan.report") / "report.schema.json").read_text("utf-8")
    held: dict[str, Any] = json.loads(text)
    return held


def scene_schema() -> dict[str, Any]:
    """Return the schema of a scene as ``listen --json`` prints one: no ``id`` and ``title``."""
    held = _report_schema()
    scene = dict(held["$defs"]["scene"])
    hidden = {"id", "title"}
    scene["required"] = [name for name in scene["required"] if name not in hidden]
    scene["properties"] = {n: s for n, s in scene["properties"].items() if n not in hidden}
    resolved: dict[str, Any] = _resolved(scene, held["$defs"])
    return resolved


def _resolved(value: Any, definitions: dict[str, Any]) -> Any:
    """Return a schema with its references replaced by what they refer to."""
    if isinstance(value, list):
        return [_resolved(each, definitions) for each in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return _resolved(definitions[name], definitions)
    return {key: _resolved(each, definitions) for key, each in value.items()}


SCENE: Final[dict[str, Any]] = {
    "description": "What was heard.",
    "content": {"application/json": {"schema": scene_schema()}},
}
"""OpenAPI's description of an answer with one scene item."""
