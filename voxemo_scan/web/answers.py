"""What goes wrong, as an answer: ``{"error": {"message", "remedy"}}`` and a status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from voxemo_scan.errors import MissingError, VoxemoError


class ErrorText(BaseModel):
    """What happened, and what to do about it."""

    message: str
    remedy: str


class ErrorBody(BaseModel):
    """An answer to what cannot be done."""

    error: ErrorText


@dataclass
class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """A request that is refused; ``headers`` go with the answer, ``more`` into its body."""

    status: int
    message: str
    remedy: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    def answer(self) -> JSONResponse:
        """Return the refusal as a response."""
        return error_response(
            self.status, self.message, self.remedy, headers=self.headers, more=self.more
        )


def error_response(
    status: int,
    message: str,
    remedy: str = "",
    *,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> JSONResponse:
    """Return an error as a response."""
    body = {"error": {"message": message, "remedy": remedy, **(more or {})}}
    return JSONResponse(body, status_code=status, headers=dict(headers or {}))


def busy(message: str, *, after_s: float) -> Refusal:
    """Return the refusal of one who comes too often, or when too many are there."""
    seconds = max(1, round(after_s))
    return Refusal(429, message, f"try again in {seconds} s", {"Retry-After": str(seconds)})


def refusal_of(error: VoxemoError) -> Refusal:
    """Return what the tool could not do as a refusal."""
    status = 503 if isinstance(error, MissingError) else 422
    return Refusal(status, error.message, error.remedy)


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return OpenAPI's description of the errors that an address answers with."""
    return {
        status: {"model": ErrorBody, "description": HTTPStatus(status).phrase}
        for status in sorted({400, 401, 403, 429, *statuses})
    }


def install(app: FastAPI) -> None:
    """Have every error of ``app`` answered in one form."""

    async def refused(_request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)
        return error.answer()

    async def failed(_request: Request, error: Exception) -> Response:
        assert isinstance(error, VoxemoError)
        return refusal_of(error).answer()

    async def invalid(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return error_response(422, _told(error), "see /openapi.json for what is expected")

    async def plain(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        message = _PLAIN.get(error.status_code, str(error.detail))
        return error_response(error.status_code, message, headers=error.headers)

    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(VoxemoError, failed)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, plain)


_PLAIN: Final = {404: "there is nothing at this address", 405: "this address does not do that"}


def _told(error: RequestValidationError) -> str:
    """Return where a request departs from its description; never what was sent."""
    faults = [
        f"{'.'.join(str(part) for part in fault.get('loc', ()))}: {fault.get('msg', 'invalid')}"
        for fault in error.errors()[:5]
    ]
    return "; ".join(faults) or "the request is not as described"
