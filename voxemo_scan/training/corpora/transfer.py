"""One file from a server onto the disk, whole and checked, however often the line breaks."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from voxemo_scan import __version__
from voxemo_scan.errors import SourceError

_BLOCK: Final = 1 << 16
_MOST_BYTES: Final = 20 * 1000**3
_BUSY: Final = frozenset({408, 429, 500, 502, 503, 504})
_LONGEST_WAIT_S: Final = 120.0
_AGAIN: Final = "try again: it goes on where it was"


@dataclass(frozen=True, slots=True)
class Remote:
    """A file to download.

    ``path`` is where it belongs under the corpus's folder, ``size`` in bytes and ``checksum``
    (``algorithm:hex``) are as published, None where they are not.
    """

    url: str
    path: str
    size: int | None = None
    checksum: str | None = None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server is waited for: each answer, and ``pause_s``, doubling, between tries."""

    tries: int = 4
    pause_s: float = 2.0
    timeout_s: float = 30.0


class _Broken(Exception):  # noqa: N818 - a condition, not a fault
    """A transfer that another try may complete."""


def download(remote: Remote, to: Path, *, patience: Patience, told: Callable[[int], None]) -> None:
    """Download a file to ``to``; what an earlier try left in ``to.part`` is gone on with.

    Args:
        remote: what to download.
        to: where to; it appears there whole and with its checksum right, or not at all.
        patience: how often and how long to wait.
        told: called with the bytes that came, fewer than none where a part had to be dropped.

    Raises:
        SourceError: it cannot be had, or is not what was published.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    part, mark = to.with_name(f"{to.name}.part"), to.with_name(f"{to.name}.mark")
    told(_size(part))
    _persist(lambda: _transfer(remote, part, mark, patience, told), remote.url, patience)
    if remote.checksum and (found := checksum_of(part, remote.checksum)) != remote.checksum:
        told(-_size(part))
        part.unlink()
        mark.unlink(missing_ok=True)
        raise SourceError(
            f"{remote.url} is not what was published: its checksum is {found}, "
            f"not {remote.checksum}",
            remedy="try again; if it stays so, the file at its home was changed",
        )
    part.replace(to)
    mark.unlink(missing_ok=True)


def read_json(url: str, *, patience: Patience) -> Any:
    """Return the JSON at an address.

    Raises:
        SourceError: it cannot be had or is none.
    """

    def read() -> Any:
        with _open(url, {}, patience) as answer:
            return json.load(answer)

    try:
        return _persist(read, url, patience)
    except ValueError as error:
        raise SourceError(f"{url} is no JSON: {error}", remedy="try again later") from error


def checksum_of(path: Path, like: str) -> str:
    """Return the file's checksum by the algorithm that ``like`` begins with.

    Raises:
        SourceError: there is no such algorithm.
    """
    algorithm = like.partition(":")[0]
    if algorithm not in hashlib.algorithms_guaranteed:
        raise SourceError(f"unknown kind of checksum {like}", remedy="update voxemo-scan")
    with path.open("rb") as file:
        return f"{algorithm}:{hashlib.file_digest(file, algorithm).hexdigest()}"


def _persist(action: Callable[[], Any], url: str, patience: Patience) -> Any:
    """Return what ``action`` does, tried again while the line or the server fails."""
    for further in reversed(range(patience.tries)):
        wait_s = patience.pause_s * 2 ** (patience.tries - 1 - further)
        try:
            return action()
        except urllib.error.HTTPError as error:
            if not further or error.code not in _BUSY:
                raise SourceError(
                    f"{url}: the server answers {error.code} {error.reason}",
                    remedy="try again later, or download it by hand",
                ) from error
            wait_s = max(wait_s, _asked_wait_s(error))
        except (OSError, http.client.HTTPException, _Broken) as error:
            if not further:
                raise SourceError(f"{url}: {error}", remedy=_AGAIN) from error
        time.sleep(wait_s)
    raise AssertionError("the last try returns or raises")


def _asked_wait_s(error: urllib.error.HTTPError) -> float:
    """Return how long a busy server asks to be left alone, seconds, 0 where it does not say."""
    asked = error.headers.get("Retry-After", "")
    return min(float(asked), _LONGEST_WAIT_S) if asked.isdecimal() else 0.0


def _open(url: str, headers: dict[str, str], patience: Patience) -> Any:
    if not url.startswith(("http://", "https://")):
        raise SourceError(f"{url} is no web address", remedy="download it by hand")
    agent = {"User-Agent": f"voxemo-scan/{__version__}", "Accept-Encoding": "identity"}
    request = urllib.request.Request(url, headers=agent | headers)
    return urllib.request.urlopen(request, timeout=patience.timeout_s)


def _transfer(
    remote: Remote, part: Path, mark: Path, patience: Patience, told: Callable[[int], None]
) -> None:
    """Download into ``part``, behind what is there if it is of the same file."""
    have = _size(part)
    if have and have == remote.size:
        return
    if remote.size is not None and have > remote.size:
        told(-have)
        part.unlink()
        have = 0
    known = mark.read_text("utf-8") if mark.is_file() else ""
    can_resume = have and (known or remote.checksum)
    headers = {"Range": f"bytes={have}-"} if can_resume else {}
    headers |= {"If-Range": known} if headers and known else {}
    try:
        answer = _open(remote.url, headers, patience)
    except urllib.error.HTTPError as error:
        if error.code != 416 or not headers:
            raise
        answer = _open(remote.url, {}, patience)  # the part is of another file: begin anew
    with answer:
        resumed = _resumes(answer, have)
        if not resumed:
            told(-have)
        mark.write_text(_mark(answer), "utf-8")
        _copy(answer, part, start=have if resumed else 0, size=remote.size, told=told)


def _copy(
    answer: Any, part: Path, *, start: int, size: int | None, told: Callable[[int], None]
) -> None:
    """Write the body behind the first ``start`` bytes of ``part``."""
    length = answer.headers.get("Content-Length")
    most, done = size or _MOST_BYTES, start
    with part.open("ab" if start else "wb") as file:
        while block := answer.read1(_BLOCK):  # what is there, so that a slow line is seen to move
            done += len(block)
            if done > most:
                raise SourceError(
                    f"{answer.url} is larger than the {most:,} bytes that it should have",
                    remedy="try again later; the file at its home may have changed",
                )
            file.write(block)
            file.flush()
            told(len(block))
    total = start + int(length) if length is not None else size
    if total is not None and done < total:
        raise _Broken(f"{done:,} of {total:,} bytes came")


def _resumes(answer: Any, have: int) -> bool:
    """Say whether the body goes on where the part ends.

    Raises:
        _Broken: it is another piece than was asked for.
    """
    if answer.status != 206:
        return False
    piece = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    if piece is None or int(piece[1]) != have:
        raise _Broken("the server sent another piece than was asked for")
    return True


def _mark(answer: Any) -> str:
    """Return what changes when the file at the server does, nothing where it does not say."""
    tag = answer.headers.get("ETag") or ""
    return tag if tag and not tag.startswith("W/") else answer.headers.get("Last-Modified") or ""


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
