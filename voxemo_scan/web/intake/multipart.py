"""One file out of a multipart body, as it streams: nothing is held that is not wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from voxemo_scan.text import clean
from voxemo_scan.web.answers import Refusal

FIELD: Final = "file"
_HEADER_BYTES: Final = 4096
_PARTS: Final = 8
_NAME: Final = 120


def boundary_of(content_type: str) -> bytes:
    """Return the boundary that a ``Content-Type`` header names.

    Raises:
        Refusal: 415, the body is no form with files.
    """
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 0 < len(boundary) <= 200:
        raise Refusal(
            415, "a recording is sent as multipart/form-data", f'name its field "{FIELD}"'
        )
    return boundary


class FileParser:
    """Takes the body piece by piece and gives the file's bytes to ``sink``.

    Raises:
        Refusal: from ``feed`` and ``finish``: 400 or 422, the body is not one form with one file.
    """

    def __init__(self, boundary: bytes, sink: Callable[[bytes], None]) -> None:
        self.name = ""
        self._sink = sink
        self._field, self._value = b"", b""
        self._headers: dict[bytes, bytes] = {}
        self._header_bytes = self._parts = 0
        self._wanted = self._found = self._ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_part_data": self._data,
                "on_header_field": self._on_field,
                "on_header_value": self._on_value,
                "on_header_end": self._header,
                "on_headers_finished": self._headers_done,
                "on_end": self._end,
            },
        )

    def feed(self, piece: bytes) -> None:
        """Take the body's next piece."""
        try:
            self._parser.write(piece)
        except MultipartParseError:
            raise _malformed() from None

    def finish(self) -> None:
        """Make sure that the body was whole and held the file."""
        try:
            self._parser.finalize()
        except MultipartParseError:
            raise _malformed() from None
        if not self._found:
            raise Refusal(
                422, f'there is no field "{FIELD}" in the form', "send one recording in it"
            )
        if not self._ended:
            raise _malformed()

    def _begin(self) -> None:
        self._headers, self._field, self._value, self._header_bytes = {}, b"", b"", 0
        self._wanted = False
        self._parts += 1
        if self._parts > _PARTS:
            raise Refusal(400, "the form has too many fields", f'send one field "{FIELD}"')

    def _on_field(self, data: bytes, start: int, end: int) -> None:
        self._field += self._counted(data[start:end])

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += self._counted(data[start:end])

    def _counted(self, piece: bytes) -> bytes:
        self._header_bytes += len(piece)
        if self._header_bytes > _HEADER_BYTES:
            raise Refusal(400, "a field's headers are too long", "send a plain form")
        return piece

    def _header(self) -> None:
        self._headers[self._field.lower()] = self._value
        self._field, self._value = b"", b""

    def _headers_done(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if options.get(b"name") != FIELD.encode():
            return
        if self._found:
            raise Refusal(422, f'there are two fields "{FIELD}" in the form', "send one recording")
        self._wanted = self._found = True
        self.name = shown_name(options.get(b"filename", b""))

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._wanted:
            self._sink(data[start:end])

    def _end(self) -> None:
        self._ended = True


def shown_name(raw: bytes) -> str:
    """Return what an upload is called in answers: a last name that people can read, no path."""
    text = raw.decode("utf-8", "replace").replace("\\", "/").rpartition("/")[2]
    return clean(text)[:_NAME] or "recording"


def _malformed() -> Refusal:
    return Refusal(400, "the form is damaged or cut off", "send it again")
