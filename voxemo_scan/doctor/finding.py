"""What a look at the installation finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    ``bad`` means that scanning will not work, ``warn`` that something else may not; ``remedy`` is
    what to do about either.
    """

    name: str
    verdict: Verdict
    found: str
    remedy: str = ""
