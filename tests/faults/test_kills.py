"""SIGKILL at random moments of a run: what comes of it in the end is the same, to the byte.

``VOXEMO_KILLS`` is how often (15). Each kill is followed by a run that takes up what is there.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.conftest import Batch
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


def kill_at(process: subprocess.Popen[str], moment: float, *, working: Path | None) -> bool:
    """Kill ``process`` ``moment`` seconds after its start, or after it makes ``working``."""
    while working and not working.exists() and process.poll() is None:
        time.sleep(0.005)
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        process.kill()
    process.communicate()
    return process.returncode == -9


@pytest.mark.timeout(60 + 60 * KILLS)
def test_killed_at_any_moment_and_run_again_the_report_is_the_same(
    batch: Batch, server: MediaServer, spoken: tuple[Path, object]
) -> None:
    mixed(batch, server, spoken[0])
    began = time.monotonic()
    assert batch.run()[0] == 3
    takes_s = time.monotonic() - began
    whole = batch.report()
    assert [scene["status"] for scene in whole["scenes"]] == ["ok"] * 5 + ["failed"] * 2
    moments = random.Random(os.environ.get("VOXEMO_SEED", "faults"))
    killed: Counter[str] = Counter()
    while killed.total() < KILLS:
        batch.forget()
        working = batch.folder / "cache" if moments.random() < 0.8 else None
        # what is done once the cache is there takes about half of a run's time
        moment = moments.uniform(0.0, takes_s * (0.55 if working else 1.0))
        if not kill_at(batch.start(), moment, working=working):
            continue
        killed[stage(batch)] += 1
        nothing_is_half_there(batch)
        code, told = batch.run()
        assert (code, batch.report()) == (3, whole), told
        assert not list(batch.folder.glob("scenes/.partial/*/"))
    told = f"{killed.total()} kills survived: {dict(killed)}; a run takes {takes_s:.1f} s"
    sys.stdout.write(told + "\n")  # pytest -s shows it
    if KILLS >= 15:
        assert len(killed) >= 3, killed


def test_a_report_that_is_killed_over_and_over_loses_no_earlier_one(
    batch: Batch, spoken: tuple[Path, object]
) -> None:
    """Results are kept already, so that most of each run is the writing of the report."""
    batch.write({"id": "local", "source": str(spoken[0])})
    assert batch.run()[0] == 0
    whole = batch.report()
    moments = random.Random("report")
    for _ in range(5):
        kill_at(batch.start(), moments.uniform(0.5, 2.5), working=None)
        nothing_is_half_there(batch)
        assert batch.report() == whole
