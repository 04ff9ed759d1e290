"""Python, the packages the tool stands on, and the JavaScript runtime for YouTube."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from voxemo_scan.doctor.finding import Finding

NEEDED: Final = (
    "numpy",
    "librosa",
    "pydub",
    "silero-vad",
    "safetensors",
    "pydantic",
    "ruamel.yaml",
    "jinja2",
    "filelock",
)
NATIVE: Final = {"torch": "torch", "onnxruntime": "onnxruntime", "av": "av"}
"""Packages with machine code, which may be installed and not load: name and module."""

EXTRAS: Final = {
    "train": (("audiomentations", "matplotlib", "scikit-learn"), "`train` and `evaluate` need"),
    "web": (
        ("fastapi", "uvicorn", "python-multipart", "prometheus-client", "websockets"),
        "`serve` needs",
    ),
    "mic": (("sounddevice",), "`listen --mic` needs"),
    "figures": (("matplotlib",), "`--figures` and `explore` need"),
    "tables": (("pyarrow",), "`--tables parquet` needs"),
    "ray": (("ray", "fsspec"), "`run --engine ray` needs"),
}
"""Optional packages by the extra that brings them, and what alone needs them."""
_REINSTALL: Final = "pip install --force-reinstall"
_YOUNG_DAYS: Final = 90
_OLDEST_DENO: Final = (2, 3, 0)
_IMPORT_WITHIN_S: Final = 180
_RUN_WITHIN_S: Final = 30


def python_finding() -> Finding:
    """Say which Python runs, and where."""
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if (3, 11) <= sys.version_info < (3, 14):
        return Finding("python", "ok", found)
    return Finding("python", "warn", found, "made for Python 3.11 to 3.13")


def package_findings(names: Sequence[str] = NEEDED) -> list[Finding]:
    """Say which versions of the packages are installed."""
    return [_package_finding(name) for name in names]


def native_findings() -> list[Finding]:
    """Say whether the packages with machine code load; each is tried in a process of its own."""
    with ThreadPoolExecutor(len(NATIVE)) as pool:
        return list(pool.map(lambda name: loading_finding(name, module=NATIVE[name]), NATIVE))


def loading_finding(name: str, *, module: str) -> Finding:
    """Say whether ``module`` of the package ``name`` can be imported."""
    finding = _package_finding(name)
    if finding.verdict != "ok":
        return finding
    command = [sys.executable, "-c", f"import {module}"]
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=_IMPORT_WITHIN_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding(name, "bad", f"{finding.found}, does not load: {error}", _REINSTALL)
    if ended.returncode:
        reason = (ended.stderr.strip().splitlines() or [f"exit code {ended.returncode}"])[-1]
        remedy = f"{_REINSTALL} {name}"
        return Finding(name, "bad", f"{finding.found}, does not load: {reason}", remedy)
    return finding


def extra_findings() -> list[Finding]:
    """Say which optional packages are there; scanning needs none of them."""
    return [_extra_finding(name) for name in EXTRAS]


def _extra_finding(name: str) -> Finding:
    packages, need = EXTRAS[name]
    missing = [package for package in packages if _installed(package) is None]
    if not missing:
        return Finding(f"[{name}]", "ok", "its packages are installed")
    found = f"without {', '.join(missing)}; only {need} {'it' if len(missing) == 1 else 'them'}"
    return Finding(f"[{name}]", "ok", found, f"pip install 'voxemo-scan[{name}]'")


def downloader_finding(*, today: date) -> Finding:
    """Say which yt-dlp is installed and how old it is: sites change, and it follows them."""
    finding = _package_finding("yt-dlp")
    numbers = [int(part) for part in re.findall(r"\d+", finding.found)[:3]]
    if finding.verdict != "ok" or len(numbers) < 3:
        return finding
    age_days = (today - date(*numbers)).days
    found = f"{finding.found}, {max(age_days, 0)} days old"
    if age_days <= _YOUNG_DAYS:
        return Finding("yt-dlp", "ok", found)
    return Finding("yt-dlp", "warn", found, "pip install -U yt-dlp, should a site fail")


def javascript_finding(program: Path | None) -> Finding:
    """Say whether ``program`` is a deno that runs and is new enough for YouTube."""
    remedy = "pip install -U deno; other sites and files work without"
    if program is None:
        return Finding("deno", "warn", "not installed: YouTube will fail", remedy)
    try:
        ended = subprocess.run(
            [program, "--version"],
            capture_output=True,
            text=True,
            timeout=_RUN_WITHIN_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding("deno", "warn", f"{program} does not run: {error}", remedy)
    told = re.match(r"deno (\d+)\.(\d+)\.(\d+)", ended.stdout)
    if ended.returncode or not told:
        return Finding("deno", "warn", f"{program} does not tell its version", remedy)
    numbers = tuple(int(number) for number in told.groups())
    shown = ".".join(told.groups())
    if numbers < _OLDEST_DENO:
        return Finding("deno", "warn", f"{shown} is too old for YouTube", remedy)
    return Finding("deno", "ok", f"{shown}, for YouTube's JavaScript")


def _package_finding(name: str) -> Finding:
    found = _installed(name)
    if found is None:
        return Finding(name, "bad", "not installed", f"pip install {name}")
    return Finding(name, "ok", found)


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
