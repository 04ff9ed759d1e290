"""Microphones, with a module in sounddevice's place; where that is whole, its own errors too."""

import sys
from importlib.util import find_spec

import numpy as np
import pytest

from tests.support.sound_source import fake_sounddevice, install
from voxemo_scan.audio.microphone import InputDevice, Microphone, choose_device, input_devices
from voxemo_scan.errors import MissingError, UsageError

DEVICES = [("Speakers", 0, 48_000.0), ("USB mic", 1, 44_100.0), ("Built-in mic", 2, 48_000.0)]
USB = InputDevice(1, "USB mic", 44_100, True)
BUILT_IN = InputDevice(2, "Built-in mic", 48_000, False)


def test_what_records_is_listed_with_the_default(monkeypatch):
    install(monkeypatch, fake_sounddevice(DEVICES, default=1))
    assert input_devices() == [USB, BUILT_IN]


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [(None, USB), ("2", BUILT_IN), ("usb", USB), ("BUILT-IN MIC", BUILT_IN), (" 1 ", USB)],
)
def test_a_device_is_meant_by_number_or_part_of_its_name(wanted, meant):
    assert choose_device([USB, BUILT_IN], wanted=wanted) == meant


def test_a_name_that_is_one_device_whole_is_not_another_in_part():
    longer = InputDevice(4, "USB mic 2", 48_000, False)
    assert choose_device([longer, USB], wanted="usb mic") == USB


@pytest.mark.parametrize(
    ("wanted", "problem"), [("mic", "more than one"), ("7", "is no"), ("x", "is no")]
)
def test_what_means_no_device_or_several_lists_them(wanted, problem):
    with pytest.raises(UsageError, match=problem) as caught:
        choose_device([USB, BUILT_IN], wanted=wanted)
    assert "1: USB mic" in caught.value.remedy


def test_without_a_default_the_first_is_meant():
    assert choose_device([BUILT_IN]) == BUILT_IN
    with pytest.raises(MissingError, match="no microphone"):
        choose_device([])


def test_sound_is_handed_over_as_it_is_and_losses_are_counted(monkeypatch):
    sound = np.arange(4_410, dtype=np.int16)
    install(monkeypatch, fake_sounddevice(DEVICES, sound=sound, overflows=2))
    taken = []
    with Microphone(USB) as microphone:
        microphone.start(taken.append)
        while not microphone.ended:
            pass
    assert np.array_equal(np.concatenate(taken), sound)
    assert microphone.lost == 2
    assert sys.modules["sounddevice"].opened == [(1, 44_100)]


def test_a_device_that_cannot_be_opened_is_missing(monkeypatch):
    install(monkeypatch, fake_sounddevice(DEVICES, error="Device unavailable"))
    with pytest.raises(MissingError, match="USB mic cannot be opened: Device unavailable"):
        Microphone(USB).start(lambda _: None)


def test_without_portaudio_the_remedy_says_how_to_have_it(monkeypatch):
    if find_spec("sounddevice") is None:
        pytest.skip("sounddevice is not installed")
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr("ctypes.util.find_library", lambda _name: None)
    monkeypatch.setitem(sys.modules, "_sounddevice_data", None)
    with pytest.raises(MissingError, match="PortAudio") as caught:
        input_devices()
    assert "libportaudio2" in caught.value.remedy


def test_without_the_package_the_remedy_is_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(MissingError) as caught:
        input_devices()
    assert caught.value.remedy == "pip install 'voxemo-scan[mic]'"
