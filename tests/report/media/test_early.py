"""Sound made while scenes are analysed is what the page would have made, and stops when told."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest

from tests.report.example import example_report, scanned
from tests.report.sounding import clip
from voxemo_scan.audio.decode import decode
from voxemo_scan.report.document import ReportScene
from voxemo_scan.report.media.early import EarlyMedia
from voxemo_scan.report.media.gather import MediaOptions, gather_media
from voxemo_scan.report.media.spectrum import SpectrumMaker


@pytest.fixture
def report():
    result = scanned("one", "One", leaning={"sad": 0.5}, duration_s=40, seed=3)
    return replace(example_report(), scenes=(ReportScene(result),))


@pytest.fixture
def task(report, tmp_path, monkeypatch):
    monkeypatch.setenv("VOXEMO_CACHE", str(tmp_path / "cache"))
    return replace(clip(report.scenes[0].result, tmp_path), sha256="one")


@pytest.mark.parametrize("options", [MediaOptions(), MediaOptions(audio=False)])
def test_a_page_finds_what_was_made_early(report, task, options):
    with EarlyMedia(options.budget_bytes) as early:
        early.begin(task)
        while not any(early_files(task)):
            time.sleep(0.01)
    sound = task.path.read_bytes()
    task.path.write_text("read again, this would be no sound")
    found = gather_media(report, [task], options)["one"]
    assert (found.sound is not None) == options.audio
    assert found.silent_because is None
    task.path.write_bytes(sound)
    other = replace(task, sha256="another, and so not kept")
    made = gather_media(report, [other], options)["one"]
    assert (found.sound, found.peaks, found.spectrum) == (made.sound, made.peaks, made.spectrum)


def test_an_error_stops_what_is_under_way_and_keeps_none_of_it(task):
    with pytest.raises(KeyboardInterrupt), EarlyMedia(MediaOptions().budget_bytes) as early:
        early.begin(task)
        raise KeyboardInterrupt
    assert not any(early_files(task))
    assert not [t for t in threading.enumerate() if t.name.startswith(("early", "ahead"))]


def test_a_clip_that_cannot_be_read_stops_nothing(task):
    task.path.write_text("no sound at all")
    with EarlyMedia(MediaOptions().budget_bytes) as early:
        early.begin(task)
    assert not any(early_files(task))


@pytest.mark.parametrize("options", [MediaOptions(), MediaOptions(audio=False)])
def test_what_is_overheard_gives_what_reading_the_clip_would(report, task, options, monkeypatch):
    with EarlyMedia(options.budget_bytes) as early, monkeypatch.context() as patched:
        patched.setattr("voxemo_scan.report.media.clip.decode", None)
        overheard(early, task)
        while not any(early_files(task)):
            time.sleep(0.01)
    found = gather_media(report, [task], options)["one"]
    other = replace(task, sha256="another, and so not kept")
    made = gather_media(report, [other], options)["one"]
    assert (found.sound, found.peaks, found.spectrum) == (made.sound, made.peaks, made.spectrum)


def test_one_clips_sound_is_held_at_a_time(task):
    with EarlyMedia(MediaOptions().budget_bytes) as early:
        with early.overhear(task) as first, early.overhear(replace(task, id="two")) as second:
            assert first is not None
            assert second is None
        wait_for(lambda: takes(early, replace(task, id="three", sha256="three")))


def test_a_clip_whose_reading_fails_is_let_go(task):
    with EarlyMedia(MediaOptions().budget_bytes) as early:
        with pytest.raises(OSError, match="broken"), early.overhear(task) as beside:
            beside.take(np.zeros(24_000, dtype=np.int16))
            raise OSError("broken")
        wait_for(lambda: not early._free.locked())
        with early.overhear(replace(task, sha256="")) as nobody:
            assert nobody is None
    assert not any(early_files(task))


def test_the_sound_is_followed_while_it_comes_in(task, monkeypatch):
    seen = []
    feed = SpectrumMaker.feed

    def note(maker, block):
        seen.append(block.size)
        feed(maker, block)

    monkeypatch.setattr(SpectrumMaker, "feed", note)
    with EarlyMedia(MediaOptions().budget_bytes) as early:
        with early.overhear(task) as beside:
            for second in range(1, 4):
                beside.take(np.zeros(24_000, dtype=np.int16))
                wait_for(lambda second=second: len(seen) == second)
            beside.take(np.zeros(5_000, dtype=np.int16))
            assert len(seen) == 3
        wait_for(lambda: any(early_files(task)))
    assert seen[:4] == [24_000] * 3 + [5_000]


def test_a_clip_that_finds_no_room_is_read_anew(report, task, monkeypatch):
    def full(_recording, _block):
        raise OSError(28, "No space left on device")

    with EarlyMedia(MediaOptions().budget_bytes) as early:
        with monkeypatch.context() as patched:
            patched.setattr("voxemo_scan.audio.recording.Recording.append", full)
            with early.overhear(task) as beside:
                for _ in decode(task.path, beside=beside):
                    pass
        wait_for(lambda: any(early_files(task)))
    found = gather_media(report, [task], MediaOptions())["one"]
    assert found.sound is not None


def overheard(early, task):
    with early.overhear(task) as beside:
        for _ in decode(task.path, start_s=task.start_s, end_s=task.end_s, beside=beside):
            pass


def takes(early, task):
    """Say whether a clip's sound would be taken, without giving any."""
    with suppress(InterruptedError), early.overhear(task) as beside:
        if beside is not None:
            raise InterruptedError
        return False
    return True


def wait_for(come):
    for _ in range(2000):
        if come():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come")


def early_files(task):
    return (task.path.parent / "cache" / "media").glob("*.media")
