"""Writes a comparison's files into a folder."""

from __future__ import annotations

from pathlib import Path

from voxemo_scan.atomic import write_atomic
from voxemo_scan.report.compare.document import Comparison
from voxemo_scan.report.compare.gate import Gate
from voxemo_scan.report.compare.html import to_html
from voxemo_scan.report.compare.json_file import to_json
from voxemo_scan.report.compare.markdown import to_markdown
from voxemo_scan.report.json_file import encode


def write_comparison(comparison: Comparison, gate: Gate, folder: Path) -> dict[str, Path]:
    """Write ``comparison.html``, ``.md`` and ``.json``, each whole, and return their paths."""
    contents: dict[str, str | bytes] = {
        "comparison.md": to_markdown(comparison, gate),
        "comparison.html": to_html(comparison, gate),
        "comparison.json": encode(to_json(comparison, gate)),
    }
    return {name: write_atomic(folder / name, data) for name, data in contents.items()}
