"""What a process has freed goes back to the system, and a scene's length costs next to nothing."""

import os
import subprocess
import sys

import pytest

from voxemo_scan.scan.memory import give_back

pytestmark = pytest.mark.skipif(
    not os.path.exists("/proc/self/status"),  # noqa: PTH110
    reason="memory is read from /proc",
)


def resident_mb():
    with open("/proc/self/status") as file:  # noqa: PTH123
        (kb,) = [line.split()[1] for line in file if line.startswith("VmRSS")]
    return int(kb) / 1000


def test_memory_that_is_free_in_between_is_given_back():
    give_back()  # what tests before this one left
    before = resident_mb()
    pieces = [bytearray(100_000) for _ in range(2000)]  # too small for pages of their own
    for piece in pieces:
        piece[:] = b"x" * len(piece)
    pinned = pieces[::100]
    held = resident_mb()
    del pieces
    give_back()
    assert held - before > 150
    assert resident_mb() - before < 60
    assert len(pinned) == 20


SCAN = """
import resource, sys
from pathlib import Path
from tests.support.loaders import Listener
from voxemo_scan.scan.analyse import analyse
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.task import SceneTask

task = SceneTask(id="a", title="A", source="a", path=Path(sys.argv[1]), sha256="0")
found = analyse(task, ensemble=Listener(), options=ScanOptions())
print(found.duration_s, len(found.windows), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def scanned(path):
    """Return the seconds, windows and peak memory, MB, of a scan in a process of its own."""
    told = subprocess.run(
        [sys.executable, "-c", SCAN, path], check=True, capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(["", *sys.path])},
    ).stdout  # fmt: skip
    duration_s, windows, kilobytes = told.split()
    return float(duration_s), int(windows), int(kilobytes) / 1000


def test_half_an_hour_takes_hardly_more_memory_than_a_minute(spoken, tmp_path):
    from voxemo_scan.audio.decode import decode

    line = b"".join(block.tobytes() for block in decode(spoken[0]))
    seconds = len(line) / 2 / 16_000
    peaks = {}
    for wanted_s in (60, 1800):
        path = tmp_path / f"{wanted_s}.wav"
        write_long(path, line, times=round(wanted_s / seconds))
        duration_s, windows, peaks[wanted_s] = scanned(path)
        assert duration_s == pytest.approx(wanted_s, rel=0.1)
        assert windows > wanted_s / seconds
    # 58 MB of sound at 16 bits may be in memory; as floats it would be 115.
    assert peaks[1800] - peaks[60] < 90


def write_long(path, line, *, times):
    import wave

    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        for _ in range(times):
            file.writeframesraw(line)
