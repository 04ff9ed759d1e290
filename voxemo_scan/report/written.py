"""Which of a report folder's files a report wrote, so that the next can take away what is stale.

``.files.sha256`` lists them, as ``sha256sum`` does. A file that is not listed, or that somebody
has changed since, is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from voxemo_scan.digest import file_sha256

LIST_NAME: Final = ".files.sha256"

# A list may come with a folder from anywhere: it can name no place outside of the folder.
_LINE: Final = re.compile(r"([0-9a-f]{64})  ((?:[a-z]{1,20}/)?[A-Za-z0-9][A-Za-z0-9.-]{0,150})")


def read_list(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file that is listed, by name; none where there is no list."""
    try:
        lines = (folder / LIST_NAME).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    found = (_LINE.fullmatch(line) for line in lines)
    return {match[2]: match[1] for match in found if match}


def list_of(contents: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of each content, by name."""
    return {name: sha256(content).hexdigest() for name, content in contents.items()}


def list_text(digests: Mapping[str, str]) -> str:
    """Return the list as it is written."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))


def remove_stale(folder: Path, *, keep: Iterable[str]) -> None:
    """Remove the listed files that are not to be kept and that nobody has changed."""
    kept = set(keep)
    for name, digest in read_list(folder).items():
        path = folder / name
        if name in kept or path.is_symlink() or not path.is_file():
            continue
        if file_sha256(path) == digest:
            path.unlink()
            with suppress(OSError):  # not empty, or not a folder that is ours to remove
                if path.parent != folder:
                    path.parent.rmdir()
