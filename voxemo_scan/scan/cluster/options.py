"""Where scenes are analysed on many machines, and by how many workers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RayOptions:
    """How a Ray cluster is used.

    ``address`` is the cluster's, None for the one that ``RAY_ADDRESS`` names or, failing that, a
    cluster of this machine alone; ``remote_store`` is the address through which clips and results
    travel, None where they go through Ray itself; ``workers`` is how many there are, None for as
    many as the cluster has processors for; ``threads`` is how many processors each has. A run
    gives up where the cluster has no room for any worker in ``patience_s``.
    """

    address: str | None = None
    remote_store: str | None = None
    workers: int | None = None
    threads: int = 1
    patience_s: float = 600.0
