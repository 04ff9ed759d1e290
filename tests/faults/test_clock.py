"""A wall clock that jumps: nothing waits for it, nothing is judged by it."""

from __future__ import annotations

import datetime as dates
import time
from pathlib import Path

import pytest

from tests.scan.test_store import RESULT, TASK, key
from tests.support.media import tone, write_wav
from tests.support.media_server import MediaServer, Reply
from voxemo_scan.scan.store import ResultStore
from voxemo_scan.sources.library import ClipLibrary, FetchOptions

YEAR_S = 365 * 86_400.0


@pytest.fixture(params=[-40 * YEAR_S, 40 * YEAR_S], ids=["back", "ahead"])
def jumping(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every second look at the wall clock is forty years off."""
    plain, looks = time.time, iter(range(10**9))
    monkeypatch.setattr(time, "time", lambda: plain() + request.param * (next(looks) % 2))


@pytest.mark.usefixtures("jumping")
def test_downloads_wait_and_end_by_the_steady_clock(server: MediaServer, tmp_path: Path) -> None:
    body = write_wav(tmp_path / "a.wav", tone(1.0, rate=16_000)).read_bytes()
    busy = Reply(status=503)
    address = server.add("/a.wav", busy, Reply(body, kind="audio/x-wav"))
    limits = FetchOptions(backoff_s=0.05, deadline_s=120.0)
    clip = ClipLibrary(tmp_path / "scenes", options=limits).fetch(address, name="a")
    assert clip.path.read_bytes() == body


def test_a_result_from_the_future_is_as_good_as_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ahead(dates.datetime):
        @classmethod
        def now(cls, tz: dates.tzinfo | None = None) -> dates.datetime:  # type: ignore[override]
            return dates.datetime(2099, 1, 1, tzinfo=tz)

    with ResultStore(tmp_path / "r.sqlite") as store:
        monkeypatch.setattr("voxemo_scan.scan.store.datetime", Ahead)
        store.keep(key(), RESULT)
        monkeypatch.undo()
        assert store.find(key(), task=TASK) == RESULT
        store.keep(key(), RESULT)  # now dated before what it replaces
        assert store.find(key(), task=TASK) == RESULT
