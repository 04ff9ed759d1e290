"""Where networks compute."""

from __future__ import annotations

from typing import Final

import torch

from voxemo_scan.errors import MissingError, UsageError

DEVICES: Final = ("auto", "cpu", "cuda", "mps")


def choose_device(name: str) -> torch.device:
    """Return the device called ``name``; ``auto`` is the fastest that is there.

    Raises:
        MissingError: this machine has no such device, or torch was built without it.
        UsageError: there is no device of that name.
    """
    if name not in DEVICES:
        raise UsageError(f"there is no device {name!r}", remedy=f"choose {', '.join(DEVICES)}")
    present = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": _has_mps()}
    if name == "auto":
        name = next(each for each in ("cuda", "mps", "cpu") if present[each])
    if not present[name]:
        raise MissingError(
            f"torch finds no {name} device here", remedy="leave out --device, or say --device cpu"
        )
    return torch.device(name)


def _has_mps() -> bool:
    return bool(torch.backends.mps.is_available())
