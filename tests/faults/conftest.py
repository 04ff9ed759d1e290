"""A small batch, run as a user runs it: in a process of its own, with a folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.media_server import MediaServer

QUICK = ("--model", "classic", "--no-voices", "--no-audio", "--quiet")
"""A run that hears as little as can be: what breaks here does not depend on who listens."""


@dataclass(frozen=True)
class Batch:
    """A manifest in a folder, and the command that runs it there."""

    folder: Path

    def write(self, *scenes: dict[str, Any]) -> None:
        lines = "".join(f"  - {json.dumps(scene)}\n" for scene in scenes)
        (self.folder / "batch.yaml").write_text(f"name: Batch\nscenes:\n{lines}")

    def spawn(self, *arguments: str, **changes: str) -> subprocess.Popen[str]:
        """Start Python in the batch's folder; ``changes`` are to its environment."""
        root = str(Path(__file__).parents[2])
        environment = {"VOXEMO_CACHE": str(self.folder / "cache"), "PYTHONPATH": root}
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=os.environ | environment | changes,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if arguments[1] == "voxemo_scan" else None,
            text=True,
        )

    def start(self, *options: str, **changes: str) -> subprocess.Popen[str]:
        """Start a run."""
        return self.spawn("-m", "voxemo_scan", "run", "batch.yaml", *QUICK, *options, **changes)

    def run(self, *options: str, **changes: str) -> tuple[int, str]:
        """Run to the end and return the exit code and what was told on stderr."""
        with self.start(*options, **changes) as process:
            _, told = process.communicate(timeout=280)
        assert "Traceback" not in told, told
        return process.returncode, told

    @property
    def reports(self) -> Path:
        return self.folder / "reports" / "batch"

    def report(self) -> dict[str, Any]:
        """Return ``report.json`` less its date."""
        return self.report_in(self.reports)

    @staticmethod
    def report_in(folder: Path) -> dict[str, Any]:
        """Return the ``report.json`` in ``folder``, less its date."""
        found: dict[str, Any] = json.loads((folder / "report.json").read_text())
        return {name: value for name, value in found.items() if name != "created"}

    def forget(self, names: Sequence[str] = ("cache", "reports", "scenes")) -> None:
        """Remove all that runs have left."""
        for name in names:
            shutil.rmtree(self.folder / name, ignore_errors=True)


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    folder = tmp_path / "batch"
    folder.mkdir()
    return Batch(folder)


@pytest.fixture
def server() -> Iterator[MediaServer]:
    with MediaServer() as running:
        yield running
