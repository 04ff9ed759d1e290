"""YAML text to plain values that know their line and column, within bounds.

Scalars stay text (each field knows how to read its own), so that a film called 1917 or No
keeps its name. Anchors and aliases work; what they expand to is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StringMark, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from voxemo_scan.manifest.mistake import quoted
from voxemo_scan.manifest.nodes import List, Map, Node, Place, Scalar

LARGEST_BYTES: Final = 1 << 19
MOST_NODES: Final = 50_000
DEEPEST: Final = 16
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_TAB: Final = "found character '\\t' that cannot start any token"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the text that is no good YAML, or more than is allowed."""

    place: Place
    message: str


class UnreadableError(Exception):
    """Text that cannot be read further."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def read_document(text: str) -> tuple[Node | None, list[Fault]]:
    """Return the document in ``text`` and what is wrong with it as YAML.

    The node is None when the text is empty or cannot be read to its end.
    """
    builder = _Builder()
    try:
        for event in _events(text):
            builder.take(event)
    except UnreadableError as error:
        return None, [*builder.faults, error.fault]
    return builder.root, builder.faults


def _events(text: str) -> Iterator[Event]:
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as error:
        raise UnreadableError(Fault(_place(error.problem_mark), _explain(error))) from error
    except ReaderError as error:
        place = _place_of_offset(text, offset=error.position)
        message = f"the character U+{error.character:04X} is not allowed in YAML"
        raise UnreadableError(Fault(place, message)) from error
    except (YAMLError, ValueError, OverflowError) as error:
        raise UnreadableError(Fault(Place(1, 1), f"not valid YAML: {error}")) from error


def _with_pairs_joined(text: str) -> str:
    """Join the halves of characters that JSON writes as two escapes."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def _explain(error: MarkedYAMLError) -> str:
    problem = str(error.problem or error.context or "it cannot be read")
    if problem == _TAB:
        return "not valid YAML: a tab stands where only spaces may; indent with spaces"
    if problem == "mapping values are not allowed here":
        return 'not valid YAML: a second ": " in one line; put text that holds one in quotes'
    return "not valid YAML: " + problem.replace("\x00", "the end of the file")


def _place(mark: StringMark | None) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark is not None else Place(1, 1)


def _place_of_offset(text: str, *, offset: int) -> Place:
    before = text[:offset]
    return Place(before.count("\n") + 1, offset - before.rfind("\n"))


class _Builder:
    """Builds the node tree from events, without recursion."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.faults: list[Fault] = []
        self._open: list[tuple[List | Map, str | None]] = []
        self._anchors: dict[str, Node | None] = {}
        self._documents = 0

    def take(self, event: Event) -> None:
        place = _place(event.start_mark)
        if isinstance(event, DocumentStartEvent):
            self._start_document(place)
        elif isinstance(event, AliasEvent):
            self._put(self._anchored(event, place), place)
        elif isinstance(event, ScalarEvent):
            self._refuse_tag(event, place)
            null = event.style is None and event.value in _NULLS
            node = Scalar(place, None if null else _with_pairs_joined(event.value))
            self._name(event, node)
            self._put(node, place)
        elif isinstance(event, SequenceStartEvent | MappingStartEvent):
            self._refuse_tag(event, place)
            self._start(event, place)
        elif isinstance(event, SequenceEndEvent | MappingEndEvent):
            self._finish()

    def _start_document(self, place: Place) -> None:
        self._documents += 1
        if self._documents > 1:
            raise UnreadableError(Fault(place, "a second YAML document begins; a manifest is one"))

    def _refuse_tag(self, event: NodeEvent, place: Place) -> None:
        tag = getattr(event, "ctag", None)
        if tag is not None:
            self.faults.append(Fault(place, f"the tag {quoted(str(tag))} is not allowed"))

    def _start(self, event: SequenceStartEvent | MappingStartEvent, place: Place) -> None:
        if len(self._open) >= DEEPEST:
            raise UnreadableError(Fault(place, f"nested more than {DEEPEST} levels deep"))
        if event.anchor:
            self._anchors[event.anchor] = None
        node: List | Map = List(place) if isinstance(event, SequenceStartEvent) else Map(place)
        self._open.append((node, event.anchor))

    def _finish(self) -> None:
        node, anchor = self._open.pop()
        if anchor:
            self._anchors[anchor] = node
        self._put(node, node.place)

    def _name(self, event: ScalarEvent, node: Node) -> None:
        if event.anchor:
            self._anchors[event.anchor] = node

    def _anchored(self, event: AliasEvent, place: Place) -> Node:
        if event.anchor not in self._anchors:
            raise UnreadableError(Fault(place, f"*{event.anchor} has no anchor before it"))
        node = self._anchors[event.anchor]
        if node is None:
            raise UnreadableError(Fault(place, f"*{event.anchor} stands inside what it repeats"))
        return node

    def _put(self, node: Node, place: Place) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1][0]
        parent.nodes += node.nodes
        parent.depth = max(parent.depth, node.depth + 1)
        if parent.nodes > MOST_NODES or parent.depth > DEEPEST:
            raise UnreadableError(
                Fault(place, "holds more than a manifest can, counting what aliases repeat")
            )
        if isinstance(parent, List):
            parent.add(node)
        else:
            self._put_in_map(parent, node, place)

    def _put_in_map(self, parent: Map, node: Node, place: Place) -> None:
        if parent.pending is None:
            parent.pending = self._key(node, place)
            return
        key, parent.pending = parent.pending, None
        name = key.text or ""
        if name in parent.entries:
            first = parent.keys[name].line
            self.faults.append(Fault(key.place, f"{quoted(name)} is already given in line {first}"))
            return
        parent.entries[name] = node
        parent.keys[name] = key.place

    def _key(self, node: Node, place: Place) -> Scalar:
        if not isinstance(node, Scalar):
            self.faults.append(Fault(place, "a key must be text, not a list or a mapping"))
            return Scalar(place, None)
        return Scalar(place, node.text)
