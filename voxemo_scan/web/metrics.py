"""What is counted, for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180)


class Timed:
    """A request under way; told the status when it is answered."""

    status = 0

    def answered(self, status: int) -> None:
        """Note the answer's status."""
        self.status = status


class Metrics:
    """The application's counters; each application has its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        held: dict[str, Any] = {"registry": self.registry}
        self.requests = Counter(
            "voxemo_requests_total", "Requests answered.", ["method", "route", "status"], **held
        )
        self.seconds = Histogram(
            "voxemo_request_seconds", "Seconds to an answer.", ["route"], buckets=_SECONDS, **held
        )
        self.refused = Counter(
            "voxemo_refused_total", "Requests refused at the gate.", ["status"], **held
        )
        self.uploaded = Counter("voxemo_upload_bytes_total", "Bytes of uploads taken in.", **held)
        self.jobs = Counter("voxemo_jobs_total", "Workers' jobs.", ["kind", "outcome"], **held)
        self.job_seconds = Histogram(
            "voxemo_job_seconds", "Seconds of a worker's job.", ["kind"], buckets=_SECONDS, **held
        )
        self.deaths = Counter("voxemo_worker_deaths_total", "Workers replaced.", ["why"], **held)
        self.queue = Gauge(
            "voxemo_queue", "Requests that wait for a worker or have one.", ["crew"], **held
        )
        self.live_windows = Counter(
            "voxemo_live_windows_total", "Windows of live listening.", ["outcome"], **held
        )
        self.scans = Counter("voxemo_scans_total", "Manifests run.", ["state"], **held)

    @contextmanager
    def timed(self, scope: Any) -> Iterator[Timed]:
        """Count a request and its seconds under its route's template, never its address."""
        began, timed = time.monotonic(), Timed()
        try:
            yield timed
        finally:
            route = getattr(scope.get("route"), "path", "other")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self.requests.labels(method, route, str(timed.status)).inc()
            self.seconds.labels(route).observe(time.monotonic() - began)

    def text(self) -> bytes:
        """Return all of it as Prometheus reads it."""
        return generate_latest(self.registry)


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT", "PATCH"})
