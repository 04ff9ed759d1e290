"""A source that plays at its own pace in a thread of its own, and who listens to it."""

import threading
import time

import numpy as np
import pytest

from tests.support.sound_source import PlayedSource
from voxemo_scan.audio.decode import decode
from voxemo_scan.errors import MissingError
from voxemo_scan.scan.analyse import analyse
from voxemo_scan.scan.live import LiveListener
from voxemo_scan.scan.live_session import listen_to
from voxemo_scan.scan.options import ScanOptions

NAMES = {"id": "a-scene", "title": "A scene", "source": "spoken.wav"}


@pytest.fixture(scope="module")
def sound(spoken):
    return np.concatenate(list(decode(spoken[0])))


def test_a_source_that_ends_gives_what_its_file_gives(sound, spoken, ensemble, make_task):
    heard = []
    source = PlayedSource(sound, speed=8.0)
    with LiveListener(ensemble) as listener:
        listen_to(source, listener, on_heard=heard.append, stop=threading.Event())
        result = listener.finish(**NAMES)
    assert source.closed
    task = make_task(spoken[0], source="spoken.wav")
    assert result == analyse(task, ensemble=ensemble, options=ScanOptions())
    assert heard[-1].at_s > len(sound) / 16_000 - 0.5
    assert any(told.window for told in heard)


def test_a_slow_listener_skips_and_still_hears_the_end(sound, ensemble):
    heard = []

    def slow(told):
        heard.append(told)
        time.sleep(0.15)

    source = PlayedSource(sound, speed=12.0)
    with LiveListener(ensemble) as listener:
        listen_to(source, listener, on_heard=slow, stop=threading.Event())
        assert listener.behind_s < 0.5
    assert heard[-1].skipped > 3
    assert heard[-1].at_s > len(sound) / 16_000 - 0.5


def test_it_ends_when_time_is_up(sound, ensemble):
    source = PlayedSource(sound, speed=8.0, endless=True)
    with LiveListener(ensemble) as listener:
        listen_to(source, listener, on_heard=lambda _: None, stop=threading.Event(), longest_s=1.0)
        assert listener.fed_s >= 1.0
    assert source.closed


def test_it_ends_when_somebody_ends_it(sound, ensemble):
    stop = threading.Event()
    source = PlayedSource(sound, speed=8.0, endless=True)
    with LiveListener(ensemble) as listener:
        listen_to(source, listener, on_heard=lambda _: stop.set(), stop=stop)
        assert listener.fed_s >= 0.5
    assert source.closed


def test_a_source_from_which_nothing_comes_is_missing(ensemble):
    source = PlayedSource(np.zeros(0, dtype=np.int16))
    source._play = lambda take: source._over.wait(10)
    with LiveListener(ensemble) as listener, pytest.raises(MissingError, match="a file"):
        listen_to(source, listener, on_heard=lambda _: None, stop=threading.Event(), patience_s=0.2)
    assert source.closed
