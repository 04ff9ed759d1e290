"""Small pictures as PNG, which every viewer of SVG shows (ISO/IEC 15948)."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_COLOUR_TYPES: Final = {1: 0, 4: 6}


def png(pixels: NDArray[np.uint8]) -> bytes:
    """Return a picture, [rows, columns] in grey or [rows, columns, 4] in colour with opacity."""
    rows = pixels[:, :, None] if pixels.ndim == 2 else pixels
    height, width, channels = rows.shape
    header = struct.pack(">IIBBBBB", width, height, 8, _COLOUR_TYPES[channels], 0, 0, 0)
    lines = np.concatenate([np.zeros((height, 1), np.uint8), rows.reshape(height, -1)], axis=1)
    body = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(lines.tobytes(), 9))
    return _SIGNATURE + body + _chunk(b"IEND", b"")


def png_address(pixels: NDArray[np.uint8]) -> str:
    """Return a picture as a ``data:`` address."""
    return f"data:image/png;base64,{base64.b64encode(png(pixels)).decode()}"


def _chunk(kind: bytes, data: bytes) -> bytes:
    checked = kind + data
    return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))
