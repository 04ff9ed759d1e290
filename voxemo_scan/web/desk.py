"""What the application's addresses work with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from voxemo_scan.scan.cores import usable_cores
from voxemo_scan.speech.detector import FRAME_SAMPLES, detect
from voxemo_scan.web.clips import PreparedClip, prepared_clips
from voxemo_scan.web.crew.crew import Crew, CrewSettings
from voxemo_scan.web.crew.listener import load_listener
from voxemo_scan.web.crew.worker import WorkerSettings
from voxemo_scan.web.library import Library
from voxemo_scan.web.live.chorus import Chorus
from voxemo_scan.web.metrics import Metrics
from voxemo_scan.web.scans.book import Book, BookSettings
from voxemo_scan.web.settings import WebSettings


@dataclass(frozen=True)
class Desk:
    """The application's rooms; ``folder`` is private, and gone when the application ends.

    ``crew`` hears recordings; ``chorus`` has workers of its own, so that nobody who is listened
    to live waits behind uploads.
    """

    settings: WebSettings
    folder: Path
    metrics: Metrics
    crew: Crew
    live_crew: Crew
    chorus: Chorus
    clips: dict[str, PreparedClip]
    library: Library
    book: Book

    def begin(self) -> None:
        """Have the workers load their models, and the network that finds speech loaded here."""
        detect(np.zeros(FRAME_SAMPLES, dtype=np.float32))
        if self.settings.warm:
            self.live_crew.warm()
            self.crew.warm()

    async def end(self) -> None:
        """End all that is under way."""
        await self.book.stop()
        self.chorus.stop()
        self.crew.stop()
        self.live_crew.stop()


def open_desk(settings: WebSettings, folder: Path) -> Desk:
    """Return the application's rooms as ``settings`` has them.

    Raises:
        UsageError: a folder that was named cannot be read.
    """
    limits, metrics = settings.limits, Metrics()
    files = _worker(settings, threads=max(1, usable_cores() // settings.jobs))
    live = _worker(settings, threads=1)
    crew = Crew(CrewSettings("files", files, settings.jobs, limits.queue, limits.job_s), metrics)
    live_crew = Crew(CrewSettings("live", live, 1, limits.live, limits.job_s), metrics)
    clips = {clip.id: clip for clip in prepared_clips(settings.clips)}
    kept = (settings.keep or folder) / "runs"
    return Desk(
        settings=settings,
        folder=folder,
        metrics=metrics,
        crew=crew,
        live_crew=live_crew,
        chorus=Chorus(live_crew),
        clips=clips,
        library=Library((settings.reports.absolute(), kept.absolute())),
        book=Book(BookSettings(settings, folder, kept), clips, metrics),
    )


def _worker(settings: WebSettings, *, threads: int) -> WorkerSettings:
    load = partial(load_listener, settings.model, settings.device, threads)
    return WorkerSettings(load=load, memory_bytes=settings.limits.memory_bytes)
