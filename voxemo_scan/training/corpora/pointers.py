"""Git-lfs pointers: small files that stand where sound belongs and name it by its checksum."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from voxemo_scan.training.corpora.transfer import Remote

_POINTER: Final = re.compile(
    r"version https://git-lfs\S*\noid (?P<checksum>sha256:[0-9a-f]{64})\nsize (?P<size>\d+)\n"
)
_MOST_BYTES: Final = 1024


def find_pointers(folder: Path, *, media: str) -> Iterator[Remote]:
    """Yield what the pointers under ``folder`` stand for.

    Args:
        folder: where to look, at any depth.
        media: the address under which the sound is, at the same paths.
    """
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.stat().st_size > _MOST_BYTES:
            continue
        named = _POINTER.fullmatch(path.read_text("latin-1"))
        if named:
            name = path.relative_to(folder).as_posix()
            yield Remote(f"{media}/{quote(name)}", name, int(named["size"]), named["checksum"])
