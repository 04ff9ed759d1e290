"""Zip files from the web: what is in them is written under one folder, or not at all."""

from __future__ import annotations

import zlib
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from voxemo_scan.errors import SourceError

MOST_UNPACKED: Final = 20 * 1000**3
"""Bytes that an archive may unpack to."""
_MOST_FILES: Final = 200_000


def unpack(
    path: Path,
    folder: Path,
    *,
    strip: int = 0,
    only: tuple[str, ...] = (),
    most_bytes: int = MOST_UNPACKED,
) -> None:
    """Unpack a zip into ``folder``; every name in it is looked at before anything is written.

    Args:
        path: the zip.
        folder: where to; nothing is written outside it.
        strip: folders to leave off each name.
        only: files and folders to take (below the stripped ones); all of them where it is empty.
        most_bytes: what it may unpack to.

    Raises:
        SourceError: it is no zip, is damaged, would write elsewhere, or is too large.
    """
    try:
        with ZipFile(path) as archive:
            members = _chosen(archive, path, strip=strip, only=only)
            if sum(member.file_size for member in members) > most_bytes:
                raise SourceError(
                    f"{path} would unpack to more than {most_bytes:,} bytes",
                    remedy="look at what it is before using it",
                )
            for member, name in members.items():
                _write(archive, member, folder / name)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise SourceError(
            f"{path} cannot be unpacked: {error}", remedy="try again later"
        ) from error


def safe_path(name: str, *, source: str) -> PurePosixPath:
    r"""Return a name from the web as a path that stays below the folder it is put in.

    Raises:
        SourceError: it does not (``../x``, ``/x``, ``C:x``, ``..\x``).
    """
    path = PurePosixPath(name)
    if not path.parts or path.is_absolute() or ".." in path.parts or set(name) & set("\\:\0"):
        raise SourceError(
            f"{source}: {name!r} would be written elsewhere", remedy="do not use this file"
        )
    return path


def _chosen(
    archive: ZipFile, path: Path, *, strip: int, only: tuple[str, ...]
) -> dict[ZipInfo, PurePosixPath]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > _MOST_FILES:
        raise SourceError(f"{path} holds {len(members):,} files", remedy="do not use this file")
    named = {member: safe_path(member.filename, source=str(path)).parts for member in members}
    return {
        member: PurePosixPath(*parts[strip:])
        for member, parts in named.items()
        if parts[strip:] and (not only or parts[strip] in only)
    }


def _write(archive: ZipFile, member: ZipInfo, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, to.open("wb") as file:
        copyfileobj(source, file)
