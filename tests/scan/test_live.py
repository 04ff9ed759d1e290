"""Sound that comes piece by piece, with real voice activity and real networks."""

import numpy as np
import pytest

from voxemo_scan.audio.decode import decode
from voxemo_scan.errors import UsageError
from voxemo_scan.scan.analyse import analyse
from voxemo_scan.scan.live import LiveListener
from voxemo_scan.scan.options import ScanOptions

OPTIONS = ScanOptions()
RATE = 16_000
NAMES = {"id": "a-scene", "title": "A scene", "source": "spoken.wav"}


@pytest.fixture(scope="module")
def sound(spoken):
    return np.concatenate(list(decode(spoken[0])))


def play(listener, sound, *, block, every=1):
    """Feed ``sound`` block by block and listen after every so many; return what was heard."""
    heard = []
    for number, start in enumerate(range(0, len(sound), block)):
        listener.feed(sound[start : start + block])
        if number % every == 0 and (told := listener.listen()) is not None:
            heard.append(told)
    return heard


@pytest.fixture(scope="module")
def heard(sound, ensemble):
    with LiveListener(ensemble) as listener:
        return play(listener, sound, block=1_000)


def test_there_is_something_to_say_every_half_second(heard, sound):
    times = [told.at_s for told in heard]
    assert np.diff(times) == pytest.approx(0.5, abs=0.07)
    assert times[-1] > len(sound) / RATE - 0.6
    assert all(told.skipped == 0 for told in heard)


def test_speech_is_told_where_it_is_and_nowhere_else(heard, spoken):
    for told in heard:
        inside = any(start + 0.6 < told.at_s < end for start, end in spoken[1])
        outside = all(told.at_s < start or told.at_s > end + 1.0 for start, end in spoken[1])
        assert told.speech if inside else True
        assert not told.speech if outside else True
    assert {told.speech for told in heard} == {True, False}


def test_windows_lie_in_speech_and_are_no_longer_than_windows_are(heard, spoken, ensemble):
    windows = [told.window for told in heard if told.window is not None]
    assert len(windows) > 6
    for window in windows:
        assert any(s - 0.3 <= window.start_s and window.end_s <= e + 0.3 for s, e in spoken[1])
        assert 0 < window.end_s - window.start_s <= ensemble.window_s + 1e-9
        assert sum(window.probabilities) == pytest.approx(1.0)
    ends = [window.end_s for window in windows]
    assert ends == sorted(ends)


def test_shares_and_voices_are_of_all_so_far(heard):
    first = next(n for n, told in enumerate(heard) if told.window)
    assert all(told.shares == {} and told.voices == {} for told in heard[:first])
    for told in heard[first:]:
        assert sum(told.shares.values()) == pytest.approx(1.0)
        assert sum(told.voices.values()) == pytest.approx(1.0)


def test_the_level_is_of_what_came_last(ensemble):
    tone = np.sin(2 * np.pi * 440 * np.arange(RATE // 2) / RATE).astype(np.float32)
    with LiveListener(ensemble) as listener:
        levels = []
        for factor in (1.0, 0.1, 0.0):
            listener.feed(factor * tone)
            levels.append(listener.listen().level_db)
    assert levels[:2] == pytest.approx([-3.01, -23.01], abs=0.01)
    assert levels[2] == -120.0


def test_the_whole_is_what_a_file_of_the_same_sound_gives(sound, spoken, ensemble, make_task):
    expected = analyse(
        make_task(spoken[0], source="spoken.wav"), ensemble=ensemble, options=OPTIONS
    )
    with LiveListener(ensemble, options=OPTIONS) as listener:
        play(listener, sound, block=777)
        assert listener.finish(**NAMES) == expected


def test_who_is_behind_hears_the_newest_alone(sound, ensemble, heard):
    with LiveListener(ensemble) as listener:
        late = play(listener, sound, block=8_000, every=4)
        assert listener.behind_s < 2.0
    assert [told.at_s for told in late] == [0.5 + 2.0 * n for n in range(len(late))]
    assert [told.skipped for told in late] == [3 * n for n in range(len(late))]
    in_time = {round(told.at_s, 3): told for told in heard}
    assert late[1].window is not None
    assert abs(late[1].window.end_s - in_time[2.5].window.end_s) < 0.2


def test_sound_fed_meanwhile_counts_as_behind(sound, ensemble):
    with LiveListener(ensemble) as listener:
        listener.feed(sound[:16_000])
        assert listener.behind_s == 1.0
        assert listener.listen().behind_s == 0.0
        assert listener.listen() is None


def test_other_rates_are_brought_to_the_same_length(sound, ensemble):
    import soxr

    fast = soxr.resample(sound.astype(np.float32) / 32768, RATE, 48_000)
    with LiveListener(ensemble, sampling_rate=48_000) as listener:
        play(listener, fast, block=4_096)
        result = listener.finish(**NAMES)
    assert result.duration_s == pytest.approx(len(sound) / RATE, abs=0.001)
    assert len(result.segments) == 2


def test_hostile_samples_are_silence_or_full_scale(ensemble):
    with LiveListener(ensemble, sampling_rate=48_000) as listener:
        bad = np.array([np.nan, np.inf, -np.inf, 1e30] * 9_000, dtype=np.float32)
        listener.feed(bad)
        listener.feed(np.zeros(0, dtype=np.float32))
        told = listener.listen()
        assert told.level_db <= 0.0
        assert listener.finish(**NAMES).status == "no-speech"


def test_nothing_at_all_is_no_speech(ensemble):
    with LiveListener(ensemble) as listener:
        assert listener.listen() is None
        result = listener.finish(**NAMES)
    assert (result.status, result.duration_s) == ("no-speech", 0.0)


@pytest.mark.parametrize("rate", [0, -48_000, 4_000, 10**9])
def test_a_rate_that_nobody_records_at_is_refused(ensemble, rate):
    with pytest.raises(UsageError, match="samples a second"):
        LiveListener(ensemble, sampling_rate=rate)
