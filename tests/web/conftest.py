"""Two servers for all tests of the room: one as it comes, one with a token and small limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the extra `web` is not installed")
pytest.importorskip("uvicorn", reason="the extra `web` is not installed")

from tests.cli.conftest import run  # noqa: F401
from tests.report.conftest import browser  # noqa: F401
from tests.support.web import Served
from voxemo_scan.web.settings import Limits, WebSettings

TOKEN = "a-token-of-the-tests"
SMALL = Limits(
    bytes=200_000,
    duration_s=20.0,
    live_s=3.0,
    queue=2,
    live=2,
    upload_s=3.0,
    silent_s=1.0,
    job_s=60.0,
    work_per_minute=6000,
    asks_per_minute=6000,
    scans_waiting=2,
    memory_bytes=512 * 2**20,
)


@pytest.fixture(scope="session")
def demo_clips() -> Path:
    return Path(__file__).parents[2] / "scenes" / "demo"


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The application as it comes, with rates that tests do not meet."""
    folder = tmp_path_factory.mktemp("served")
    limits = replace(Limits(), work_per_minute=6000, asks_per_minute=60_000)
    settings = WebSettings(reports=folder / "reports", model="classic", limits=limits)
    with Served(settings) as running:
        yield running


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The application with a token and limits that a test meets at once; it keeps what it may."""
    folder = tmp_path_factory.mktemp("small")
    settings = WebSettings(
        token=TOKEN, reports=folder / "reports", keep=folder / "kept", model="classic",
        warm=False, limits=SMALL,
    )  # fmt: skip
    with Served(settings) as running:
        yield running


@pytest.fixture
def mine() -> dict[str, str]:
    """The header of one who knows the token."""
    return {"Authorization": f"Bearer {TOKEN}"}
