"""Downloads in processes of their own: killed in the middle, and two at once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.sources.conftest import MakeLibrary
from tests.support.media_server import MediaServer, Reply

FETCH = """
import json, sys
from pathlib import Path
from voxemo_scan.sources.library import ClipLibrary
clip = ClipLibrary(Path(sys.argv[1])).fetch(sys.argv[2], name="x")
print(json.dumps({"fetched": clip.fetched, "path": str(clip.path)}))
"""


def start_fetching(folder: Path, address: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", FETCH, str(folder), address],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for_part(folder: Path) -> Path:
    """Wait until a partial file has bytes in it, and return it."""
    for _ in range(400):
        parts = [part for part in folder.rglob("*.part") if part.stat().st_size]
        if parts:
            return parts[0]
        time.sleep(0.05)
    raise AssertionError("no partial file appeared")


def test_killed_in_the_middle_the_next_run_carries_on(
    server: MediaServer, body: bytes, make_library: MakeLibrary
) -> None:
    reply = {"kind": "audio/x-wav", "headers": {"ETag": '"v1"'}}
    hanging = Reply(body, hang_after=100_000, **reply)  # type: ignore[arg-type]
    whole = Reply(body, **reply)  # type: ignore[arg-type]
    address = server.add("/a.wav", whole, hanging, whole)
    library = make_library()
    process = start_fetching(library.folder, address)
    part = wait_for_part(library.folder)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    had = part.stat().st_size
    assert library.find(address) is None

    clip = library.fetch(address, name="x")
    assert clip.path.read_bytes() == body
    last = server.requests[-1].headers
    assert last["range"] == f"bytes={had}-"
    assert last["if-range"] == '"v1"'
    assert library.find(address, verify=True) is not None


def test_killed_in_the_middle_and_changed_since_it_starts_over(
    server: MediaServer, body: bytes, make_library: MakeLibrary
) -> None:
    old = {"kind": "audio/x-wav", "headers": {"ETag": '"v1"'}}
    new = Reply(body, kind="audio/x-wav", headers={"ETag": '"v2"'})
    before = Reply(body[::-1], **old)  # type: ignore[arg-type]
    hanging = Reply(body[::-1], hang_after=100_000, **old)  # type: ignore[arg-type]
    address = server.add("/a.wav", before, hanging, new)
    library = make_library()
    process = start_fetching(library.folder, address)
    wait_for_part(library.folder)
    process.kill()
    process.communicate()
    assert library.fetch(address, name="x").path.read_bytes() == body


def test_of_two_processes_one_downloads_and_the_other_finds(
    server: MediaServer, body: bytes, tmp_path: Path
) -> None:
    address = server.add("/a.wav", Reply(body, kind="audio/x-wav", pause_s=0.5))
    processes = [start_fetching(tmp_path / "scenes", address) for _ in range(2)]
    told = [json.loads(process.communicate(timeout=60)[0]) for process in processes]
    assert sorted(item["fetched"] for item in told) == [False, True]
    assert told[0]["path"] == told[1]["path"]
    assert Path(told[0]["path"]).read_bytes() == body
    assert len(server.requests) == 2  # a look at what it is, and the download


def test_two_threads_share_one_download(
    server: MediaServer, body: bytes, make_library: MakeLibrary
) -> None:
    address = server.add("/a.wav", Reply(body, kind="audio/x-wav", pause_s=0.3))
    library = make_library(socket_timeout_s=3)
    with ThreadPoolExecutor(2) as pool:
        clips = list(pool.map(lambda name: library.fetch(address, name=name), ("one", "two")))
    assert sorted(clip.fetched for clip in clips) == [False, True]
    assert len(server.requests) == 2
