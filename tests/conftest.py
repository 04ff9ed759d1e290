"""A clip of known speech, a browser, and time for properties to be checked on a busy machine."""

import signal

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from tests.support.browser import FLAGS, find_browser, on_ci
from tests.support.media import write_wav
from tests.support.voice import SAMPLING_RATE, say

settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")

# Who starts the tests in the background of a script may have told them to ignore Ctrl-C, and what
# they start would ignore it too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

FIRST = "This is the first thing that I wanted to tell you about the house by the sea."
SECOND = "And here is the second."


@pytest.fixture(scope="session")
def spoken(tmp_path_factory):
    """A WAV of 1 s silence, a long line, 2 s silence, a short line, 1 s silence; with its times."""
    pause = np.zeros(SAMPLING_RATE)
    first, second = say(FIRST), say(SECOND)
    signal = np.concatenate([pause, first, pause, pause, second, pause])
    path = tmp_path_factory.mktemp("spoken") / "spoken.wav"
    write_wav(path, signal, sampling_rate=SAMPLING_RATE)
    first_end_s = 1.0 + len(first) / SAMPLING_RATE
    second_s = first_end_s + 2.0
    return path, [(1.0, first_end_s), (second_s, second_s + len(second) / SAMPLING_RATE)]


@pytest.fixture(scope="session")
def chromium():
    """Return a function that starts Chromium with some more flags; one playwright serves all."""
    sync_api = pytest.importorskip("playwright.sync_api")
    program = find_browser()
    if program is None:
        told = "no Chromium or Chrome that starts; `make browser` looks for one"
        pytest.fail(told) if on_ci() else pytest.skip(told)
    with sync_api.sync_playwright() as playwright:

        def start(*flags):
            return playwright.chromium.launch(executable_path=program, args=[*FLAGS, *flags])

        yield start
