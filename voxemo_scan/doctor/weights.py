"""The shipped model's weight files against their recorded checksums."""

from __future__ import annotations

from pathlib import Path

from voxemo_scan.digest import file_sha256
from voxemo_scan.doctor.finding import Finding
from voxemo_scan.errors import MissingError
from voxemo_scan.models.index import WEIGHTS_FOLDER, read_index

_REINSTALL = "pip install --force-reinstall voxemo-scan"


def weight_findings(folder: Path = WEIGHTS_FOLDER) -> list[Finding]:
    """Say of each weight file that the index in ``folder`` lists whether it is intact."""
    try:
        index = read_index(folder)
    except MissingError as error:
        return [Finding("model", "bad", error.message, _REINSTALL)]
    model = Finding(
        "model", "ok", f"{index.default} {index.version}, {len(index.files)} weight files"
    )
    files = [_file_finding(folder / name, sha256=f.sha256) for name, f in index.files.items()]
    return [model, *files]


def _file_finding(path: Path, *, sha256: str) -> Finding:
    try:
        found = file_sha256(path)
    except OSError as error:
        return Finding(path.name, "bad", f"{path}: {error.strerror}", _REINSTALL)
    if found != sha256:
        what = f"damaged: its checksum is {found[:12]}, not {sha256[:12]}"
        return Finding(path.name, "bad", what, _REINSTALL)
    return Finding(path.name, "ok", f"intact, {path.stat().st_size / 1e6:.1f} MB, {sha256[:12]}")
