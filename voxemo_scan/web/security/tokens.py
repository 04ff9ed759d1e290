"""The token that is asked for where others can reach the application."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Final

from voxemo_scan.errors import UsageError

COOKIE: Final = "voxemo_token"
_SHORTEST: Final = 16
_LONGEST: Final = 256


def new_token() -> str:
    """Return a token that cannot be guessed."""
    return secrets.token_urlsafe(24)


def read_token(path: Path) -> str:
    """Return the token in the file at ``path``.

    Raises:
        UsageError: it cannot be read, or is no token.
    """
    try:
        token = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"no token can be read from {path}: {error}", remedy="name a file that holds one line"
        ) from None
    if not _SHORTEST <= len(token) <= _LONGEST or not token.isprintable() or " " in token:
        raise UsageError(
            f"{path} holds no token of {_SHORTEST} to {_LONGEST} characters",
            remedy="write one line of letters and digits into it, "
            "such as `python -c 'import secrets; print(secrets.token_urlsafe())'` prints",
        )
    return token


def is_token(given: str | None, token: str) -> bool:
    """Tell whether ``given`` is the token, in a time that says nothing of how near it is."""
    return given is not None and hmac.compare_digest(
        given.encode("utf-8", "replace"), token.encode()
    )


def token_in(headers: Mapping[str, str]) -> str | None:
    """Return the token that a request carries: as a bearer's, or in its cookie."""
    kind, _, value = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    cookie: SimpleCookie = SimpleCookie()
    try:
        cookie.load(headers.get("cookie", ""))
    except CookieError:
        return None
    return cookie[COOKIE].value if COOKIE in cookie else None


def cookie_of(token: str) -> str:
    """Return the ``Set-Cookie`` header by which a browser keeps the token."""
    return f"{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/; Max-Age=2592000"
