"""Downloading corpora from their official places, each file checked before it is used."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile, disk_usage, rmtree
from threading import Event, Lock
from typing import Final

from filelock import FileLock, Timeout

from voxemo_scan.errors import MissingError, SourceError, UsageError
from voxemo_scan.progress import NoProgress, Progress
from voxemo_scan.training.corpora.homes import HOMES, Archive, Home
from voxemo_scan.training.corpora.known import Corpus, find_corpus
from voxemo_scan.training.corpora.pointers import find_pointers
from voxemo_scan.training.corpora.provenance import (
    provenance_path,
    read_first_checksums,
    write_provenance,
)
from voxemo_scan.training.corpora.transfer import Patience, Remote, checksum_of, download
from voxemo_scan.training.corpora.unpack import safe_path, unpack

_AT_ONCE: Final = 8
_SPACE: Final = 2.5
"""Disk space that a corpus takes while it is unpacked, as a multiple of its download."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A corpus on this disk; ``new`` says that this call downloaded it."""

    corpus: Corpus
    folder: Path
    clips: int
    new: bool


def fetch_corpus(
    name: str,
    folder: Path,
    *,
    homes: Mapping[str, Home] = HOMES,
    patience: Patience | None = None,
    progress: Progress | None = None,
) -> Fetched:
    """Download a corpus into ``folder/NAME``, which appears there whole or not at all.

    A download that broke off goes on where it was. Checksums are the published ones; where none
    are, those of the first download are kept in ``folder/NAME.sources.json`` and later downloads
    held against them.

    Raises:
        UsageError: no corpus of this name, or it is being fetched already.
        MissingError: it is given on request only, or there is no space for it.
        SourceError: the download failed, or what came is not what was published.
    """
    corpus, told = find_corpus(name), progress or NoProgress()
    target = folder / corpus.name
    if target.is_dir() and any(target.iterdir()):
        return Fetched(corpus, target, len(corpus.load(target)), new=False)
    if corpus.name not in homes:
        raise MissingError(
            f"{corpus.name} is given on request only ({corpus.licence})",
            remedy=f"register for it at {corpus.home} and unpack it as {target}",
        )
    work = folder / f".{corpus.name}.part"
    work.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(work / "lock", timeout=0):
            job = _Job(corpus, folder, work, patience=patience or Patience(), progress=told)
            return job.run(homes[corpus.name])
    except Timeout as error:
        raise UsageError(
            f"{corpus.name} is being fetched into {folder} already", remedy="wait for it"
        ) from error


class _Job:
    """One corpus on its way; downloads and the unpacked tree lie in ``work`` until it is whole."""

    def __init__(
        self, corpus: Corpus, folder: Path, work: Path, *, patience: Patience, progress: Progress
    ) -> None:
        self._corpus = corpus
        self._folder = folder
        self._work = work
        self._record = provenance_path(folder, corpus.name)
        self._first = read_first_checksums(self._record)
        self._patience = patience
        self._progress = progress

    def run(self, home: Home) -> Fetched:
        files = home.list_files(patience=self._patience)
        self._announce(files)
        had = self._download(files)
        tree = self._work / "tree"
        rmtree(tree, ignore_errors=True)
        self._lay_out(had, tree, home)
        if isinstance(home, Archive) and home.media:
            sound = self._download(list(find_pointers(tree, media=home.media)))
            self._place(sound, tree)
            had |= sound
        clips = self._count(tree)
        write_provenance(self._record, self._corpus, had)
        target = self._folder / self._corpus.name
        tree.replace(target)
        rmtree(self._work, ignore_errors=True)
        return Fetched(self._corpus, target, clips, new=True)

    def _announce(self, files: Sequence[Remote]) -> None:
        """Say what is coming and under which licence.

        Raises:
            MissingError: it does not fit on the disk.
        """
        sizes = [each.size for each in files if each.size is not None]
        size = sum(sizes) if len(sizes) == len(files) else self._corpus.download_mb * 10**6
        self._progress.note(
            f"{self._corpus.name}: about {size / 1e6:,.0f} MB, {self._corpus.licence}, "
            f"from {self._corpus.home}"
        )
        free = disk_usage(self._folder).free
        if size * _SPACE > free:
            raise MissingError(
                f"{self._corpus.name} takes {size * _SPACE / 1e9:,.1f} GB while it is unpacked, "
                f"and {free / 1e9:,.1f} GB are free at {self._folder}",
                remedy="choose another place with -o",
            )
        if not all(each.checksum for each in files):
            self._progress.note(
                f"{self._corpus.name}: no checksum is published for it; that of the first "
                f"download is kept in {self._record}"
            )

    def _download(self, files: Sequence[Remote]) -> dict[Remote, Path]:
        """Return where each file lies, downloaded and checked."""
        gauge = _Gauge(self._corpus.name, files, self._progress)

        def get(remote: Remote) -> Path:
            path = self._work / "downloads" / safe_path(remote.path, source=remote.url)
            first = self._first.get(remote.url)
            if not (path.is_file() and _is_right(path, remote.checksum)):
                download(remote, path, patience=self._patience, told=gauge.add)
            if not remote.checksum and first and (now := checksum_of(path, first)) != first:
                path.unlink()
                raise SourceError(
                    f"{remote.url} has changed: its checksum is {now}, and was {first} when it "
                    "was first downloaded",
                    remedy=f"if you trust the new one, delete {self._record}",
                )
            return path

        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            try:
                return dict(zip(files, pool.map(get, files), strict=True))
            except BaseException:
                gauge.stop()
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _lay_out(self, had: Mapping[Remote, Path], tree: Path, home: Home) -> None:
        """Unpack zips and place all else."""
        tree.mkdir(parents=True)
        plain = {remote: path for remote, path in had.items() if path.suffix.lower() != ".zip"}
        self._place(plain, tree)
        strip, only = (home.strip, home.only) if isinstance(home, Archive) else (0, ())
        for path in (path for remote, path in had.items() if remote not in plain):
            try:
                unpack(path, tree, strip=strip, only=only)
            except SourceError:
                path.unlink()  # what is no good is not kept for the next try
                raise

    def _place(self, had: Mapping[Remote, Path], tree: Path) -> None:
        """Put files where they belong; the downloads stay, should the rest break off."""
        for remote, path in had.items():
            to = tree / safe_path(remote.path, source=remote.url)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.unlink(missing_ok=True)
            try:
                os.link(path, to)
            except OSError:  # a file system without links
                copyfile(path, to)

    def _count(self, tree: Path) -> int:
        """Return how many clips came.

        Raises:
            SourceError: none.
        """
        try:
            clips = len(self._corpus.load(tree))
        except UsageError as error:
            raise SourceError(
                f"what came from {self._corpus.home} is not {self._corpus.name}: {error.message}",
                remedy="download it by hand; its home may have changed",
            ) from error
        if clips != self._corpus.clips:
            self._progress.note(
                f"{self._corpus.name}: {clips:,} clip{'' if clips == 1 else 's'} came, "
                f"{self._corpus.clips:,} are published"
            )
        return clips


class _Gauge:
    """Adds up what comes of many files at a time."""

    def __init__(self, name: str, files: Iterable[Remote], progress: Progress) -> None:
        sizes = [remote.size for remote in files]
        self._total = None if None in sizes else sum(filter(None, sizes))
        self._name = name
        self._progress = progress
        self._done = 0
        self._lock = Lock()
        self._stopped = Event()

    def stop(self) -> None:
        """Let every transfer under way end with its next bytes: one failed, or the user left."""
        self._stopped.set()

    def add(self, size: int) -> None:
        if self._stopped.is_set():
            raise SourceError("stopped", remedy="try again: it goes on where it was")
        with self._lock:
            self._done += size
            self._progress.stage(self._name, "downloading", done=self._done, total=self._total)


def _is_right(path: Path, checksum: str | None) -> bool:
    """Say whether an earlier run left the file whole; only whole files get their name."""
    return checksum is None or checksum_of(path, checksum) == checksum
