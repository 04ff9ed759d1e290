"""What pydantic found wrong, in the words and at the place where the user wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from voxemo_scan.emotions import parse_emotion
from voxemo_scan.errors import Problem
from voxemo_scan.manifest.form import DefaultsForm, ExpectForm, ManifestForm, SceneForm
from voxemo_scan.manifest.mistake import MistakeError, MistakesError, closest, quoted
from voxemo_scan.manifest.nodes import Map, Node, Place, find

Path = tuple[str | int, ...]

_FORMS: Final[dict[str, type[BaseModel]]] = {
    "defaults": DefaultsForm,
    "scenes": SceneForm,
    "expect": ExpectForm,
}
_MOST_EXPLAINED: Final = 1000
_WANTED: Final = {
    "string_type": "text",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "dict_type": "keys with values",
    "tuple_type": "a list",
    "list_type": "a list",
}


def problems_of(error: ValidationError, *, root: Node, file: str) -> list[Problem]:
    """Return each thing that pydantic found wrong, at its line and column under ``root``."""
    return [
        Problem(file, place.line, place.column, mistake.message, mistake.suggestion)
        for details in error.errors(include_url=False)[:_MOST_EXPLAINED]
        for place, mistake in _explained(details, root)
    ]


def _explained(details: ErrorDetails, root: Node) -> Iterator[tuple[Place, MistakeError]]:
    path: Path = details["loc"]
    node, key_place = find(root, path)
    raised = details.get("ctx", {}).get("error")
    if details["type"] == "extra_forbidden":
        yield key_place, _unknown_key(path)
    elif details["type"] == "missing":
        yield node.place, MistakeError(f'{_owner(path)} needs the key "{path[-1]}"')
    elif isinstance(raised, MistakesError):
        for mistake in raised.mistakes:
            yield _place_of(mistake, path, root), mistake
    elif isinstance(raised, MistakeError):
        yield node.place, _named(raised, path)
    else:
        yield node.place, MistakeError(_plainly(details, path))


def _place_of(mistake: MistakeError, path: Path, root: Node) -> Place:
    node, _ = find(root, path)
    keys = node.keys if isinstance(node, Map) else {}
    key = mistake.at if mistake.at in keys else _alias_of(mistake.at, keys)
    if key is None:
        return node.place
    return keys[key] if mistake.on_key else find(node, (key,))[0].place


def _alias_of(emotion: str | None, keys: Iterable[str]) -> str | None:
    return next((key for key in keys if _canonical(key) == emotion), None)


def _canonical(name: str) -> str:
    try:
        return parse_emotion(name)
    except ValueError:
        return name


def _named(mistake: MistakeError, path: Path) -> MistakeError:
    """Put the key before messages that are about it and do not name it."""
    if mistake.message.startswith(("is ", "holds ")):
        return MistakeError(f'"{_key(path)}" {mistake.message}', suggestion=mistake.suggestion)
    return mistake


def _plainly(details: ErrorDetails, path: Path) -> str:
    given: Any = details["input"]
    name = f'"{_key(path)}"' if path else "the file"
    if isinstance(path[-1] if path else None, int):
        name = f"an entry of {name}"
    if given in (None, ""):
        return f"{name} is empty"
    wanted = _WANTED.get(details["type"])
    if wanted is None:
        return f"{name}: {details['msg']}"
    advice = "; put it in quotes" if wanted == "text" else ""
    return f"{name} must be {wanted}, not {_kind(given)}{advice}"


def _kind(given: Any) -> str:
    if isinstance(given, str):
        return "text"
    return "a list" if isinstance(given, list) else "keys with values"


def _unknown_key(path: Path) -> MistakeError:
    key = str(path[-1])
    form = _form_at(path[:-1])
    if suggestion := closest(key, form.model_fields):
        return MistakeError(f"unknown key {quoted(key)}", suggestion=suggestion)
    homes = [name for name, other in _FORMS.items() if key in other.model_fields]
    if homes:
        return MistakeError(f'{quoted(key)} does not belong here but under "{homes[0]}"')
    return MistakeError(f"unknown key {quoted(key)}; known are {', '.join(form.model_fields)}")


def _form_at(path: Path) -> type[BaseModel]:
    names = [step for step in path if isinstance(step, str)]
    return _FORMS.get(names[-1], ManifestForm) if names else ManifestForm


def _owner(path: Path) -> str:
    owners = {"scenes": "the scene", "expect": "expect", "defaults": "defaults"}
    return owners.get(_key(path[:-1]), "the manifest")


def _key(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")
