"""Downloaded clips: a folder of files with a sidecar each, where nothing is half there."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from voxemo_scan import __version__
from voxemo_scan.atomic import write_atomic
from voxemo_scan.digest import file_sha256
from voxemo_scan.errors import SourceError
from voxemo_scan.sources.address import address_key, normalise, shown
from voxemo_scan.sources.budget import Budget, Cancelled, OutOfTime
from voxemo_scan.sources.clip import Clip
from voxemo_scan.sources.options import FetchOptions
from voxemo_scan.sources.sidecar import Sidecar, read_sidecar

if TYPE_CHECKING:
    from filelock import BaseFileLock

    from voxemo_scan.sources.ytdlp import Recording

__all__ = ["ClipLibrary", "FetchOptions"]

PARTIAL_FOLDER: Final = ".partial"
_LOOK_EVERY_S: Final = 0.2
_EXTENSION: Final = re.compile(r"\.[a-z0-9]{1,8}")


class ClipLibrary:
    """The clips in ``folder``, fetched when they are not there yet.

    A clip is ``<name>.<key>.<ext>`` with its sidecar ``<name>.<key>.json``; ``key`` stands for the
    address, so one download serves every scene and range of it. The sidecar is written last:
    where there is one, the file it names is complete.

    Args:
        folder: where the clips live; made when needed.
        options: limits of a download.
        offline: fetch nothing.
        digest: tells the SHA-256 of a file; by default it is read.
        stop: set to stop all downloads, as ``cancel`` does.
    """

    def __init__(
        self,
        folder: Path,
        *,
        options: FetchOptions | None = None,
        offline: bool = False,
        digest: Callable[[Path], str] = file_sha256,
        stop: threading.Event | None = None,
    ) -> None:
        self.folder = folder
        self.options = options or FetchOptions()
        self.offline = offline
        self.digest = digest
        self._stop = stop or threading.Event()

    def find(self, address: str, *, verify: bool = False) -> Clip | None:
        """Return the clip of ``address`` when it is here, complete.

        ``verify`` reads the whole file and compares its SHA-256; else its size is compared.

        Raises:
            SourceError: ``address`` is no web address.
        """
        wanted = normalise(address)
        for path in sorted(self.folder.glob(f"*.{address_key(address)}.json")):
            sidecar = read_sidecar(path)
            if sidecar and normalise(sidecar.address) == wanted:
                clip = self._clip(sidecar, verify=verify)
                if clip:
                    return clip
        return None

    def fetch(
        self,
        address: str,
        *,
        name: str,
        progress: Callable[[int, int | None], None] | None = None,
    ) -> Clip:
        """Return the clip of ``address``, downloading it unless it is here.

        ``name`` makes the file name readable; ``progress`` is told the bytes and, where known,
        their total. Of several processes that want the same clip, one downloads it.

        Raises:
            SourceError: the clip cannot be had; the message says why and what to do.
        """
        partial = self.folder / PARTIAL_FOLDER / address_key(address)
        here = self.find(address, verify=True)
        if here:
            shutil.rmtree(partial, ignore_errors=True)  # a kill right after the clip was kept
            return here
        if self.offline:
            raise self.not_here(address)
        budget = Budget(self.options.deadline_s, stop=self._stop)
        with self._alone(partial, address=address, budget=budget):
            return self.find(address, verify=True) or self._download(
                address, name=name, partial=partial, budget=budget, progress=progress
            )

    def not_here(self, address: str) -> SourceError:
        """Return the error that says why ``address`` has no clip while nothing may be fetched."""
        damaged = self.find(address) is not None
        return SourceError(
            f"{shown(address)}: its clip is damaged, and --offline was given"
            if damaged
            else f"{shown(address)}: not downloaded, and --offline was given",
            remedy="run `voxemo-scan fetch` once with the internet",
        )

    def cancel(self) -> None:
        """Stop all downloads of this library, from another thread; what came is kept."""
        self._stop.set()

    def _download(
        self,
        address: str,
        *,
        name: str,
        partial: Path,
        budget: Budget,
        progress: Callable[[int, int | None], None] | None,
    ) -> Clip:
        from voxemo_scan.sources.web import download  # noqa: PLC0415 - imports yt-dlp

        recording = download(
            address, folder=partial, options=self.options, budget=budget, progress=progress
        )
        clip = self._keep(recording, address=address, name=name)
        shutil.rmtree(partial, ignore_errors=True)
        return clip

    def _keep(self, recording: Recording, *, address: str, name: str) -> Clip:
        """Move a complete download into place, the sidecar last."""
        _sync(recording.path)
        stem = f"{_safe_name(name)}.{address_key(address)}"
        extension = recording.path.suffix.lower()
        final = self.folder / (stem + (extension if _EXTENSION.fullmatch(extension) else ".media"))
        sidecar = Sidecar(
            file=final.name,
            address=address,
            title=recording.title,
            uploader=recording.uploader,
            duration_s=recording.duration_s,
            sha256=file_sha256(recording.path),
            size=recording.path.stat().st_size,
            date=datetime.now(UTC).isoformat(timespec="seconds"),
            tool=_tool(),
        )
        (self.folder / f"{stem}.json").unlink(missing_ok=True)
        recording.path.replace(final)
        write_atomic(self.folder / f"{stem}.json", sidecar.to_json())
        return replace(self._clip_of(sidecar), fetched=True)

    def _clip(self, sidecar: Sidecar, *, verify: bool) -> Clip | None:
        path = self.folder / sidecar.file
        try:
            whole = path.is_file() and path.stat().st_size == sidecar.size
            if whole and verify:
                whole = self.digest(path) == sidecar.sha256
        except OSError:
            return None
        return self._clip_of(sidecar) if whole else None

    def _clip_of(self, sidecar: Sidecar) -> Clip:
        return Clip(
            path=self.folder / sidecar.file,
            sha256=sidecar.sha256,
            address=sidecar.address,
            title=sidecar.title,
            uploader=sidecar.uploader,
            duration_s=sidecar.duration_s,
        )

    @contextmanager
    def _alone(self, partial: Path, *, address: str, budget: Budget) -> Iterator[None]:
        """Hold the lock on ``address`` against other threads and processes."""
        from filelock import FileLock  # noqa: PLC0415 - only downloads need it

        try:
            partial.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(partial.with_suffix(".lock"))
            _acquire(lock, budget=budget)
        except OutOfTime:
            raise SourceError(
                f"{shown(address)}: another process is still fetching it",
                remedy="wait for it to end, then run again",
            ) from None
        except Cancelled:
            raise SourceError(f"{shown(address)}: stopped") from None
        except OSError as error:
            raise SourceError(
                f"{self.folder}: cannot be written: {error.strerror or error}",
                remedy="choose another folder with --scenes",
            ) from error
        try:
            yield
        finally:
            with suppress(OSError):  # not empty: a part to go on from
                partial.rmdir()
            lock.release()


def _acquire(lock: BaseFileLock, *, budget: Budget) -> None:
    from filelock import Timeout  # noqa: PLC0415 - only downloads need it

    while True:
        try:
            lock.acquire(timeout=_LOOK_EVERY_S)
            return
        except Timeout:
            budget.check()


def _safe_name(name: str) -> str:
    """Return ``name`` fit for a file name on any system."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "clip"


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _tool() -> str:
    from yt_dlp.version import __version__ as ytdlp_version  # noqa: PLC0415 - imports yt-dlp

    return f"voxemo-scan {__version__}, yt-dlp {ytdlp_version}"
