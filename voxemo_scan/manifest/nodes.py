"""What a YAML document is made of: text, lists and maps that know where they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file, counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """A piece of text; None where nothing or ``null`` is written."""

    place: Place
    text: str | None
    nodes: int = 1
    depth: int = 1


@dataclass(slots=True)
class List:
    """A list of nodes; ``nodes`` counts all that it expands to."""

    place: Place
    items: list[Node] = field(default_factory=list)
    nodes: int = 1
    depth: int = 1

    def add(self, node: Node) -> None:
        """Append ``node``."""
        self.items.append(node)


@dataclass(slots=True)
class Map:
    """Nodes by key, with each key's own place."""

    place: Place
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)
    nodes: int = 1
    depth: int = 1
    pending: Scalar | None = None


Node = Scalar | List | Map


def plain(node: Node) -> Any:
    """Return ``node`` as dicts, lists, strings and None."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, List):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, value in node.entries.items()}


def find(node: Node, path: tuple[str | int, ...]) -> tuple[Node, Place]:
    """Return the deepest node along ``path`` that exists, and the place of its key or item."""
    place = node.place
    for step in path:
        if isinstance(node, Map) and step in node.entries:
            place, node = node.keys[str(step)], node.entries[str(step)]
        elif isinstance(node, List) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            place = node.place
        else:
            break
    return node, place
