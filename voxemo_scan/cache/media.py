"""Pages' sound and pictures as a room of the cache."""

from __future__ import annotations

from pathlib import Path

from voxemo_scan.cache.files import remove, size_of
from voxemo_scan.cache.room import Damage, Item, Kind
from voxemo_scan.report.media.kept import ENDING, FOLDER, read_kept


class MediaRoom:
    """The media kept in ``folder``."""

    kind: Kind = "media"

    def __init__(self, folder: Path) -> None:
        self.place = folder / FOLDER

    @property
    def _files(self) -> list[Path]:
        """What is kept, what older versions kept, and what a killed run left half written."""
        return [*self._kept, *self.place.glob("*.json"), *self.place.glob(".*.tmp")]

    @property
    def _kept(self) -> list[Path]:
        return sorted(self.place.glob(f"*{ENDING}"))

    def items(self) -> list[Item]:
        """Return the kept files."""
        return [Item(path.name, size_of([path])) for path in self._kept]

    @property
    def size(self) -> int:
        """Return the bytes that they take."""
        return size_of(self._files)

    def clear(self) -> int:
        """Remove them."""
        return remove(self._files)

    def damaged(self) -> list[Damage]:
        """Return those that are not what was written."""
        return [
            Damage(
                str(path),
                "not as it was written",
                "`voxemo-scan cache verify --mend` removes it, and the next run makes it again",
            )
            for path in self._broken()
        ]

    def mend(self) -> None:
        """Remove those that are damaged."""
        remove(self._broken())

    def _broken(self) -> list[Path]:
        return [path for path in self._kept if read_kept(path) is None]
