"""How many inputs the fuzz tests try: 60 each, or ``VOXEMO_FUZZ``; and how inputs are spoilt."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

INPUTS = int(os.environ.get("VOXEMO_FUZZ", "60"))

settings.register_profile(
    "fuzz",
    max_examples=INPUTS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=INPUTS <= 60,  # the same inputs every time in CI; others when asked for more
    database=None,
)
FUZZ = settings.get_profile("fuzz")

_KINDS = st.sampled_from(["flip", "noise", "cut", "repeat", "truncate", "zero", "insert"])
_EDIT = st.tuples(_KINDS, st.floats(0, 1), st.floats(0, 0.3), st.integers(0, 2**32 - 1))
EDITS = st.lists(_EDIT, min_size=1, max_size=6)
"""What is done to a file: kind, where (as a part of it), how much of it, and a seed."""


def spoilt(content: bytes, edits: list[tuple[str, float, float, int]]) -> bytes:
    """Return ``content`` with ``edits`` made one after another."""
    data = bytearray(content)
    for kind, at, share, seed in edits:
        start = int(at * max(0, len(data) - 1))
        end = min(len(data), start + max(1, int(share * share * len(data))))
        some = (seed.to_bytes(4, "big") * ((end - start) // 4 + 1))[: end - start]
        if kind == "flip" and data:
            data[start] ^= 1 << seed % 8
        elif kind == "truncate":
            del data[max(1, start) :]
        else:
            data[start:end] = {
                "noise": some,
                "cut": b"",
                "repeat": bytes(data[start:end]) * 2,
                "zero": bytes(end - start),
                "insert": some + bytes(data[start:end]),
                "flip": b"",
            }[kind]
    return bytes(data)
