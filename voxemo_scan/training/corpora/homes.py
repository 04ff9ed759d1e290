"""The official places of the corpora, and which files are to be had there.

Zenodo and Dataverse publish a checksum of each file through their API, and git-lfs names each
sound by its own; the others publish none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from voxemo_scan.errors import SourceError
from voxemo_scan.training.corpora.transfer import Patience, Remote, read_json

_CHANGED: Final = "see whether a newer voxemo-scan knows its place, or download it by hand"


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip file at a known address.

    ``strip`` folders are left off the names in it, and nothing but the files and folders named in
    ``only`` is unpacked. Where sound lies in it as git-lfs pointers, the sound itself is at
    ``media`` under the same path.
    """

    remote: Remote
    strip: int = 0
    only: tuple[str, ...] = ()
    media: str | None = None

    def list_files(self, *, patience: Patience) -> tuple[Remote, ...]:
        """Return the one file."""
        del patience
        return (self.remote,)


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a data archive, whose API lists its files with addresses and checksums.

    ``wanted`` names the files to take; all of them where it is empty.
    """

    api: str
    kind: Literal["zenodo", "dataverse"]
    wanted: tuple[str, ...] = ()

    def list_files(self, *, patience: Patience) -> tuple[Remote, ...]:
        """Return the wanted files as the API lists them.

        Raises:
            SourceError: it cannot be asked, or lists other things than it used to.
        """
        values = read_json(self.api, patience=patience)
        listing = _zenodo(values) if self.kind == "zenodo" else _dataverse(values, self.api)
        try:
            files = tuple(listing)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise SourceError(
                f"{self.api} does not list its files as it used to: {error!r}", remedy=_CHANGED
            ) from error
        chosen = tuple(each for each in files if not self.wanted or each.path in self.wanted)
        if not chosen or len(chosen) < len(self.wanted):
            missing = set(self.wanted) - {each.path for each in files}
            raise SourceError(
                f"{self.api} does not list {', '.join(sorted(missing)) or 'any file'}",
                remedy=_CHANGED,
            )
        return chosen


Home = Archive | Record

_CREMA_D: Final = "CheyneyComputerScience/CREMA-D"

HOMES: Final[Mapping[str, Home]] = {
    "CREMA-D": Archive(
        Remote(f"https://github.com/{_CREMA_D}/archive/refs/heads/master.zip", "CREMA-D.zip"),
        strip=1,
        only=("AudioWAV", "VideoDemographics.csv", "processedResults", "LICENSE.txt"),
        media=f"https://media.githubusercontent.com/media/{_CREMA_D}/master",
    ),
    "RAVDESS": Record(
        "https://zenodo.org/api/records/1188976", "zenodo", ("Audio_Speech_Actors_01-24.zip",)
    ),
    "TESS": Record(
        "https://borealisdata.ca/api/datasets/:persistentId/?persistentId=doi:10.5683/SP2/E8H2MF",
        "dataverse",
    ),
    "EmoDB": Archive(Remote("http://emodb.bilderbar.info/download/download.zip", "emodb.zip")),
}
"""SAVEE is given on request only."""


def _zenodo(values: Any) -> Iterator[Remote]:
    for each in values["files"]:
        yield Remote(
            each["links"]["self"],
            each["key"],
            size=int(each["size"]),
            checksum=_checksum(*each["checksum"].split(":", 1)),
        )


def _dataverse(values: Any, api: str) -> Iterator[Remote]:
    server = "{0.scheme}://{0.netloc}".format(urlsplit(api))
    for each in values["data"]["latestVersion"]["files"]:
        file = each["dataFile"]
        checksum = file.get("checksum") or {"type": "MD5", "value": file["md5"]}
        yield Remote(
            f"{server}/api/access/datafile/{int(file['id'])}",
            str(PurePosixPath(each.get("directoryLabel") or "", file["filename"])),
            size=int(file["filesize"]),
            checksum=_checksum(checksum["type"], checksum["value"]),
        )


def _checksum(algorithm: str, value: str) -> str:
    """Return ``algorithm:hex`` with the algorithm as ``hashlib`` calls it: SHA-256 is sha256."""
    return f"{algorithm.replace('-', '').lower()}:{value.strip().lower()}"
