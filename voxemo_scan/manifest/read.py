"""The text of a manifest file, or why there is none."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Final

from voxemo_scan.errors import ManifestError, Problem, UsageError
from voxemo_scan.manifest.document import LARGEST_BYTES

_SUFFIXES: Final = frozenset({".yaml", ".yml"})


def read_text(path: Path) -> str:
    """Return the UTF-8 text in the file at ``path``.

    Raises:
        UsageError: there is no such file, or it cannot be read.
        ManifestError: it is too large or not UTF-8.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except FileNotFoundError as error:
        raise UsageError(f"there is no manifest at {path}", remedy=_others(path)) from error
    except IsADirectoryError as error:
        raise UsageError(f"{path} is a folder, not a manifest", remedy=_within(path)) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"the manifest {path} cannot be read: {reason}") from error
    if len(data) > LARGEST_BYTES:
        message = f"the file is larger than {LARGEST_BYTES // 1024} KiB; split it"
        raise ManifestError([Problem(str(path), 1, 1, message)])
    return _decoded(data, path)


def _decoded(data: bytes, path: Path) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        tail = before[before.rfind(b"\n") + 1 :].decode("utf-8-sig", "replace")
        message = f"the byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise ManifestError([Problem(str(path), line, len(tail) + 1, message)]) from error


def _manifests_in(folder: Path) -> list[Path]:
    try:
        return sorted(p for p in folder.iterdir() if p.suffix in _SUFFIXES)
    except OSError:
        return []


def _within(folder: Path) -> str:
    found = _manifests_in(folder)
    return f"name one of its files, such as {found[0]}" if found else "name a YAML file"


def _others(path: Path) -> str:
    names = [p.name for p in _manifests_in(path.parent)]
    if near := get_close_matches(path.name[:200], names, n=1, cutoff=0.5):
        return f"did you mean {path.parent / near[0]}?"
    return "`voxemo-scan init` writes a manifest to begin with"
