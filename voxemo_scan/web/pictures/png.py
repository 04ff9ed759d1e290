"""Rows of numbers as a small PNG with a palette, by the standard library alone.

PNG: W3C Recommendation, "Portable Network Graphics (PNG) Specification (Third Edition)".
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_INDEXED: Final = 3

Ramp = Sequence[tuple[int, int, int]]
"""Colours, red, green and blue, 0..255, from the least value to the greatest, evenly spaced."""

EMBERS: Final[Ramp] = (
    (8, 6, 24), (46, 18, 92), (112, 28, 118), (182, 52, 98), (236, 100, 66), (252, 172, 88),
    (254, 244, 196),
)  # fmt: skip
"""Dark to bright, evenly in lightness: how much there is of something."""

TIDE: Final[Ramp] = (
    (24, 78, 150),
    (118, 168, 214),
    (244, 244, 242),
    (226, 150, 112),
    (160, 42, 36),
)
"""Two hues from a light middle: less than usual, and more."""

DUSK: Final[Ramp] = ((14, 22, 52), (40, 70, 106), (96, 116, 116), (170, 164, 96), (250, 226, 110))
"""Dark blue to yellow."""


def picture(rows: NDArray[np.float64], *, ramp: Ramp) -> bytes:
    """Return a PNG of ``rows``, [height, width], 0..1, the first row at the bottom."""
    indices = np.clip(np.nan_to_num(rows) * 255.0, 0, 255).round().astype(np.uint8)[::-1]
    height, width = indices.shape
    lines = np.zeros((height, width + 1), dtype=np.uint8)  # each line begins with its filter: none
    lines[:, 1:] = indices
    return b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, _INDEXED, 0, 0, 0)),
            _chunk(b"PLTE", palette(ramp).tobytes()),
            _chunk(b"IDAT", zlib.compress(lines.tobytes(), 6)),
            _chunk(b"IEND", b""),
        )
    )


def palette(ramp: Ramp) -> NDArray[np.uint8]:
    """Return 256 colours, [256, 3], along ``ramp``."""
    stops = np.linspace(0.0, 255.0, len(ramp))
    colours = np.array(ramp, dtype=np.float64)
    channels = [np.interp(np.arange(256), stops, colours[:, n]) for n in range(3)]
    return np.stack(channels, axis=1).round().astype(np.uint8)


def data_address(png: bytes) -> str:
    """Return a PNG as an address that holds it."""
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def _chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
