"""SIGKILL at random moments of a run: what comes of it in the end is the same, to the byte.

``VOXEMO_KILLS`` is how often (15). Each kill is followed by a run that takes up what is there.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Self

import pytest

from tests.faults.conftest import QUICK, Batch
from tests.support.media_server import MediaServer, Reply

KILLS = int(os.environ.get("VOXEMO_KILLS", "15"))


def mixed(batch: Batch, server: MediaServer, clip: Path) -> None:
    """Local files, downloads, ranges of both, one that is lost and one that is gone."""
    body = clip.read_bytes()
    slow = Reply(body, kind="audio/x-wav", headers={"ETag": '"1"'}, pause_s=0.15)
    first, second = (server.add(path, slow) for path in ("/first.wav", "/second.wav"))
    batch.write(
        {"id": "local", "source": str(clip)},
        {"id": "part", "source": str(clip), "start": 2, "end": 5},
        {"id": "web", "source": first},
        {"id": "web-part", "source": first, "start": 1, "end": 4},
        {"id": "other", "source": second, "start": 3},
        {"id": "lost", "source": "lost.wav"},
        {"id": "gone", "source": server.add("/gone.wav", Reply(status=404))},
    )


def stage(batch: Batch) -> str:
    """Return how far a killed run had come, by what it left."""
    if (batch.reports / "report.json").exists():
        return "report written"
    if batch.reports.exists():
        return "writing the report"
    kept = _kept(batch.folder / "cache" / "results.sqlite")
    if kept:
        return "all analysed" if kept == 5 else "some analysed"
    clips = [*batch.folder.glob("scenes/*.wav")]
    return "some fetched" if clips else "fetching" if (batch.folder / "cache").exists() else "begun"


def _kept(path: Path) -> int:
    if not path.exists():
        return 0
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        tables = db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'results'").fetchone()
        return db.execute("SELECT count(*) FROM results").fetchone()[0] if tables[0] else 0


def nothing_is_half_there(batch: Batch) -> None:
    """Every file that the user sees is whole, whenever the run was killed."""
    for path in batch.folder.glob("scenes/*.json"):
        note = json.loads(path.read_text())
        clip = (path.parent / note["file"]).read_bytes()
        assert hashlib.sha256(clip).hexdigest() == note["sha256"]
    if (batch.reports / "report.json").exists():
        assert batch.report()["schema"] == "voxemo-scan/report/1"
        assert (batch.reports / "report.html").read_text().rstrip().endswith("</html>")


class Forks:
    """Runs of the batch, each in a fork of one process that has imported everything."""

    def __init__(self, batch: Batch) -> None:
        self._folder = batch.folder
        command = ("-m", "tests.faults.forks", "run", "batch.yaml", *QUICK)
        self._process = batch.spawn(*command, OMP_NUM_THREADS="1")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.wait(60)

    def run(self, *, kill_after_s: float | None = None, working: Path | None = None) -> int:
        """Return how a run ended (-9: killed), killed so long after it made ``working``."""
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        pid = int(self._process.stdout.readline())
        ended = threading.Event()
        if kill_after_s is not None:
            killer = threading.Thread(target=self._kill, args=(pid, kill_after_s, working, ended))
            killer.start()
        code = int(self._process.stdout.readline())
        ended.set()
        if kill_after_s is not None:
            killer.join()
        told = (self._folder / "told").read_text()
        assert "Traceback" not in told, told
        return code

    @staticmethod
    def _kill(pid: int, after_s: float, working: Path | None, ended: threading.Event) -> None:
        while working and not working.exists() and not ended.is_set():
            time.sleep(0.005)
        if not ended.wait(after_s):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@pytest.mark.timeout(300 + 60 * KILLS)
def test_killed_at_any_moment_and_run_again_the_report_is_the_same(
    batch: Batch, server: MediaServer, spoken: tuple[Path, object]
) -> None:
    mixed(batch, server, spoken[0])
    moments = random.Random(os.environ.get("VOXEMO_SEED", "faults"))
    killed: Counter[str] = Counter()
    with Forks(batch) as forks:
        began = time.monotonic()
        assert forks.run() == 3
        takes_s = time.monotonic() - began
        whole = batch.report()
        assert [scene["status"] for scene in whole["scenes"]] == ["ok"] * 5 + ["failed"] * 2
        while killed.total() < KILLS:
            batch.forget()
            working = moments.choice([None, batch.folder / "cache", batch.reports])
            reach_s = 0.3 if working == batch.reports else takes_s
            if forks.run(kill_after_s=moments.uniform(0.0, reach_s), working=working) != -9:
                takes_s *= 0.7 if reach_s == takes_s else 1.0  # it was over before
                continue
            killed[stage(batch)] += 1
            nothing_is_half_there(batch)
            began = time.monotonic()
            assert forks.run() == 3
            takes_s = (takes_s + time.monotonic() - began) / 2
            assert batch.report() == whole
            assert not list(batch.folder.glob("scenes/.partial/*/"))
            told = f"{killed.total()} kills survived: {dict(killed)}"
            sys.stdout.write(told + "\n")  # pytest -s shows it
    if KILLS >= 15:
        assert len(killed) >= 3, killed


def test_killed_in_a_process_of_its_own_the_earlier_report_stays(
    batch: Batch, spoken: tuple[Path, object]
) -> None:
    """Results are kept already, so that most of each run is starting and writing the report."""
    batch.write({"id": "local", "source": str(spoken[0])})
    assert batch.run()[0] == 0
    whole = batch.report()
    moments = random.Random("report")
    for _ in range(3):
        with batch.start() as process:
            try:
                process.wait(moments.uniform(1.0, 4.0))
            except subprocess.TimeoutExpired:
                process.kill()
        nothing_is_half_there(batch)
        assert batch.report() == whole
