"""A clip's way to its result, with a real decoder, real voice activity and real networks."""

import numpy as np
import pytest

from tests.support.media import tone, write_wav
from voxemo_scan.errors import AudioError
from voxemo_scan.scan.analyse import analyse
from voxemo_scan.scan.estimate import estimate_shares
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.voices import VoiceOptions
from voxemo_scan.speech.windows import Window, speech_weights

OPTIONS = ScanOptions()


@pytest.fixture(scope="module")
def result(spoken, ensemble, request):
    import hashlib

    from voxemo_scan.scan.task import SceneTask

    path, _ = spoken
    task = SceneTask(
        id="a-scene",
        title="A scene",
        source="spoken.wav",
        path=path,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
    )
    return analyse(task, ensemble=ensemble, options=OPTIONS)


def test_speech_is_found_where_it_is(result, spoken):
    _, expected = spoken
    assert result.status == "ok"
    assert np.allclose(result.segments, expected, atol=0.25)


def test_shares_sum_to_one_and_the_largest_is_dominant(result):
    assert sum(result.shares.values()) == pytest.approx(1.0, abs=1e-6)
    assert result.dominant == max(result.shares, key=lambda emotion: result.shares[emotion])
    assert sum(result.voices.values()) == pytest.approx(1.0)
    for emotion, share in result.shares.items():
        low, high = result.share_ci[emotion]
        assert 0 <= low <= share <= high <= 1


def test_windows_tile_the_segments_and_cross_no_silence(result, ensemble):
    for window in result.windows:
        assert any(
            s - 1e-6 <= window.start_s and window.end_s <= e + 1e-6 for s, e in result.segments
        )
        assert window.end_s - window.start_s <= ensemble.window_s + 1e-6
        assert sum(window.probabilities) == pytest.approx(1.0, abs=1e-9)
    for start_s, end_s in result.segments:
        inside = [w for w in result.windows if start_s - 1e-6 <= w.start_s <= end_s]
        assert inside[0].start_s == pytest.approx(start_s, abs=1e-5)
        assert inside[-1].end_s == pytest.approx(end_s, abs=1e-5)


def test_speech_time_counts_overlaps_once(result):
    total = sum(end_s - start_s for start_s, end_s in result.segments)
    assert result.speech_s == pytest.approx(total, abs=1e-4)
    assert result.speech_s < result.duration_s


def test_plain_means_are_the_weighted_mean_of_the_windows(result):
    windows = [Window(w.start_s, w.end_s) for w in result.windows]
    assert len(windows) > 2
    rows = np.array([w.probabilities for w in result.windows])
    expected = speech_weights(windows) @ rows / result.speech_s
    assert list(result.mean_shares.values()) == pytest.approx(expected, abs=1e-5)


def test_either_estimator_can_be_chosen(result, spoken, ensemble, make_task):
    options = ScanOptions(estimator="mean")
    plain = analyse(make_task(spoken[0]), ensemble=ensemble, options=options)
    assert plain.shares == plain.mean_shares == result.mean_shares
    assert plain.windows == result.windows
    assert result.shares != result.mean_shares
    assert max(result.shares.values()) > max(result.mean_shares.values())


def test_a_range_has_its_own_time(result, spoken, ensemble, make_task):
    path, segments = spoken
    start_s = segments[1][0] - 0.5
    part = analyse(make_task(path, start_s=start_s), ensemble=ensemble, options=OPTIONS)
    assert part.range_start_s == start_s
    assert part.duration_s == pytest.approx(result.duration_s - start_s, abs=0.01)
    assert part.segments[0][0] == pytest.approx(0.5, abs=0.25)
    assert len(part.segments) == 1


@pytest.mark.parametrize("signal", [np.zeros(16_000), tone(3.0, rate=16_000)])
def test_no_speech_is_a_status_and_not_a_zero(tmp_path, ensemble, make_task, signal):
    path = write_wav(tmp_path / "none.wav", signal)
    found = analyse(make_task(path), ensemble=ensemble, options=OPTIONS)
    assert found.status == "no-speech"
    assert found.shares == {}
    assert found.dominant is None
    assert found.duration_s == pytest.approx(len(signal) / 16_000)


def test_what_is_no_media_is_an_error(tmp_path, ensemble, make_task):
    path = tmp_path / "text.mp4"
    path.write_text("this is no film")
    with pytest.raises(AudioError, match=r"text\.mp4"):
        analyse(make_task(path), ensemble=ensemble, options=OPTIONS)


def test_voices_are_off_with_a_reason(spoken, ensemble, make_task):
    plain = analyse(make_task(spoken[0]), ensemble=ensemble, options=OPTIONS)
    assert plain.untold == "this model does not tell voices apart"
    silent = ScanOptions(voices=VoiceOptions(tell=False))
    off = analyse(make_task(spoken[0]), ensemble=ensemble, options=silent)
    assert off.untold == "switched off"
    for result in (plain, off):
        assert result.speakers == result.turns == ()
        assert all(window.voice is None for window in result.windows)


def test_voices_are_told_apart_by_the_shipped_encoder(spoken, make_task):
    from voxemo_scan.models.registry import load_shipped

    options = ScanOptions(voices=VoiceOptions(least_confidence=0.0))
    found = analyse(make_task(spoken[0]), ensemble=load_shipped("encoder"), options=options)
    assert found.untold is None
    assert sum(s.speech_s for s in found.speakers) == pytest.approx(found.speech_s, abs=1e-3)
    names = {speaker.id for speaker in found.speakers}
    assert {turn.voice for turn in found.turns} == names
    assert all(window.voice in names for window in found.windows)
    for speaker in found.speakers:
        assert sum(speaker.shares.values()) == pytest.approx(1.0, abs=1e-6)
        assert len(speaker.centre) == len(found.voice_spread) == 60
    strict = ScanOptions(voices=VoiceOptions(least_confidence=1.01))
    unsure = analyse(make_task(spoken[0]), ensemble=load_shipped("encoder"), options=strict)
    assert (unsure.untold, unsure.speakers) == ("too unsure who speaks when", ())


def test_who_speaks_is_known_to_the_intervals(spoken, make_task):
    from voxemo_scan.models.registry import load_shipped

    encoder = load_shipped("encoder")
    sure, unsure = (
        analyse(
            make_task(spoken[0]),
            ensemble=encoder,
            options=ScanOptions(adapt=False, voices=VoiceOptions(least_confidence=least)),
        )
        for least in (0.0, 1.01)
    )
    assert sure.shares == unsure.shares
    seconds = [Window(w.start_s, w.end_s) for w in sure.windows]
    expected = estimate_shares(
        np.array([w.probabilities for w in sure.windows]),
        speech_weights(seconds),
        segments=np.searchsorted(
            [start_s for start_s, _ in sure.segments], [w.start_s + 1e-3 for w in seconds]
        ),
        window_s=encoder.window_s,
        options=OPTIONS,
        voices=np.array([ord(w.voice) for w in sure.windows]),
    )
    assert np.array(list(sure.share_ci.values())) == pytest.approx(expected.intervals, abs=1e-6)
    assert sure.share_ci != unsure.share_ci


def test_the_stages_are_told_to_their_end(spoken, ensemble, make_task):
    told = {}
    analyse(
        make_task(spoken[0]),
        ensemble=ensemble,
        options=OPTIONS,
        progress=lambda name, done, total: told.update({name: (done, total)}),
    )
    assert list(told) == ["finding speech", "listening"]
    for done, total in told.values():
        assert done == pytest.approx(total, rel=0.02)


def test_the_same_clip_gives_the_same_result(spoken, ensemble, make_task):
    first, again = (
        analyse(make_task(spoken[0]), ensemble=ensemble, options=OPTIONS) for _ in range(2)
    )
    assert first == again


def test_how_loud_a_clip_was_mastered_changes_nothing(tmp_path, spoken, ensemble, make_task):
    from voxemo_scan.audio.decode import decode

    signal = np.concatenate(list(decode(spoken[0]))) / 32768
    loud, quiet = (write_wav(tmp_path / f"{g}.wav", g * signal) for g in (0.99, 0.15))
    shares = [
        list(analyse(make_task(path), ensemble=ensemble, options=OPTIONS).shares.values())
        for path in (loud, quiet)
    ]
    assert shares[0] == pytest.approx(shares[1], abs=0.003)


def test_how_many_threads_compute_changes_nothing(spoken, make_task):
    from voxemo_scan.models.registry import load_shipped
    from voxemo_scan.scan.cores import keep_to, usable_cores

    shipped, found = load_shipped("encoder"), []
    try:
        for threads in (1, 4):
            keep_to(threads)
            found.append(analyse(make_task(spoken[0]), ensemble=shipped, options=OPTIONS))
    finally:
        keep_to(usable_cores())
    assert found[0] == found[1]
