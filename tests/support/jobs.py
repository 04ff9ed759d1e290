"""Jobs for workers that hold no model: they wait, die, and take more memory than they may."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from voxemo_scan.errors import AudioError


def no_model() -> Any:
    """Load nothing."""
    return None


@dataclass(frozen=True)
class Say:
    kind: ClassVar[str] = "say"
    word: str
    after_s: float = 0.0

    def do(self, tools: Any) -> tuple[str, int]:
        time.sleep(self.after_s)
        return self.word, os.getpid()


@dataclass(frozen=True)
class Die:
    """Die by SIGKILL; where ``once`` names a file that is not there yet, make it and die once."""

    kind: ClassVar[str] = "die"
    once: str | None = None

    def do(self, tools: Any) -> str:
        if self.once is not None:
            if Path(self.once).exists():
                return "alive"
            Path(self.once).touch()
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


@dataclass(frozen=True)
class Hog:
    kind: ClassVar[str] = "hog"
    bytes: int

    def do(self, tools: Any) -> int:
        return len(bytearray(self.bytes))


@dataclass(frozen=True)
class Fill:
    """Write a file of so many bytes."""

    kind: ClassVar[str] = "fill"
    path: str
    bytes: int

    def do(self, tools: Any) -> None:
        with Path(self.path).open("wb") as file:
            for _ in range(self.bytes // 2**20):
                file.write(bytes(2**20))


@dataclass(frozen=True)
class Fail:
    kind: ClassVar[str] = "fail"

    def do(self, tools: Any) -> None:
        raise AudioError("it is no sound", remedy="send some")
