"""Things that record, made of a sound: played at its own pace or faster, as PortAudio would."""

from __future__ import annotations

import sys
import threading
import time
import types

import numpy as np


class PlayedSource:
    """A microphone before which ``sound`` (int16, [samples]) is played, ``speed`` times as fast."""

    def __init__(self, sound, *, sampling_rate=16_000, speed=1.0, endless=False, name="a file"):
        self.name, self.sampling_rate, self.lost = name, sampling_rate, 0
        self.closed = False
        self._sound, self._speed, self._endless = sound, speed, endless
        self._thread: threading.Thread | None = None
        self._over = threading.Event()

    def start(self, take):
        self._thread = threading.Thread(target=self._play, args=(take,), daemon=True)
        self._thread.start()
        return self

    @property
    def ended(self):
        return self._thread is not None and not self._thread.is_alive()

    def close(self):
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        self.closed = True

    def _play(self, take):
        block = self.sampling_rate // 50
        began, at = time.monotonic(), 0
        while not self._over.is_set() and (self._endless or at < len(self._sound)):
            piece = self._sound[at : at + block]
            take(piece if len(piece) else np.zeros(block, dtype=np.int16))
            at += block
            ahead_s = at / self.sampling_rate / self._speed - (time.monotonic() - began)
            if ahead_s > 0:
                self._over.wait(ahead_s)


class SteppedSource:
    """A microphone whose time stands still while it is listened to: nobody falls behind it.

    A tenth of a second comes each time that somebody asks whether it has ended.
    """

    def __init__(self, sound, *, sampling_rate=16_000, endless=False, name="USB mic"):
        self.name, self.sampling_rate, self.lost = name, sampling_rate, 0
        self.closed = False
        self._sound, self._endless = sound, endless
        self._at = 0
        self._take = None

    def start(self, take):
        self._take = take

    @property
    def ended(self):
        if self._at >= len(self._sound) and not self._endless:
            return True
        block = self.sampling_rate // 10
        piece = self._sound[self._at : self._at + block]
        self._take(piece if len(piece) else np.zeros(block, dtype=np.int16))
        self._at += block
        return False

    def close(self):
        self.closed = True


def fake_sounddevice(devices, *, sound=None, default=0, error=None, speed=20.0, overflows=0):
    """A module such as ``sounddevice`` with devices, (name, inputs, rate), that play ``sound``."""
    module = types.ModuleType("sounddevice")

    class PortAudioError(Exception):
        pass

    class InputStream:
        def __init__(self, *, device, samplerate, channels, dtype, callback):
            if error:
                raise PortAudioError(error)
            assert (channels, dtype) == (1, "int16")
            module.opened.append((device, samplerate))
            self._source = PlayedSource(sound, sampling_rate=samplerate, speed=speed)
            self._callback = callback
            self._left = overflows

        def start(self):
            self._source.start(self._arrived)

        def _arrived(self, block):
            status = types.SimpleNamespace(input_overflow=self._left > 0)
            self._left -= 1
            held = block.reshape(-1, 1).copy()
            self._callback(held, len(block), None, status)
            held[:] = 0  # as PortAudio does: the block is its own

        @property
        def active(self):
            return not self._source.ended

        def close(self):
            self._source.close()

    module.PortAudioError, module.InputStream = PortAudioError, InputStream
    module.opened = []
    module.default = types.SimpleNamespace(device=(default, default))
    module.query_devices = lambda: [
        {"name": name, "max_input_channels": inputs, "default_samplerate": rate}
        for name, inputs, rate in devices
    ]
    module.__spec__ = types.SimpleNamespace(name="sounddevice")
    return module


def install(monkeypatch, module):
    monkeypatch.setitem(sys.modules, "sounddevice", module)
