"""How the application is served: where, to whom, and how much of everything."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path

_MB = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one may ask for.

    ``bytes`` is of one upload, ``duration_s`` of one recording, ``live_s`` of live listening;
    ``queue`` counts the requests for a worker that are under way or wait; ``live`` the people
    who are listened to at a time. ``upload_s`` bounds how long an upload may take, ``silent_s``
    how long a sender may pause, ``job_s`` the work on one recording and ``scan_s`` that on one
    manifest; ``memory_bytes`` is what a worker may take beyond its model. ``work_per_minute`` and
    ``asks_per_minute`` are for each client: requests that cost a worker's time, and all others.
    ``connections`` are open at a time, whoever has them.
    """

    bytes: int = 32 * _MB
    duration_s: float = 600.0
    live_s: float = 300.0
    queue: int = 32
    live: int = 64
    upload_s: float = 120.0
    silent_s: float = 15.0
    job_s: float = 180.0
    scan_s: float = 4 * 3600.0
    memory_bytes: int = 4096 * _MB
    manifest_bytes: int = 256 * 1024
    scans_waiting: int = 8
    scans_kept: int = 50
    work_per_minute: int = 120
    asks_per_minute: int = 1200
    connections: int = 600


@dataclass(frozen=True, slots=True)
class WebSettings:
    """What ``voxemo-scan serve`` was asked for.

    ``token`` is asked of everybody where it is set; ``names`` are further host names under which
    the application may be reached. ``keep`` is where recordings are kept of those who ask for
    it, None to keep nothing; ``clips`` is the user's own folder of prepared clips, ``reports`` that
    of earlier reports. ``jobs`` recordings are worked on at a time. ``model`` and ``device`` are
    as in ``run``; ``warm`` has the workers load it before anybody asks.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    token: str | None = None
    names: tuple[str, ...] = ()
    keep: Path | None = None
    clips: Path | None = None
    reports: Path = Path("reports")
    jobs: int = 1
    model: str | None = None
    device: str = "cpu"
    warm: bool = True
    limits: Limits = field(default_factory=Limits)

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the application."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` names this machine to itself only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
