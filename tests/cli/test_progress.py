from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from voxemo_scan.cli.progress import open_progress

TASK = """
from voxemo_scan.cli.progress import open_progress
with open_progress(quiet=False) as progress:
    progress.start(2)
    progress.stage("one", "fetching", done=25, total=100)
    progress.stage("one", "hearing")
    progress.note("a retry [bold]")
    progress.scene_done("one", "47 % angry")
    progress.scene_done("two", "failed")
print("data")
"""


def in_terminal(code: str) -> tuple[str, str]:
    """Run ``code`` with a terminal for stderr; return stdout and what the terminal got."""
    ours, theirs = pty.openpty()
    env = os.environ | {"TERM": "xterm", "COLUMNS": "80"}
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=theirs, env=env, text=True
    )
    os.close(theirs)
    drawn = b""
    while block := _read(ours):
        drawn += block
    os.close(ours)
    return process.communicate()[0], drawn.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other end is closed
        return b""


def test_bars_on_a_terminal_and_data_on_stdout() -> None:
    out, drawn = in_terminal(TASK)
    assert out == "data\n"
    assert "scenes" in drawn
    assert "2/2" in drawn
    assert "a retry [bold]" in drawn
    assert "one: 47 % angry" in drawn
    assert drawn.rstrip().endswith("\x1b[2K") or "\x1b[?25h" in drawn  # the cursor is back


def test_plain_lines_when_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with open_progress(quiet=False) as progress:
        progress.start(2)
        progress.stage("one", "fetching", done=1, total=2)
        progress.scene_done("one", "47 % angry")
        progress.note("[bold] :warning:")
    assert capsys.readouterr() == ("", "[1/2] one: 47 % angry\n[bold] :warning:\n")


def test_a_stage_that_takes_long_is_told_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voxemo_scan.cli.progress._LINE_EVERY_S", 0.0)
    with open_progress(quiet=False) as progress:
        progress.stage("one", "fetching", done=1, total=4)
        progress.stage("one", "hearing")
    assert capsys.readouterr().err == "one: fetching 25 %\none: hearing\n"


def test_quiet_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    with open_progress(quiet=True) as progress:
        progress.start(1)
        progress.stage("one", "fetching", done=1, total=2)
        progress.note("a retry")
        progress.scene_done("one", "47 % angry")
    assert capsys.readouterr() == ("", "")
