"""Downloaded clips as a room of the cache."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from voxemo_scan.cache.files import remove, size_of
from voxemo_scan.cache.room import Damage, Item, Kind
from voxemo_scan.digest import file_sha256
from voxemo_scan.sources.address import shown
from voxemo_scan.sources.library import PARTIAL_FOLDER
from voxemo_scan.sources.sidecar import Sidecar, read_sidecar
from voxemo_scan.text import clean


class ClipsRoom:
    """The downloads in ``folder``: files that have a sidecar, and parts of some; no other file."""

    kind: Kind = "clips"

    def __init__(self, folder: Path) -> None:
        self.place = folder

    def items(self) -> list[Item]:
        """Return the clips."""
        return [
            Item(
                clean(sidecar.file),
                self._size(sidecar),
                f"{shown(sidecar.address)}, {clean(sidecar.date)}",
            )
            for _, sidecar in self._sidecars()
        ]

    @property
    def size(self) -> int:
        """Return the bytes that clips and parts take."""
        parts = (path for path in self._parts.rglob("*") if path.is_file())
        return size_of([*self._files(), *parts])

    def clear(self) -> int:
        """Remove clips, sidecars and parts."""
        before = self.size
        for path, sidecar in list(self._sidecars()):
            remove([path, self.place / sidecar.file])  # without its sidecar a file is no clip
        shutil.rmtree(self._parts, ignore_errors=True)
        return before - self.size

    def damaged(self) -> list[Damage]:
        """Return clips that are gone, or whose bytes are not those that were downloaded."""
        return [
            Damage(
                str(self.place / sidecar.file),
                why,
                "`voxemo-scan fetch` downloads it again",
            )
            for _, sidecar, why in self._broken()
        ]

    def mend(self) -> None:
        """Remove those that are damaged."""
        for path, sidecar, _ in list(self._broken()):
            remove([path, self.place / sidecar.file])

    @property
    def _parts(self) -> Path:
        return self.place / PARTIAL_FOLDER

    def _sidecars(self) -> Iterator[tuple[Path, Sidecar]]:
        for path in sorted(self.place.glob("*.json")):
            if sidecar := read_sidecar(path):
                yield path, sidecar

    def _files(self) -> Iterator[Path]:
        for path, sidecar in self._sidecars():
            yield from (path, self.place / sidecar.file)

    def _size(self, sidecar: Sidecar) -> int:
        return size_of([self.place / sidecar.file])

    def _broken(self) -> Iterator[tuple[Path, Sidecar, str]]:
        for path, sidecar in self._sidecars():
            clip = self.place / sidecar.file
            try:
                if file_sha256(clip) != sidecar.sha256:
                    yield path, sidecar, "its bytes are not those that were downloaded"
            except OSError as error:
                yield path, sidecar, f"cannot be read: {error.strerror or error}"


def _said(sidecar: Sidecar) -> str:
    return f"{shown(sidecar.address)}, {sidecar.date}"
