"""Many people at once: some are listened to, some upload, and all note how long it took."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import websockets
from websockets.exceptions import WebSocketException

from voxemo_scan.audio.decode import SAMPLING_RATE, decode

_BOUNDARY: Final = "voxemo-load"
_PIECE_S: Final = 0.1
_PATIENCE_S: Final = 900.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Who comes: ``listeners`` speak for ``seconds`` each, ``uploads`` send ``clip`` at once."""

    clip: Path
    listeners: int
    uploads: int
    seconds: float


@dataclass(frozen=True)
class Found:
    """How they fared; times are seconds.

    ``first_s``: to an upload's first answer, whatever it was; ``heard_s``: to its result, with all
    waiting that it was told to do; ``gaps_s``: between two messages to a listener; ``behind_s``:
    how far these were behind; ``done_s``: from a listener's last word to the verdict on all of it.
    """

    statuses: dict[str, int]
    faults: list[str]
    first_s: list[float]
    heard_s: list[float]
    gaps_s: list[float]
    behind_s: list[float]
    done_s: list[float]
    windows: int
    memory_bytes: int
    seconds: float


@dataclass
class Crowd:
    """All of them."""

    plan: Plan
    port: int
    _statuses: Counter[str] = field(default_factory=Counter)
    _faults: list[str] = field(default_factory=list)
    _times: dict[str, list[float]] = field(default_factory=dict)
    _windows: int = 0
    _seconds: float = 0.0

    async def run(self) -> None:
        """Send all of them at once, and wait for the last."""
        began = time.monotonic()
        body = _form(self.plan.clip.read_bytes())
        signal = np.concatenate(list(decode(self.plan.clip))).astype("<f4") / 32768.0
        listeners = [self._listener(signal, n) for n in range(self.plan.listeners)]
        uploads = [self._upload(body) for _ in range(self.plan.uploads)]
        await asyncio.gather(*listeners, *uploads)
        self._seconds = time.monotonic() - began

    def found(self, *, memory_bytes: int) -> Found:
        """Return how they fared."""
        held = {name: self._times.get(name, []) for name in _TIMES}
        return Found(
            statuses=dict(self._statuses),
            faults=self._faults,
            windows=self._windows,
            memory_bytes=memory_bytes,
            seconds=self._seconds,
            **held,
        )

    def _note(self, name: str, seconds: float) -> None:
        self._times.setdefault(name, []).append(seconds)

    async def _upload(self, body: bytes) -> None:
        """Upload, as often as it takes: 429 says when to come again."""
        began = time.monotonic()
        while time.monotonic() - began < _PATIENCE_S:
            sent = time.monotonic()
            try:
                status, after_s = await _post(self.port, body)
            except (OSError, ValueError, EOFError) as error:
                self._faults.append(f"upload: {type(error).__name__}: {error}")
                return
            self._note("first_s", time.monotonic() - sent)
            self._statuses[f"upload {status}"] += 1
            if status == 429:
                await asyncio.sleep(after_s)
                continue
            if status != 200:
                self._faults.append(f"upload: {status}")
            else:
                self._note("heard_s", time.monotonic() - began)
            return
        self._faults.append("upload: never heard")

    async def _listener(self, signal: Any, number: int) -> None:
        """Speak, from another place of the recording than the others, and read what is told."""
        await asyncio.sleep(number * 0.02)
        address = f"ws://127.0.0.1:{self.port}/api/v1/live"
        turned = np.roll(signal, -number * SAMPLING_RATE // 4)
        try:
            async with websockets.connect(
                address, proxy=None, open_timeout=60, ping_interval=None
            ) as socket:
                await socket.send(json.dumps({"type": "start", "sampling_rate": SAMPLING_RATE}))
                speaking = asyncio.create_task(self._speak(socket, turned))
                told = await self._read(socket)
                ended = await speaking
        except (OSError, TimeoutError, WebSocketException) as error:
            self._faults.append(f"listener: {type(error).__name__}: {error}")
            return
        self._statuses[f"listener {told['type']}"] += 1
        if told["type"] == "done":
            self._note("done_s", time.monotonic() - ended)
        else:
            self._faults.append(f"listener: {told.get('message')}")

    async def _speak(self, socket: Any, signal: Any) -> float:
        """Send sound as fast as it is spoken, and return when the last was sent."""
        step = round(_PIECE_S * SAMPLING_RATE)
        due = time.monotonic()
        for piece in range(round(self.plan.seconds / _PIECE_S)):
            at = piece * step % max(1, len(signal) - step)
            await socket.send(signal[at : at + step].tobytes())
            due += _PIECE_S
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        await socket.send(json.dumps({"type": "stop"}))
        return time.monotonic()

    async def _read(self, socket: Any) -> dict[str, Any]:
        """Read all that is told, and return the last of it."""
        times = [time.monotonic()]
        while True:
            message: dict[str, Any] = json.loads(await asyncio.wait_for(socket.recv(), _PATIENCE_S))
            if message["type"] == "heard":
                times.append(time.monotonic())
                self._note("behind_s", message["behind_s"])
                self._windows += message["window"] is not None
            elif message["type"] in {"done", "error"}:
                for before, after in pairwise(times[1:]):
                    self._note("gaps_s", after - before)
                return message


_TIMES: Final = ("first_s", "heard_s", "gaps_s", "behind_s", "done_s")


def _form(data: bytes) -> bytes:
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="clip"\r\n\r\n'
    return head.encode() + data + f"\r\n--{_BOUNDARY}--\r\n".encode()


async def _post(port: int, body: bytes) -> tuple[int, float]:
    """Upload and return the status, and after how many seconds to come again."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(
            f"POST /api/v1/listen HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
            f"Content-Type: multipart/form-data; boundary={_BOUNDARY}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        await writer.drain()
        head, _, _ = (await asyncio.wait_for(reader.read(), _PATIENCE_S)).partition(b"\r\n\r\n")
    finally:
        writer.close()
    lines = head.decode("latin-1").split("\r\n")
    after = [line.partition(":")[2] for line in lines if line.lower().startswith("retry-after:")]
    return int(lines[0].split()[1]), float(after[0]) if after else 1.0
