"""Live listening over a real WebSocket: what is heard, and what stops it."""

import asyncio
import json
import time
from contextlib import suppress

import numpy as np
import pytest
import websockets
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.support.loop import run_async
from tests.support.voice import SAMPLING_RATE, say
from tests.web.conftest import SMALL

LINE = "This is the first thing that I wanted to tell you about the house by the sea."
RATE = 16_000
PATIENT = {"proxy": None, "open_timeout": 60, "ping_interval": None}


def session(running, talk, **options):
    """Open the WebSocket and return what ``talk`` returns."""

    async def opened():
        address = f"ws://{running.netloc}/api/v1/live"
        async with websockets.connect(address, **PATIENT, **options) as socket:
            return await talk(socket)

    return run_async(opened)


async def heard(socket):
    """Return all that is told until the other side closes, and the closing code."""
    told = []
    try:
        async with asyncio.timeout(200):
            while True:
                told.append(json.loads(await socket.recv()))
    except ConnectionClosed:
        return told, socket.close_code


def start(rate=RATE):
    return json.dumps({"type": "start", "sampling_rate": rate})


async def speak(socket, signal, *, rate):
    """Send ``signal`` as fast as it was said."""
    await socket.send(start(rate))
    step = rate // 10
    due = time.monotonic()
    for first in range(0, len(signal), step):
        await socket.send(np.asarray(signal[first : first + step], dtype="<f4").tobytes())
        due += 0.1
        await asyncio.sleep(max(0.0, due - time.monotonic()))
    await socket.send(json.dumps({"type": "stop"}))


def test_speech_is_heard_while_it_goes_on_and_whole_at_the_end(served):
    pause = np.zeros(SAMPLING_RATE // 2)
    signal = np.concatenate([pause, say(LINE), pause])

    async def talk(socket):
        speaking = asyncio.create_task(speak(socket, signal, rate=SAMPLING_RATE))
        found = await heard(socket)
        await speaking
        return found

    told, code = session(served, talk)
    assert code == 1000
    assert told[0] == {"type": "ready"}
    steps, done = told[1:-1], told[-1]
    assert done["type"] == "done"
    assert {step["type"] for step in steps} == {"heard"}
    times = [step["at_s"] for step in steps]
    assert times == sorted(times)
    assert len(steps) >= 3
    assert any(step["speech"] for step in steps)
    assert all(-90 <= step["level_db"] <= 0 for step in steps)
    windows = [step["window"] for step in steps if step["window"]]
    for window in windows:
        assert 0 <= window["start_s"] < window["end_s"] <= times[-1] + 0.1
        assert sum(window["probabilities"].values()) == pytest.approx(1.0, abs=0.01)
    for step in steps:
        assert step["shares"] is None or sum(step["shares"].values()) == pytest.approx(1, abs=0.01)
    scene = done["scene"]
    assert scene["status"] == "ok"
    assert scene["duration_s"] == pytest.approx(len(signal) / SAMPLING_RATE, abs=0.01)
    assert sum(scene["shares"].values()) == pytest.approx(1.0, abs=1e-6)
    assert [p for p in served.desk.folder.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize(
    "first",
    ["not json", "[]", '{"type": "start"}', '{"type": "start", "sampling_rate": 10}',
     '{"type": "start", "sampling_rate": "48000"}', '{"type": "start", "sampling_rate": true}',
     '{"type": "stop"}', b"\x00" * 8, "[" * 900],
)  # fmt: skip
def test_a_first_message_that_is_no_start_ends_it(served, first):
    async def talk(socket):
        await socket.send(first)
        return await heard(socket)

    told, code = session(served, talk)
    assert [message["type"] for message in told] == ["error"]
    assert told[0]["remedy"]
    assert code == 1003


def test_who_floods_is_closed(served):
    async def talk(socket):
        await socket.send(start(48_000))
        block = np.zeros(48_000, dtype="<f4").tobytes()
        with suppress(ConnectionClosed):  # all may be on its way before the refusal is here
            for _ in range(400):
                await socket.send(block)
        await socket.wait_closed()
        return socket.close_code

    assert session(served, talk) == 1008


def test_a_message_that_is_too_large_is_closed(served):
    async def talk(socket):
        await socket.send(start())
        with suppress(ConnectionClosed):  # it may be closed before all of it is sent
            await socket.send(bytes(2 * 2**20))
        return await heard(socket)

    assert session(served, talk)[1] == 1009


def test_sound_that_is_cut_off_or_no_numbers_does_no_harm(served):
    async def cut_off(socket):
        await socket.send(start())
        await socket.send(b"\x00" * 7)
        return await heard(socket)

    async def no_numbers(socket):
        await socket.send(start())
        await socket.send(np.full(RATE, np.nan, dtype="<f4").tobytes())
        await socket.send(np.full(RATE, np.inf, dtype="<f4").tobytes())
        await socket.send(json.dumps({"type": "stop"}))
        return await heard(socket)

    assert session(served, cut_off)[1] == 1003
    told, code = session(served, no_numbers)
    assert (told[-1]["type"], code) == ("done", 1000)
    assert told[-1]["scene"]["duration_s"] == pytest.approx(2.0)


def test_who_says_nothing_is_left(small, mine):
    async def talk(socket):
        await socket.send(start())
        return await heard(socket)

    told, code = session(small, talk, additional_headers=mine)
    assert told[-1]["type"] == "error"
    assert "no sound for 1 s" in told[-1]["message"]
    assert code == 1001


def test_nobody_is_listened_to_for_longer_than_is_said(small, mine):
    signal = np.zeros(round((SMALL.live_s + 2) * RATE))

    async def talk(socket):
        speaking = asyncio.create_task(speak(socket, signal, rate=RATE))
        found = await heard(socket)
        speaking.cancel()
        return found

    told, code = session(small, talk, additional_headers=mine)
    assert (told[-1]["type"], code) == ("done", 1000)
    assert told[-1]["scene"]["duration_s"] == pytest.approx(SMALL.live_s, abs=0.1)


def test_only_so_many_are_listened_to_at_once(small, mine):
    async def talk(first):
        await first.send(start())
        address = f"ws://{small.netloc}/api/v1/live"
        options = {**PATIENT, "additional_headers": mine}
        async with websockets.connect(address, **options) as second:
            await second.send(start())
            assert json.loads(await first.recv()) == {"type": "ready"}
            assert json.loads(await second.recv()) == {"type": "ready"}
            async with websockets.connect(address, **options) as third:
                return await heard(third)

    told, code = session(small, talk, additional_headers=mine)
    assert (told[0]["type"], code) == ("error", 1013)


def test_another_sites_page_and_one_without_the_token_cannot_listen(served, small, mine):
    async def talk(socket):
        return await socket.recv()

    with pytest.raises(InvalidStatus) as foreign:
        session(served, talk, origin="http://evil.example")
    assert foreign.value.response.status_code == 403
    with pytest.raises(InvalidStatus) as locked:
        session(small, talk)
    assert locked.value.response.status_code == 401
    with pytest.raises(InvalidStatus):
        session(small, talk, additional_headers=mine, origin="null")


def test_one_who_vanishes_leaves_nothing_behind(served):
    async def talk(socket):
        await socket.send(start())
        await socket.send(np.zeros(RATE, dtype="<f4").tobytes())
        await socket.recv()
        socket.transport.abort()

    session(served, talk)
    until = time.monotonic() + 20
    while served.desk.live_crew.inside and time.monotonic() < until:
        time.sleep(0.05)
    assert served.desk.live_crew.inside == 0
    assert [p for p in served.desk.folder.rglob("*") if p.is_file()] == []
