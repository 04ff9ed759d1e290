"""What a room of the cache holds, whatever its kind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, get_args

Kind = Literal["results", "media", "clips"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Item:
    """One kept thing: ``size`` in bytes, ``what`` it is in a few words."""

    name: str
    size: int
    what: str = ""


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is not what was written, and what to do about it."""

    name: str
    what: str
    remedy: str


class Room(Protocol):
    """One kind of kept things, all in one place."""

    kind: Kind
    place: Path

    def items(self) -> list[Item]:
        """Return what is kept; what cannot be read is not listed."""

    @property
    def size(self) -> int:
        """Return the bytes that all of it takes on disk."""

    def clear(self) -> int:
        """Remove all of it and return how many bytes that freed."""

    def damaged(self) -> list[Damage]:
        """Read all of it and return what is damaged."""

    def mend(self) -> None:
        """Remove what is damaged, so that the next run makes it anew."""
