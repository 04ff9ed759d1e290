"""Everything that is looked at, in the order in which it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from voxemo_scan import __version__
from voxemo_scan.doctor.finding import Finding
from voxemo_scan.doctor.places import disk_finding, folder_finding, processor_finding
from voxemo_scan.doctor.software import (
    downloader_finding,
    extra_findings,
    javascript_finding,
    native_findings,
    package_findings,
    python_finding,
)
from voxemo_scan.doctor.weights import weight_findings
from voxemo_scan.folders import cache_folder
from voxemo_scan.sources.javascript import find_deno


def examine(*, scenes: Path, reports: Path) -> Iterator[Finding]:
    """Yield what is found of the installation; ``scenes`` and ``reports`` are where to write."""
    yield Finding("voxemo-scan", "ok", __version__)
    yield python_finding()
    yield processor_finding()
    yield from weight_findings()
    yield from native_findings()
    yield from package_findings()
    yield from extra_findings()
    yield downloader_finding(today=datetime.now(UTC).date())
    yield from package_findings(["yt-dlp-ejs"])
    yield javascript_finding(find_deno())
    yield folder_finding("scenes", scenes, remedy="name another folder with --scenes")
    yield folder_finding("reports", reports, remedy="name another folder with --out")
    yield folder_finding("cache", cache_folder(), remedy="name another one in VOXEMO_CACHE")
    yield disk_finding(scenes)
