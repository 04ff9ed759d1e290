"""A microphone on the command line: a recording played before it stands for a voice."""

import json
import os
import signal
import threading
import time
from importlib.util import find_spec

import numpy as np
import pytest

from tests.support.sound_source import SteppedSource, fake_sounddevice, install
from voxemo_scan.audio.decode import decode
from voxemo_scan.cli import console, listen_live, live_display

DEVICES = [("Speakers", 0, 48_000.0), ("USB mic", 1, 16_000.0)]

needs_sounddevice = pytest.mark.skipif(
    find_spec("sounddevice") is None, reason="sounddevice is not installed"
)


@pytest.fixture(scope="module")
def sound(spoken):
    return np.concatenate(list(decode(spoken[0])))


@pytest.fixture
def played(monkeypatch, sound):
    """The source that the command opens: a recording."""
    source = SteppedSource(sound)
    monkeypatch.setattr(listen_live, "open_source", lambda _wanted: source)
    return source


def test_json_has_a_line_each_half_second_and_the_whole_at_the_end(run, played, spoken):
    code, told, _ = run("listen", "--mic", "--json", "--model", "classic")
    assert code == 0
    *heard, last = [json.loads(line) for line in told.splitlines()]
    times = [each["at_s"] for each in heard]
    assert times == sorted(times)
    assert np.diff([0.0, *times]) == pytest.approx(0.5)
    assert {"level_db", "speech", "window", "shares", "voices", "behind_s"} <= heard[0].keys()
    windows = [each["window"] for each in heard if each["window"]]
    assert windows
    assert sum(windows[0]["probabilities"].values()) == pytest.approx(1.0, abs=1e-3)
    (item,) = last["recordings"]
    code, told, _ = run("listen", str(spoken[0]), "--json", "-q", "--model", "classic")
    (file_item,) = json.loads(told)["recordings"]
    assert item.pop("source") == "microphone"
    file_item.pop("source")
    assert item == file_item


def test_plain_lines_where_stdout_is_no_terminal(run, played):
    code, told, said = run("listen", "--mic", "--model", "classic")
    assert code == 0
    assert "listening to USB mic" in said
    lines = [line for line in told.splitlines() if " dB  " in line]
    assert lines
    assert all(" %" in line for line in lines)
    assert "Strongest" in told.splitlines()[len(lines)]
    assert "USB mic" in told.splitlines()[-1]
    assert "\x1b" not in told


def test_it_ends_after_the_time_that_was_asked_for(run, monkeypatch, sound):
    endless = SteppedSource(sound, endless=True)
    monkeypatch.setattr(listen_live, "open_source", lambda _wanted: endless)
    code, told, _ = run("listen", "--mic", "--for", "3s", "--json", "-q", "--model", "classic")
    assert code == 0
    (item,) = json.loads(told.splitlines()[-1])["recordings"]
    assert item["duration_s"] == pytest.approx(3.0, abs=0.11)


def test_ctrl_c_ends_the_recording_and_gives_its_result(run, monkeypatch, sound):
    endless = SteppedSource(sound, endless=True)
    monkeypatch.setattr(listen_live, "open_source", lambda _wanted: endless)
    opened = live_display.JsonLines.heard

    def heard(self, told):
        opened(self, told)
        if told.at_s > 4.0:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(live_display.JsonLines, "heard", heard)
    before = signal.getsignal(signal.SIGINT)
    code, told, _ = run("listen", "--mic", "--json", "--model", "classic")
    assert code == 0
    (item,) = json.loads(told.splitlines()[-1])["recordings"]
    assert item["status"] == "ok"
    assert item["duration_s"] < 5.0
    assert signal.getsignal(signal.SIGINT) is before
    assert endless.closed


def test_silence_is_remarked_on(run, monkeypatch):
    silent = SteppedSource(np.zeros(32_000, dtype=np.int16))
    monkeypatch.setattr(listen_live, "open_source", lambda _wanted: silent)
    code, told, said = run("listen", "--mic", "--model", "classic")
    assert code == 0
    assert "USB mic gave silence: is it switched off or muted?" in said
    assert "no speech" in told


@needs_sounddevice
def test_the_screen_shows_level_emotion_and_course(run, monkeypatch, played):
    import io

    shown = io.StringIO()
    monkeypatch.setattr(live_display, "out", console._Console(force_terminal=True))
    monkeypatch.setattr(
        live_display, "err", console._Console(file=shown, force_terminal=True, width=100)
    )
    code, told, _ = run("listen", "--mic", "--model", "classic")
    assert code == 0
    for word in ("level", "now", "course", "neutral", "disgust", "USB mic", " dB"):
        assert word in shown.getvalue()
    assert " dB  " not in told


@needs_sounddevice
def test_microphones_are_listed(run, monkeypatch):
    install(monkeypatch, fake_sounddevice(DEVICES, default=1))
    monkeypatch.setattr(listen_live, "need_extra", lambda *_, **__: None)
    code, told, _ = run("listen", "--list-devices")
    assert (code, told) == (0, "  1  USB mic, 16000 Hz  (the default)\n")
    code, told, _ = run("listen", "--list-devices", "--json")
    assert json.loads(told)["devices"] == [
        {"number": 1, "name": "USB mic", "sampling_rate": 16_000, "is_default": True}
    ]


def test_a_microphone_by_name_is_heard_to_its_end(run, monkeypatch, sound):
    module = fake_sounddevice(DEVICES, sound=sound, speed=8.0)
    install(monkeypatch, module)
    monkeypatch.setattr(listen_live, "need_extra", lambda *_, **__: None)
    code, told, _ = run(
        "listen", "--mic", "--mic-device", "usb", "--json", "-q", "--model", "classic"
    )
    assert code == 0
    assert json.loads(told.splitlines()[-1])["recordings"][0]["status"] == "ok"
    assert module.opened == [(1, 16_000)]


def test_no_microphone_is_exit_code_4_with_a_remedy(run, monkeypatch):
    install(monkeypatch, fake_sounddevice([("Speakers", 0, 48_000.0)]))
    monkeypatch.setattr(listen_live, "need_extra", lambda *_, **__: None)
    code, told, said = run("listen", "--mic")
    assert (code, told) == (4, "")
    assert "there is no microphone" in said
    assert "--list-devices" in said


def test_a_missing_package_is_exit_code_4_with_a_remedy(run, monkeypatch):
    monkeypatch.setattr(console, "find_spec", lambda _module: None)
    for option in ("--mic", "--list-devices"):
        code, _, said = run("listen", option)
        assert code == 4
        assert "voxemo-scan[mic]" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--mic", "a.wav"], "cannot be listened to at once"),
        (["a.wav", "--for", "30s"], "--for is for a microphone"),
        (["a.wav", "--mic-device", "1"], "--mic-device is for a microphone"),
        ([], "nothing to listen to"),
        (["--mic", "--for", "soon"], "is no time"),
        (["--mic", "--for", "0"], "longer than no time"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(run, arguments, said):
    code, _, told = run("listen", *arguments)
    assert code == 2
    assert said in " ".join(told.split())


def test_a_second_ctrl_c_ends_all():
    with listen_live._stopped_by_ctrl_c() as stop:
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.wait(5)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(1)


def test_ctrl_c_is_left_alone_outside_the_first_thread():
    found = []

    def try_it():
        with listen_live._stopped_by_ctrl_c() as stop:
            found.append(stop.is_set())

    thread = threading.Thread(target=try_it)
    thread.start()
    thread.join()
    assert found == [False]
