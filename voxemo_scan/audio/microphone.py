"""Microphones, by PortAudio: a thin layer over the optional package ``sounddevice``.

Sound is handed over from PortAudio's own thread as it comes; whoever takes it must be quick.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.errors import MissingError, UsageError
from voxemo_scan.text import clean

TakeSound = Callable[[NDArray[np.int16]], None]
"""Takes int16, [samples], mono."""

_INSTALL: Final = "pip install 'voxemo-scan[mic]'"
_PORTAUDIO: Final = (
    "install PortAudio: apt install libportaudio2, dnf install portaudio or brew install portaudio"
)
_PLUG: Final = "plug one in, let this program use it, and see `voxemo-scan listen --list-devices`"


@dataclass(frozen=True, slots=True)
class InputDevice:
    """Something that records: its number and name, and the rate at which it does, Hz."""

    number: int
    name: str
    sampling_rate: int
    is_default: bool


class Microphone:
    """An open input device; a context manager that records while it is entered.

    ``lost`` counts the times that sound was lost because nobody took it in time.
    """

    def __init__(self, device: InputDevice) -> None:
        self.name = device.name
        self.sampling_rate = device.sampling_rate
        self.lost = 0
        self._device = device
        self._stream: Any = None
        self._take: TakeSound = lambda _: None

    def start(self, take: TakeSound) -> Self:
        """Begin to hand sound to ``take``.

        Raises:
            MissingError: the device cannot be opened.
        """
        sounddevice = _sounddevice()
        self._take = take
        try:
            self._stream = sounddevice.InputStream(
                device=self._device.number,
                samplerate=self.sampling_rate,
                channels=1,
                dtype="int16",
                callback=self._arrived,
            )
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            self.close()
            raise MissingError(
                f"the microphone {self.name} cannot be opened: {clean(str(error))}", remedy=_PLUG
            ) from error
        return self

    @property
    def ended(self) -> bool:
        """Say whether no more sound will come: it was unplugged, say."""
        return self._stream is not None and not self._stream.active

    def close(self) -> None:
        """Stop recording."""
        if self._stream is not None:
            self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _arrived(self, block: NDArray[np.int16], _frames: int, _time: Any, status: Any) -> None:
        self.lost += bool(status.input_overflow)
        self._take(block[:, 0].copy())  # PortAudio writes to the block again


def input_devices() -> list[InputDevice]:
    """Return all that can record here.

    Raises:
        MissingError: ``sounddevice`` or PortAudio is not installed, or does not answer.
    """
    sounddevice = _sounddevice()
    try:
        default = int(sounddevice.default.device[0])
        known = list(sounddevice.query_devices())
    except sounddevice.PortAudioError as error:
        raise MissingError(
            f"the sound system does not answer: {clean(str(error))}", remedy=_PLUG
        ) from error
    return [
        InputDevice(
            number, clean(str(each["name"])), round(each["default_samplerate"]), number == default
        )
        for number, each in enumerate(known)
        if each["max_input_channels"] > 0
    ]


def choose_device(devices: Sequence[InputDevice], *, wanted: str | None = None) -> InputDevice:
    """Return the device of a number, or whose name holds ``wanted``; the default without.

    Raises:
        MissingError: nothing here records.
        UsageError: no device is meant, or more than one.
    """
    if not devices:
        raise MissingError("there is no microphone", remedy=_PLUG)
    if wanted is None:
        return next((each for each in devices if each.is_default), devices[0])
    name = wanted.strip().casefold()
    if name.isdecimal():
        meant = [each for each in devices if each.number == int(name)]
    else:
        exact = [each for each in devices if each.name.casefold() == name]
        meant = exact or [each for each in devices if name in each.name.casefold()]
    if len(meant) == 1:
        return meant[0]
    told = ", ".join(f"{each.number}: {each.name}" for each in meant or devices)
    problem = "is more than one microphone" if meant else "is no microphone"
    raise UsageError(f"{clean(wanted)!r} {problem}", remedy=f"choose a number of {told}")


def _sounddevice() -> Any:
    try:
        import sounddevice  # noqa: PLC0415  (optional, and loads PortAudio)
    except ImportError:
        raise MissingError("sounddevice is not installed", remedy=_INSTALL) from None
    except OSError as error:
        raise MissingError(f"{clean(str(error))}", remedy=_PORTAUDIO) from error
    return sounddevice
