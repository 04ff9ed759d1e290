"""Two runs at once over the same clips and the same store."""

from __future__ import annotations

from pathlib import Path

from tests.faults.conftest import Batch
from tests.support.media_server import MediaServer, Reply


def test_two_runs_at_once_end_in_the_same_report(
    batch: Batch, server: MediaServer, spoken: tuple[Path, object]
) -> None:
    slow = Reply(spoken[0].read_bytes(), kind="audio/x-wav", pause_s=0.5)
    batch.write(
        {"id": "web", "source": server.add("/a.wav", slow)},
        {"id": "part", "source": server.root + "/a.wav", "start": 1, "end": 4},
        {"id": "local", "source": str(spoken[0])},
    )
    outs = [batch.folder / "reports" / name for name in ("one", "batch")]
    runs = [batch.start("-o", str(out)) for out in outs]
    told = [run.communicate(timeout=280)[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], told
    one, other = (Batch(batch.folder).report_in(out) for out in outs)
    assert one == other
    assert [scene["status"] for scene in one["scenes"]] == ["ok"] * 3
    assert len(server.asked("/a.wav")) == 2  # a look at what it is, and one download
