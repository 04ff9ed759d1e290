"""Clips and results at an address that the driver and all workers reach: a folder, s3://, gs:// ...

``clips/<sha256><suffix>`` holds clips, ``results/<key>.json`` results. Both names follow from what
is in the file, so that whatever is there once is good for every later run, whoever wrote it, and
two who write the same file write the same bytes. What is read is held against its checksum.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from voxemo_scan.errors import MissingError, SourceError, UsageError
from voxemo_scan.scan.database import text_sha256
from voxemo_scan.scan.result_text import from_text

if TYPE_CHECKING:
    from voxemo_scan.scan.result import SceneResult

_PIECE: Final = 4 << 20
_READ_ONLY: Final = frozenset({"http", "https"})
_BUCKETS: Final = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az"})
"""Stores without folders, where making one would make a bucket of a mistyped name."""
_SUFFIX: Final = re.compile(r"\.[a-z0-9]{1,8}")
_PACKAGES: Final = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "abfs": "adlfs",
                    "az": "adlfs", "http": "aiohttp", "https": "aiohttp"}  # fmt: skip


class RemoteStore:
    """What is kept at ``url``, read and written through fsspec.

    Raises:
        UsageError: there is no way to read such an address.
        MissingError: the package that reads it is not installed.
    """

    def __init__(self, url: str) -> None:
        self._files, root = _opened(url)
        self._root = root.rstrip("/")
        protocol = self._files.protocol
        protocols = {protocol} if isinstance(protocol, str) else set(protocol)
        self.writable = not protocols & _READ_ONLY
        self._folders = not protocols & _BUCKETS
        self._local = "file" in protocols
        self.url = self._root if self._local else url  # a relative path means nothing elsewhere

    def put_clip(self, path: Path, *, name: str) -> bool:
        """Have the clip ``path`` there under ``name``; return whether it is.

        A clip that is there already, whole, is left as it is. It never is by this call where the
        address can only be read.

        Raises:
            SourceError: it cannot be written.
        """
        place = f"{self._root}/clips/{name}"
        try:
            if self._size(place) == path.stat().st_size:
                return True
            if self.writable:
                self._write(place, path)
        except Exception as error:  # each kind of address raises its own
            raise SourceError(
                f"the clip could not be written to {self.url}: {_said(error)}",
                remedy="see that this machine may write there",
            ) from error
        return self.writable

    def get_clip(self, name: str, *, to: Path) -> None:
        """Write the clip ``name`` to ``to``.

        Raises:
            SourceError: it is not there, cannot be read, or is not what its name says.
        """
        digest = hashlib.sha256()
        try:
            with self._files.open(f"{self._root}/clips/{name}", "rb") as source, to.open("wb") as f:
                while piece := source.read(_PIECE):
                    digest.update(piece)
                    f.write(piece)
        except Exception as error:  # as above
            raise SourceError(
                f"the clip could not be read from {self.url}: {_said(error)}",
                remedy="see that every node reaches it, with the credentials that it needs",
            ) from error
        if not name.startswith(digest.hexdigest()):
            raise SourceError(
                f"{self.url}/clips/{name} is damaged", remedy="delete it there, and run again"
            )

    def put_result(self, key: str, text: str) -> bool:
        """Write a result's ``text`` under its ``key``; return whether it could be written."""
        if not self.writable:
            return False
        body = json.dumps({"sha256": text_sha256(text), "result": text}, ensure_ascii=False)
        with suppress(Exception):
            self._write(f"{self._root}/results/{key}.json", body.encode())
            return True
        return False

    def result(self, key: str) -> SceneResult | None:
        """Return the result of ``key``; None if there is none that is as it was written."""
        try:
            told: Any = json.loads(self._files.cat_file(f"{self._root}/results/{key}.json"))
            text = told["result"]
            whole = text_sha256(text) == told["sha256"]
        except Exception:  # noqa: BLE001  (whatever it is: the scene is analysed)
            return None
        return from_text(text) if whole else None

    def _size(self, place: str) -> int | None:
        self._files.invalidate_cache()
        try:
            found = self._files.size(place)
        except FileNotFoundError:
            return None
        return None if found is None else int(found)

    def _write(self, place: str, what: Path | bytes) -> None:
        """Have a whole file at ``place`` or none: objects are so, files are renamed into place."""
        if self._folders:
            self._files.makedirs(place.rpartition("/")[0], exist_ok=True)
        to = f"{place}.{secrets.token_hex(6)}.tmp" if self._local else place
        if isinstance(what, bytes):
            self._files.pipe_file(to, what)
        else:
            self._files.put_file(str(what), to)
        if self._local:
            Path(to).replace(place)


def clip_name(path: Path, *, sha256: str) -> str:
    """Return what a clip is called there: FFmpeg looks at a file's ending, too."""
    suffix = path.suffix.lower()
    return sha256 + (suffix if _SUFFIX.fullmatch(suffix) else "")


def _opened(url: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs  # noqa: PLC0415  (of the extra)

    protocol = url.partition("://")[0] if "://" in url else "file"
    try:
        files, root = url_to_fs(
            url, **({"use_listings_cache": False} if protocol != "file" else {})
        )
    except ImportError as error:
        package = _PACKAGES.get(protocol, "the fsspec package for it")
        raise MissingError(
            f"{protocol}:// needs a package that is not installed: {error}",
            remedy=f"pip install {package}, here and on every node",
        ) from error
    except ValueError as error:
        raise UsageError(
            f"--remote-store {url}: {error}",
            remedy="give a folder that all machines see, or s3://, gs:// and the like",
        ) from error
    return files, str(root)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
