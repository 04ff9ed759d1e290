"""What goes over the wire: watched, bounded, and remembered for resuming.

Imports yt-dlp, which takes a second; import this module only when something is to be fetched.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from yt_dlp.networking import Request
from yt_dlp.networking.exceptions import RequestError
from yt_dlp.utils import parse_http_range

from voxemo_scan.sources.budget import Budget

BLOCK_BYTES: Final = 1 << 16
MEMORY_FILE: Final = "server.json"
_REMEMBERED: Final = 20
_SNIFF_BYTES: Final = 1 << 13
_PAGE_BYTES: Final = 32 << 20


class TooMuch(Exception):  # noqa: N818 - a condition, not a fault
    """A response is larger than allowed."""


class Changed(Exception):  # noqa: N818 - a condition, not a fault
    """The resource is no longer the one of which a part is here."""


@dataclass(frozen=True, slots=True)
class Described:
    """What a server says of a resource: its full size, and a mark that changes with its bytes."""

    size: int | None = None
    mark: str | None = None


class Transport:
    """Watches all requests and responses of one attempt at a download.

    ``last_error`` is the latest network error, for yt-dlp drops some causes. What servers say of
    the media they send is kept in ``folder``, beside the partial file, so that a part is completed
    only with bytes of the same resource.
    """

    def __init__(self, *, budget: Budget, max_bytes: int, folder: Path) -> None:
        self.last_error: RequestError | None = None
        self._budget = budget
        self._left = max_bytes
        self._folder = folder
        self._known = _read_memory(folder / MEMORY_FILE)

    def send(self, request: Request, *, through: Callable[[Request], Any]) -> Any:
        """Send ``request`` ``through`` yt-dlp and return its response, watched.

        Raises:
            Changed: a part is here, and the server now has something else.
        """
        self._budget.check()
        known = self._known.get(request.url, Described())
        resumed = bool(parse_http_range(request.headers.get("Range"))[0])
        if resumed and known.mark:
            request.headers["If-Range"] = known.mark
        response = self._noting_errors(lambda: through(request))
        starts_over = resumed and response.status == 200
        if not starts_over and _contradict(known, _describe(response)) and self._has_part():
            raise Changed
        self._watch(response, url=request.url)
        return response

    def size_of(self, url: str) -> int | None:
        """Return the full size that the server gave for the media at ``url``, in bytes."""
        return self._known.get(url, Described()).size

    def _has_part(self) -> bool:
        return any(self._folder.glob("*.part"))

    def _remember(self, url: str, described: Described) -> None:
        if described == self._known.get(url):
            return
        self._known = dict([*self._known.items(), (url, described)][-_REMEMBERED:])
        text = json.dumps({url: asdict(known) for url, known in self._known.items()})
        (self._folder / MEMORY_FILE).write_text(text, "utf-8")

    def _watch(self, response: Any, *, url: str) -> None:
        plain_read, described = response.read, _describe(response)

        def read(amount: int | None = None) -> bytes:
            if _is_media_read(amount):
                self._remember(url, described)
            data: bytes = self._noting_errors(lambda: _read(plain_read, amount))
            return data

        response.fp = _AsItComes(response.fp, counted=self._count)
        response.read = read

    def _count(self, size: int) -> None:
        self._budget.check()
        self._left -= size
        if self._left < 0:
            raise TooMuch

    def _noting_errors(self, action: Callable[[], Any]) -> Any:
        try:
            return action()
        except RequestError as error:
            self.last_error = error
            raise


class _AsItComes:
    """A body whose reads return what has arrived, so that a trickle cannot outlast the budget."""

    def __init__(self, body: Any, *, counted: Callable[[int], None]) -> None:
        self._body = body
        self._counted = counted

    def read(self, amount: int | None = None, **options: Any) -> bytes:
        self._counted(0)
        data: bytes = self._body.read1(amount or BLOCK_BYTES, **options)
        self._counted(len(data))
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._body, name)


def _read(plain_read: Callable[[int], bytes], amount: int | None) -> bytes:
    """Read one block as it comes, a whole page, or the few bytes that tell what a file is."""
    if amount is not None and _is_media_read(amount):
        return plain_read(amount)
    limit = _PAGE_BYTES if amount is None else amount
    data = bytearray()
    while len(data) < limit and (block := plain_read(min(limit - len(data), BLOCK_BYTES))):
        data += block
    if amount is None and len(data) >= limit:
        raise TooMuch
    return bytes(data)


def _is_media_read(amount: int | None) -> bool:
    """Tell reading media, block by block, from reading a page or the start of something."""
    return amount is not None and amount > _SNIFF_BYTES


def _describe(response: Any) -> Described:
    return Described(size=_full_size(response), mark=_version_mark(response))


def _contradict(one: Described, other: Described) -> bool:
    pairs = ((one.size, other.size), (one.mark, other.mark))
    return any(a is not None and b is not None and a != b for a, b in pairs)


def _full_size(response: Any) -> int | None:
    headers = response.headers
    if headers.get("Content-Encoding"):
        return None
    if response.status == 206:
        total: int | None = parse_http_range(headers.get("Content-Range"))[2]
        return total
    length = headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else None


def _version_mark(response: Any) -> str | None:
    """Return the header value that an If-Range may carry (RFC 9110, 13.1.5)."""
    tag: str | None = response.headers.get("ETag")
    if tag and not tag.startswith("W/"):
        return tag
    return None if tag else response.headers.get("Last-Modified")


def _read_memory(file: Path) -> dict[str, Described]:
    try:
        items = json.loads(file.read_text("utf-8")).items()
        return {url: Described(size=item["size"], mark=item["mark"]) for url, item in items}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
