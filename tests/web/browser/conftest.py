"""A served application and a browser whose microphone hears a demo scene."""

from __future__ import annotations

import os
import queue
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from tests.report.example import example_report
from tests.support.media import write_wav
from voxemo_scan.audio.decode import SAMPLING_RATE, decode
from voxemo_scan.report.write import write_report

SCENES = Path(__file__).parents[3] / "scenes" / "demo"
MODEL = ("--model", "classic")
_PATIENCE_S = 120
_MICROPHONE = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=user-gesture-required",
)


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """Serve the application in a process of its own; gives its address."""
    folder = tmp_path_factory.mktemp("served")
    write_report(example_report(), folder / "reports" / "example")
    with _serving(folder, *MODEL, "--keep", str(folder / "kept")) as address:
        yield address


@pytest.fixture(scope="module")
def explaining(tmp_path_factory):
    """Serve it with the model that is the default, whose verdicts can be explained."""
    with _serving(tmp_path_factory.mktemp("explaining")) as address:
        yield address


@contextmanager
def _serving(folder, *options):
    for module in ("fastapi", "uvicorn"):
        pytest.importorskip(module, reason="needs the [web] extra")
    command = [
        sys.executable, "-m", "voxemo_scan", "serve", "--port", "0",
        "--reports", str(folder / "reports"), *options,
    ]  # fmt: skip
    environment = os.environ | {"VOXEMO_CACHE": str(folder / "cache")}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield _address(process)
        finally:
            process.terminate()


def _address(process):
    """Return the address that the application prints once it can be opened."""
    lines = queue.Queue()

    def read():
        for line in process.stderr:
            lines.put(line)

    threading.Thread(target=read, daemon=True).start()
    told = ""
    while not (found := re.search(r"http://\S+?(?=/?\s)", told)):
        try:
            told += lines.get(timeout=_PATIENCE_S)
        except queue.Empty:
            pytest.fail(f"the application did not start: {told}")
    return found[0]


@pytest.fixture(scope="session")
def microphone(tmp_path_factory):
    """What the microphone hears: the birthday scene, as a WAV of what browsers take."""
    signal = np.concatenate(list(decode(SCENES / "the-birthday-table.opus"))) / 32768
    path = tmp_path_factory.mktemp("microphone") / "voice.wav"
    write_wav(path, signal, sampling_rate=SAMPLING_RATE)
    return path


@pytest.fixture(scope="session")
def browser(chromium, microphone):
    browser = chromium(*_MICROPHONE, f"--use-file-for-fake-audio-capture={microphone}")
    yield browser
    browser.close()


@pytest.fixture
def open_page(browser, served):
    """Return a function that opens the page, all else of the network cut.

    What goes wrong in it is in ``faults``, where it also fails the test at its end; a test that
    provokes a refusal says so in ``refusals``, such as ``{413}``.
    """
    pages = []

    def opened(view="listen", *, width=1440, scheme="light", before=None, motion="reduce"):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, base_url=served,
            reduced_motion=motion, accept_downloads=True,
        )  # fmt: skip
        context.route(lambda url: not url.startswith((served, "blob:", "data:")), _cut)
        page = context.new_page()
        page.faults, page.refusals, page.foreign = [], set(), []
        page.on("console", lambda message: page.faults.append(message.text))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("request", lambda request: page.foreign.append(request.url))
        page.set_default_timeout(60_000)
        if before:
            before(page)
        page.goto(f"{served}/#{view}")
        page.locator("h1").wait_for()
        pages.append(page)
        return page

    yield opened
    for page in pages:
        left = [fault for fault in page.faults if not _expected(fault, page.refusals)]
        away = [url for url in page.foreign if not url.startswith((served, "blob:", "data:"))]
        page.context.close()
        assert left == []
        assert away == []


def _cut(route):
    route.abort()


def _expected(fault, refusals):
    return any(f"status of {status} " in fault for status in refusals)
