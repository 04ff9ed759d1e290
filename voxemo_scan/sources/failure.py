"""Why a download failed, in words a reader can act on, and whether another try may help.

Imports yt-dlp; import this module only when something is to be fetched.
"""

from __future__ import annotations

import email.utils
import re
import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from yt_dlp.networking.exceptions import (
    CertificateVerifyError,
    HTTPError,
    RequestError,
    TransportError,
)
from yt_dlp.utils import UnsupportedError

from voxemo_scan.sources.budget import Cancelled, OutOfTime
from voxemo_scan.sources.handlers import PrivateAddress
from voxemo_scan.sources.transport import Changed, TooMuch
from voxemo_scan.text import clean

_RETRIED_STATUSES: Final = frozenset({408, 425, 429})
_COOKIES: Final = "export your browser's cookies to a file and give it with --cookies"
_OWN_FILE: Final = "name another address, or the path of your own copy"
_STATUS_REMEDIES: Final = {
    401: _COOKIES,
    403: f"the site refuses: {_COOKIES}",
    404: "check the address in a browser",
    410: _OWN_FILE,
    429: "wait a while, use --rate-limit, or lower --jobs",
    451: _OWN_FILE,
}
_MESSAGE_REMEDIES: Final = (
    ("sign in|log ?in|cookies|not a bot|private|age|members|account", _COOKIES),
    ("unavailable|removed|terminated|not exist|geo|country|drm", _OWN_FILE),
    ("requested format is not available|no video formats", "the page offers no sound to fetch"),
    ("no space left", "free some disk space or name another folder with --scenes"),
)
_NOISE: Final = re.compile(
    r"\x1b\[[0-9;]*m|^(?:ERROR: |\[[\w:.+-]+\] (?:[\w.-]+: )?)+"
    r"|(?:; |\. )?(?:please report this issue|Confirm you are on the latest|(?:Also )?see  ?http"
    r"|Use --|Set --).*$",
    re.DOTALL | re.IGNORECASE,
)


class Failure(Exception):  # noqa: N818 - a finding that is raised
    """Why one attempt failed.

    ``retry`` says that another attempt may help, not before ``wait_s`` seconds have passed;
    ``restart`` that the partial file is not to be trusted.
    """

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        retry: bool = False,
        wait_s: float = 0.0,
        restart: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.retry = retry
        self.wait_s = wait_s
        self.restart = restart


def explain(error: BaseException, *, last_error: RequestError | None) -> Failure:
    """Return what ``error`` means; ``last_error`` is the network error that may lie behind it."""
    chain = list(_causes(error))
    for cause in chain:
        if isinstance(cause, Failure | OutOfTime | Cancelled):
            raise cause
        if isinstance(cause, TooMuch):
            return Failure("larger than allowed", remedy=_OWN_FILE)
        if isinstance(cause, Changed):
            return Failure(
                "the recording changed while it was fetched",
                remedy="run again",
                retry=True,
                restart=True,
            )
        if isinstance(cause, UnsupportedError):
            return Failure(
                "a web page without audio or video in it",
                remedy="give the address of the recording itself, or of a page that plays it",
            )
    network = next((cause for cause in chain if isinstance(cause, RequestError)), None)
    if network is None and last_error is not None and str(last_error) in str(error):
        network = last_error
    if network is not None:
        return _network_failure(network)
    message = _plain(error)
    return Failure(message, remedy=_message_remedy(message))


def _network_failure(error: RequestError) -> Failure:
    if isinstance(error, HTTPError):
        return _status_failure(error)
    if isinstance(error, PrivateAddress):
        return Failure(
            f"leads to {clean(error.host)}, an address of a private network",
            remedy="if you trust who sends you there, give --allow-private",
        )
    text = str(error)
    if isinstance(error, CertificateVerifyError):
        return Failure("the site's certificate is not valid", remedy="check the address and clock")
    if "resolve" in text or "Name or service" in text or "getaddrinfo" in text:
        return Failure("no such host, or no internet", remedy="check the address and the network")
    if not isinstance(error, TransportError):
        return Failure(_plain(error), remedy="check the address")
    return Failure(_transport_reason(text), remedy="try again later", retry=True)


def _status_failure(error: HTTPError) -> Failure:
    status = error.status
    if error.redirect_loop:
        return Failure("the address redirects in circles", remedy="check it in a browser")
    if status == 416:  # the part here is longer than the recording, or all of it
        return Failure("the part fetched before does not fit", retry=True, restart=True)
    retry = status in _RETRIED_STATUSES or status >= 500
    return Failure(
        f"the server answers {status} {_phrase(status)}".rstrip(),
        remedy=_STATUS_REMEDIES.get(status, "try again later" if retry else "check the address"),
        retry=retry,
        wait_s=_retry_after_s(error.response.headers.get("Retry-After")) if retry else 0.0,
    )


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _retry_after_s(value: str | None) -> float:
    """Return the seconds that a Retry-After header asks to wait (RFC 9110, 10.2.3)."""
    if not value:
        return 0.0
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(email.utils.parsedate_to_datetime(value).timestamp() - time.time(), 0.0)
    except (ValueError, OverflowError):
        return 0.0


def _transport_reason(text: str) -> str:
    lowered = text.lower()
    if "timed out" in lowered:
        return "the server does not answer in time"
    if "refused" in lowered:
        return "the server refuses the connection"
    if "bytes read" in lowered or "incomplete" in lowered:
        return "the connection ends before the recording is complete"
    if "reset" in lowered or "aborted" in lowered or "disconnected" in lowered:
        return "the server drops the connection"
    return f"the connection fails: {clean(text)[:200]}"


def _plain(error: BaseException) -> str:
    """Return an error's message without colours, yt-dlp's own flags and its bug-report plea."""
    text = str(error)
    while (shorter := _NOISE.sub("", text).strip()) != text:
        text = shorter
    return clean(text)[:300] or type(error).__name__


def _message_remedy(message: str) -> str:
    for pattern, remedy in _MESSAGE_REMEDIES:
        if re.search(rf"\b(?:{pattern})", message, re.IGNORECASE):
            return remedy
    return "sites change: `pip install -U yt-dlp` may help"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield ``error`` and what caused it, outermost first, also by yt-dlp's own links."""
    pending, seen = [error], set[int]()
    while pending:
        current = pending.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        carried = (getattr(current, "exc_info", None) or (None, None))[1]
        links = (getattr(current, "cause", None), carried, current.__cause__, current.__context__)
        pending += [link for link in links if isinstance(link, BaseException)]
