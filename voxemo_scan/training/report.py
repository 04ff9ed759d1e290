"""What training says as it goes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EpochReport:
    """What an epoch came to; UA and WA are of the validation part."""

    epoch: int
    epochs: int
    loss: float
    ua: float
    wa: float
    best: bool
