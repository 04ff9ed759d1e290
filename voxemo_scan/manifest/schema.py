"""The manifest's JSON Schema, from which editors complete and check while one types."""

from __future__ import annotations

from typing import Any, Final

from voxemo_scan.manifest.fields import EMOTION_SCHEMA, SHARE_SCHEMA
from voxemo_scan.manifest.form import ManifestForm

_PARTS: Final = {"Emotion": EMOTION_SCHEMA, "Share": SHARE_SCHEMA}
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def manifest_json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a manifest.

    What it accepts loads, but for what a schema cannot say: that ids are unique, that a scene
    ends after it starts, that shares fit in a whole.
    """
    schema = _for_editors(ManifestForm.model_json_schema())
    definitions = {**schema.pop("$defs"), **_PARTS}
    return {"$schema": DIALECT, **schema, "$defs": definitions}


def _for_editors(schema: Any) -> Any:
    """Drop what pydantic says of absent values: an editor should offer none of it."""
    if schema in _PARTS.values():
        return {"$ref": f"#/$defs/{next(k for k, v in _PARTS.items() if v == schema)}"}
    if isinstance(schema, list):
        return [_for_editors(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {k: _for_editors(v) for k, v in schema.items() if not (k == "default" and v is None)}
    choices = kept.get("anyOf", [])
    present = [choice for choice in choices if choice != {"type": "null"}]
    if len(present) == len(choices):
        return kept
    rest = {k: v for k, v in kept.items() if k != "anyOf"}
    return {**present[0], **rest} if len(present) == 1 else {**rest, "anyOf": present}
