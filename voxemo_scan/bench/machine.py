"""What a benchmark ran on, and which state of the tool it measured."""

from __future__ import annotations

import platform
import subprocess
from pathlib import Path

import torch

from voxemo_scan import __version__
from voxemo_scan.models.precision import computes_in_bfloat16
from voxemo_scan.scan.cores import usable_cores


def describe_machine() -> dict[str, str | int | bool]:
    """Return what makes figures comparable: processor, cores, versions and commit."""
    return {
        "processor": _processor(),
        "cores": usable_cores(),
        "bfloat16": computes_in_bfloat16(torch.device("cpu")),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "voxemo_scan": __version__,
        "commit": _commit(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _commit() -> str:
    """Return the commit that is measured, and whether files differ from it."""
    try:
        made = subprocess.run(
            ["git", "describe", "--always", "--dirty"],
            capture_output=True, text=True, check=True, cwd=Path(__file__).parent,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return "not known"
    return made.stdout.strip()
