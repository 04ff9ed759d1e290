"""What a table's columns are, the same in every format; docs/data-dictionary.md explains them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Literal, TypeAlias, TypeVar

Kind = Literal["text", "seconds", "fraction", "bits", "count"]
Value: TypeAlias = str | float | int | None
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: what it is called, what it holds, and how it is read from a row's item."""

    name: str
    kind: Kind
    read: Callable[[Row], Value]


@dataclass(frozen=True, slots=True)
class Table(Generic[Row]):
    """A table: its columns and the items that its rows are read from."""

    name: str
    columns: tuple[Column[Row], ...]
    items: tuple[Row, ...]

    @property
    def header(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(column.name for column in self.columns)

    def rows(self) -> Iterator[tuple[Value, ...]]:
        """Yield the rows, a value a column; None where there is none."""
        for item in self.items:
            yield tuple(column.read(item) for column in self.columns)

    def values(self, column: Column[Row]) -> Iterable[Value]:
        """Return a column's values."""
        return (column.read(item) for item in self.items)
