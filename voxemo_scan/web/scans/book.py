"""The runs that the page has asked for: one at a time, in the order of asking."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Final, Literal, get_args

from voxemo_scan.errors import VoxemoError
from voxemo_scan.report.names import unique_names
from voxemo_scan.scan.border import outcome
from voxemo_scan.web.answers import Refusal, busy
from voxemo_scan.web.clips import PreparedClip
from voxemo_scan.web.metrics import Metrics
from voxemo_scan.web.scans.manifest import CLIP_FOLDER, clip_id, read_manifest
from voxemo_scan.web.scans.process import Ended, Order, Run, Told
from voxemo_scan.web.settings import WebSettings

State = Literal["queued", "running", "done", "failed", "cancelled"]
STATES: Final[tuple[State, ...]] = get_args(State)
FINAL: Final = frozenset({"done", "failed", "cancelled"})
_LOOK_EVERY_S: Final = 0.25
_MEMORY_FACTOR: Final = 2


@dataclass(frozen=True, slots=True)
class SceneState:
    """How far a scene is: ``done`` is the fraction, 0..1, of its stage, where that is known."""

    id: str
    title: str
    state: State = "queued"
    stage: str | None = None
    done: float | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """A run that was asked for; ``version`` grows with each change."""

    id: str
    name: str
    text: str
    scenes: tuple[SceneState, ...]
    state: State = "queued"
    exit_code: int | None = None
    error: str | None = None
    has_report: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True)
class BookSettings:
    """Runs work in ``folder``, which is private; their reports go to ``reports``."""

    web: WebSettings
    folder: Path
    reports: Path


class Book:
    """All runs since the application began, as far as they are remembered."""

    def __init__(
        self, settings: BookSettings, clips: Mapping[str, PreparedClip], metrics: Metrics
    ) -> None:
        self._settings = settings
        self._clips = clips
        self._metrics = metrics
        self._scans: dict[str, Scan] = {}
        self._changed = asyncio.Condition()
        self._worker: asyncio.Task[None] | None = None
        self._cancelled: set[str] = set()

    def scans(self) -> list[Scan]:
        """Return all runs, the latest first."""
        return list(reversed(self._scans.values()))

    def scan(self, scan_id: str) -> Scan:
        """Return a run.

        Raises:
            Refusal: 404, there is none of this id.
        """
        found = self._scans.get(scan_id)
        if found is None:
            raise Refusal(404, "there is no such run", "GET /api/v1/scans lists them")
        return found

    def add(self, text: str) -> Scan:
        """Take a manifest on.

        Raises:
            ManifestError: it is no manifest that is taken.
            Refusal: 429, too many wait.
        """
        manifest, fitted = read_manifest(text, clips=self._clips)
        limits = self._settings.web.limits
        if sum(scan.state not in FINAL for scan in self._scans.values()) >= limits.scans_waiting:
            raise busy("too many manifests wait already", after_s=30)
        scenes = tuple(SceneState(scene.id, scene.title) for scene in manifest.scenes)
        scan = Scan(id=token_hex(8), name=manifest.name, text=fitted, scenes=scenes)
        self._scans[scan.id] = scan
        self._forget()
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return scan

    async def cancel(self, scan_id: str) -> Scan:
        """Cancel a run that waits or is under way; one that has ended stays as it is."""
        scan = self.scan(scan_id)
        if scan.state == "queued":
            await self._put(_ended(scan, "cancelled"))
        elif scan.state == "running":
            self._cancelled.add(scan_id)
        return self.scan(scan_id)

    async def follow(self, scan_id: str, *, every_s: float) -> AsyncIterator[Scan | None]:
        """Yield the run whenever it has changed, until it ends; None when nothing did for long."""
        version = -1
        while True:
            scan = self.scan(scan_id)
            if scan.version != version:
                version = scan.version
                yield scan
                if scan.state in FINAL:
                    return
            try:
                async with asyncio.timeout(every_s), self._changed:
                    await self._changed.wait()
            except TimeoutError:
                yield None

    async def stop(self) -> None:
        """End the run that is under way."""
        if self._worker is not None:
            self._worker.cancel()
            with suppress(asyncio.CancelledError):
                await self._worker

    async def _work(self) -> None:
        while waiting := [scan for scan in self._scans.values() if scan.state == "queued"]:
            await self._run(waiting[0])

    async def _run(self, scan: Scan) -> None:
        scan = await self._put(replace(scan, state="running"))
        begun = await asyncio.to_thread(outcome, partial(self._begin, scan))
        if isinstance(begun, VoxemoError):
            error = replace(
                _ended(scan, "failed"), exit_code=int(begun.exit_code), error=str(begun)
            )
            await self._put(error)
            return
        order, run = begun
        try:
            end = await self._watch(scan.id, run)
        finally:
            await asyncio.to_thread(run.end)
            shutil.rmtree(order.folder, ignore_errors=True)
        state: State = "failed" if end is not None and end.error else "done"
        if end is None:
            state = "cancelled"
            shutil.rmtree(order.report, ignore_errors=True)
        ended = _ended(self.scan(scan.id), state)
        await self._put(
            replace(
                ended,
                exit_code=None if end is None else end.exit_code,
                error=None if end is None else end.error,
                has_report=state == "done",
            )
        )

    async def _watch(self, scan_id: str, run: Run) -> Ended | None:
        """Follow a run to its end and return it; None if it was cancelled."""
        limit_s = self._settings.web.limits.scan_s
        until = time.monotonic() + limit_s
        while scan_id not in self._cancelled:
            told = await asyncio.to_thread(run.tell, _LOOK_EVERY_S)
            if isinstance(told, Ended):
                return told
            if told is not None:
                await self._put(_stepped(self.scan(scan_id), told))
            if time.monotonic() > until:
                return Ended(3, f"it took longer than {limit_s / 3600:g} hours")
        self._cancelled.discard(scan_id)
        return None

    def _begin(self, scan: Scan) -> tuple[Order, Run]:
        order = self._order(scan)
        return order, Run(order)

    def _order(self, scan: Scan) -> Order:
        """Make a run's private folder, with the prepared clips that it names."""
        web, private = self._settings.web, self._settings.folder
        folder = private / f"run-{scan.id}"
        (folder / CLIP_FOLDER).mkdir(parents=True)
        manifest, _ = read_manifest(scan.text, clips=self._clips)
        for name in {clip_id(scene.source) for scene in manifest.scenes if not scene.is_web}:
            if name is not None:
                _link(folder / CLIP_FOLDER / name, self._clips[name].path.absolute())
        kept = web.keep or private
        return Order(
            text=scan.text,
            folder=folder,
            report=self._settings.reports / self.folder_name(scan),
            clips=kept / "clips",
            cache=private / "cache",
            model=web.model,
            device=web.device,
            memory_bytes=_MEMORY_FACTOR * web.limits.memory_bytes,
        )

    @staticmethod
    def folder_name(scan: Scan) -> str:
        """Return the name of a run's report folder: plain letters, and an id."""
        return f"{unique_names([scan.name])[0]}-{scan.id}"

    def report_folder(self, scan: Scan) -> Path:
        """Return where a run's report is, or would be."""
        return self._settings.reports / self.folder_name(scan)

    async def _put(self, scan: Scan) -> Scan:
        held = self._scans[scan.id] = replace(scan, version=self._scans[scan.id].version + 1)
        if held.state in FINAL:
            self._metrics.scans.labels(held.state).inc()
        async with self._changed:
            self._changed.notify_all()
        return held

    def _forget(self) -> None:
        """Remember only so many runs; those that have ended are forgotten first come."""
        spare = len(self._scans) - self._settings.web.limits.scans_kept
        ended = [scan.id for scan in self._scans.values() if scan.state in FINAL]
        for scan_id in ended[: max(0, spare)]:
            del self._scans[scan_id]


def _stepped(scan: Scan, told: Told) -> Scan:
    """Return a run after one of its steps."""

    def stepped(scene: SceneState) -> SceneState:
        if scene.id != told.scene:
            return scene
        if told.outcome is None:
            return replace(scene, state="running", stage=told.stage, done=told.done)
        failed = told.outcome.startswith("failed:")
        return replace(
            scene, state="failed" if failed else "done", stage=None, done=1.0, outcome=told.outcome
        )

    return replace(scan, scenes=tuple(stepped(scene) for scene in scan.scenes))


def _ended(scan: Scan, state: State) -> Scan:
    """Return a run that has ended; scenes that have not yet end with it."""
    left: State = "cancelled" if state == "done" else state
    scenes = tuple(
        scene if scene.state in FINAL else replace(scene, state=left, stage=None)
        for scene in scan.scenes
    )
    return replace(scan, state=state, scenes=scenes)


def _link(path: Path, clip: Path) -> None:
    try:
        path.symlink_to(clip)
    except (OSError, NotImplementedError):  # a system, or a user, without links
        shutil.copyfile(clip, path)
