"""The shipped model's weight files against their recorded checksums."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import voxemo_scan
from voxemo_scan.doctor.finding import Finding
from voxemo_scan.sources.digest import file_sha256

WEIGHTS_FOLDER: Final = Path(voxemo_scan.__file__).parent / "models" / "weights"
_REINSTALL: Final = "pip install --force-reinstall voxemo-scan"


def weight_findings(folder: Path = WEIGHTS_FOLDER) -> list[Finding]:
    """Say of each weight file that ``index.json`` in ``folder`` lists whether it is intact."""
    path = folder / "index.json"
    try:
        index = json.loads(path.read_text("utf-8"))
        name, number = str(index["name"]), str(index["version"])
        files = {file: str(entry["sha256"]) for file, entry in index["files"].items()}
    except FileNotFoundError:
        return [Finding("model", "bad", f"not installed: no {path}", _REINSTALL)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return [Finding("model", "bad", f"{path} cannot be understood", _REINSTALL)]
    model = Finding("model", "ok", f"{name} {number}, {len(files)} weight files")
    return [model, *(_file_finding(folder / file, sha256=sha) for file, sha in files.items())]


def _file_finding(path: Path, *, sha256: str) -> Finding:
    try:
        found = file_sha256(path)
    except OSError as error:
        return Finding(path.name, "bad", f"{path}: {error.strerror}", _REINSTALL)
    if found != sha256:
        what = f"damaged: its checksum is {found[:12]}, not {sha256[:12]}"
        return Finding(path.name, "bad", what, _REINSTALL)
    return Finding(path.name, "ok", f"intact, {path.stat().st_size / 1e6:.1f} MB, {sha256[:12]}")
