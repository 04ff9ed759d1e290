"""Downloading corpora from their official places, each file checked before it is used."""

from __future__ import annotations

import hashlib
import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from shutil import copyfile
from typing import Any, Final
from urllib.parse import quote, urlsplit
from zipfile import BadZipFile, ZipFile

from voxemo_scan.errors import MissingError, SourceError, UsageError
from voxemo_scan.progress import NoProgress, Progress
from voxemo_scan.training.corpora.known import CORPORA

_BLOCK: Final = 1 << 16
_TIMEOUT_S: Final = 60.0
_AT_ONCE: Final = 8
_POINTER: Final = re.compile(
    r"^version https://git-lfs.*^oid sha256:(?P<oid>[0-9a-f]{64})$", re.MULTILINE | re.DOTALL
)
_POINTER_BYTES: Final = 1024
_MOST_UNPACKED: Final = 20 * 1000**3
"""Bytes that an archive may unpack to."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip file of a corpus.

    ``checksum`` is ``algorithm:hex`` as published; where the place publishes none it is None, and
    the checksum of the first download is kept beside the file for the ones after it. ``strip``
    folders are left off what it unpacks to, and nothing but ``only`` is unpacked. Where sound
    lies in it as git-lfs pointers, ``media`` is where the sound itself is had from.
    """

    url: str
    file: str
    checksum: str | None = None
    strip: int = 0
    only: tuple[str, ...] = ()
    media: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a data archive, whose API lists its files with addresses and checksums."""

    api: str
    kind: str
    wanted: tuple[str, ...] = ()


HOMES: Final[Mapping[str, Archive | Record]] = {
    "CREMA-D": Archive(
        "https://github.com/CheyneyComputerScience/CREMA-D/archive/refs/heads/master.zip",
        "CREMA-D-master.zip",
        strip=1,
        only=("AudioWAV", "VideoDemographics.csv", "processedResults", "LICENSE.txt"),
        media="https://media.githubusercontent.com/media/CheyneyComputerScience/CREMA-D/master",
    ),
    "RAVDESS": Record(
        "https://zenodo.org/api/records/1188976",
        "zenodo",
        ("Audio_Speech_Actors_01-24.zip",),
    ),
    "TESS": Record(
        "https://borealisdata.ca/api/datasets/:persistentId/?persistentId=doi:10.5683/SP2/E8H2MF",
        "dataverse",
    ),
    "EmoDB": Archive("http://emodb.bilderbar.info/download/download.zip", "emodb.zip"),
}


def fetch_corpus(
    name: str,
    folder: Path,
    *,
    homes: Mapping[str, Archive | Record] = HOMES,
    progress: Progress | None = None,
) -> Path:
    """Download a corpus into ``folder/name`` and return that folder.

    A download that broke off goes on where it was; a file whose checksum is wrong is thrown away.

    Raises:
        UsageError: no corpus of this name.
        MissingError: the corpus cannot be downloaded without asking its authors.
        SourceError: the download failed, or what came is not what was published.
    """
    if name not in CORPORA:
        raise UsageError(f"unknown corpus {name!r}", remedy=f"choose {', '.join(CORPORA)}")
    if name not in homes:
        raise MissingError(
            f"{name} is given on request only ({CORPORA[name].licence})",
            remedy=f"ask for it at {CORPORA[name].home}",
        )
    told = progress or NoProgress()
    to = folder / name
    home = homes[name]
    files = [home] if isinstance(home, Archive) else _listed(home)
    for archive in files:
        path = _download(archive, to / "downloads", told)
        if path.suffix == ".zip":
            _unpack(path, to, archive)
        else:
            copyfile(path, to / path.name)
        if archive.media:
            _fill_pointers(to, archive.media, told)
    return to


def _listed(record: Record) -> list[Archive]:
    """Return the files of a record with the checksums that its API gives."""
    values = _read_json(record.api)
    try:
        found = _zenodo(values) if record.kind == "zenodo" else _dataverse(values, record.api)
    except (KeyError, TypeError) as error:
        raise SourceError(
            f"{record.api} does not list its files as it used to", remedy="update voxemo-scan"
        ) from error
    chosen = [a for a in found if not record.wanted or a.file in record.wanted]
    if not chosen:
        raise SourceError(f"{record.api} lists no such file", remedy="update voxemo-scan")
    return chosen


def _zenodo(values: Any) -> list[Archive]:
    return [Archive(f["links"]["self"], f["key"], f["checksum"]) for f in values["files"]]


def _dataverse(values: Any, api: str) -> list[Archive]:
    parts = urlsplit(api)
    found = []
    for each in values["data"]["latestVersion"]["files"]:
        file = each["dataFile"]
        url = f"{parts.scheme}://{parts.netloc}/api/access/datafile/{file['id']}"
        checksum = file["checksum"]
        name = PurePosixPath(file["filename"]).name
        found.append(Archive(url, name, f"{checksum['type'].lower()}:{checksum['value']}"))
    return found


def _read_json(url: str) -> Any:
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as answer:
            return json.load(answer)
    except (OSError, ValueError) as error:
        raise SourceError(f"{url}: {error}", remedy="check the network and try again") from error


def _download(archive: Archive, folder: Path, progress: Progress) -> Path:
    """Return the file, downloaded and checked."""
    folder.mkdir(parents=True, exist_ok=True)
    path, part = folder / archive.file, folder / f"{archive.file}.part"
    note = folder / f"{archive.file}.checksum"
    expected = archive.checksum or (note.read_text("utf-8") if note.is_file() else None)
    if path.is_file() and expected and _checksum(path, expected) == expected:
        return path
    _transfer(archive.url, part, progress)
    expected = expected or _checksum(part, "sha256:")
    if (found := _checksum(part, expected)) != expected:
        part.unlink()
        raise SourceError(
            f"{archive.url}: its checksum is {found}, not {expected}",
            remedy="try again; if it stays so, the file at its home was changed",
        )
    note.write_text(expected, "utf-8")
    part.replace(path)
    return path


def _transfer(url: str, part: Path, progress: Progress) -> None:
    """Download ``url`` into ``part``, going on behind what is there already."""
    have = part.stat().st_size if part.is_file() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:
            resumed = answer.status == 206
            total = int(answer.headers.get("Content-Length") or 0) + (have if resumed else 0)
            done = have if resumed else 0
            with part.open("ab" if resumed else "wb") as file:
                while block := answer.read(_BLOCK):
                    file.write(block)
                    done += len(block)
                    progress.stage(part.stem, "downloading", done=done, total=total or None)
    except urllib.error.HTTPError as error:
        if error.code == 416 and have:
            return  # all of it is there
        raise SourceError(
            f"{url}: the server answers {error.code} {error.reason}", remedy="try again later"
        ) from error
    except (OSError, ValueError) as error:
        raise SourceError(f"{url}: {error}", remedy="try again: it goes on where it was") from error
    if total and done < total:
        raise SourceError(
            f"{url}: {done:,} of {total:,} bytes came", remedy="try again: it goes on where it was"
        )


def _checksum(path: Path, like: str) -> str:
    """Return the file's checksum by the algorithm that ``like`` begins with."""
    algorithm = like.partition(":")[0]
    with path.open("rb") as file:
        return f"{algorithm}:{hashlib.file_digest(file, algorithm).hexdigest()}"


def _unpack(path: Path, folder: Path, wanted: Archive) -> None:
    """Unpack a zip into ``folder``; nothing is written outside it.

    Raises:
        SourceError: it is no zip, would write elsewhere, or is too large.
    """
    try:
        with ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            if sum(m.file_size for m in members) > _MOST_UNPACKED:
                raise SourceError(f"{path} unpacks to too much", remedy="unpack it by hand")
            for member in members:
                parts = PurePosixPath(member.filename).parts
                if ".." in parts or PurePosixPath(member.filename).is_absolute():
                    raise SourceError(
                        f"{path}: {member.filename} would be written elsewhere",
                        remedy="do not use this file",
                    )
                kept = parts[wanted.strip :]
                if not kept or (wanted.only and kept[0] not in wanted.only):
                    continue
                target = folder.joinpath(*kept)
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as source, target.open("wb") as file:
                    while block := source.read(_BLOCK):
                        file.write(block)
    except (BadZipFile, OSError) as error:
        raise SourceError(f"{path} cannot be unpacked: {error}", remedy="try again") from error


def _fill_pointers(folder: Path, media: str, progress: Progress) -> None:
    """Replace git-lfs pointers by the sound that they point to, each checked by its own checksum.

    Raises:
        SourceError: one cannot be had.
    """
    pointers = {
        path: named["oid"]
        for path in sorted(folder.rglob("*.wav"))
        if path.stat().st_size < _POINTER_BYTES
        and (named := _POINTER.search(path.read_text("latin-1")))
    }

    def fill(path: Path) -> None:
        url = f"{media}/{quote(path.relative_to(folder).as_posix())}"
        part = path.with_suffix(".part")
        _transfer(url, part, NoProgress())
        if _checksum(part, "sha256") != f"sha256:{pointers[path]}":
            part.unlink()
            raise SourceError(f"{url}: its checksum is wrong", remedy="try again")
        part.replace(path)

    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        for done, _ in enumerate(pool.map(fill, pointers), start=1):
            progress.stage(folder.name, "downloading", done=done, total=len(pointers))
