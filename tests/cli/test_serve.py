"""``serve`` as a user starts it: where it listens, what it asks for, how it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the extra `web` is not installed")

ROOT = Path(__file__).parents[2]


@contextmanager
def started(*options, folder):
    command = [sys.executable, "-m", "voxemo_scan", "serve", "--model", "classic", *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "VOXEMO_CACHE": str(folder / "cache")}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def status_of(address, **headers):
    try:
        request = urllib.request.Request(address, headers=headers)
        return urllib.request.urlopen(request, timeout=60).status
    except urllib.error.HTTPError as error:
        return error.code


def test_elsewhere_it_makes_a_token_prints_it_and_asks_for_it_and_ends_on_ctrl_c(tmp_path):
    with started("--host", "0.0.0.0", "--port", "0", folder=tmp_path) as process:
        token = process.stderr.readline().strip().removeprefix("token: ")
        port = re.search(r":(\d+)/", process.stderr.readline())[1]
        assert len(token) >= 24
        info = f"http://127.0.0.1:{port}/api/v1/info"
        assert status_of(info) == 401
        assert status_of(info, Authorization=f"Bearer {token}") == 200
        assert status_of(info, Authorization=f"Bearer {token}", Host="evil.example") == 403
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
        assert process.wait(60) == 130
        assert "Traceback" not in said


def test_at_home_it_asks_for_none_and_listens_to_this_machine_alone(tmp_path):
    with started("--port", "0", folder=tmp_path) as process:
        line = process.stderr.readline()
        port = int(re.search(r"http://127\.0\.0\.1:(\d+)/", line)[1])
        assert status_of(f"http://127.0.0.1:{port}/api/v1/info") == 200
        own = socket.gethostbyname(socket.gethostname())
        if not own.startswith("127."):
            with pytest.raises(OSError, match="refused"):
                socket.create_connection((own, port), timeout=5)
        process.terminate()


def test_a_token_file_that_holds_none_is_a_usage_error(run, tmp_path):
    for text in ("short", "two words of a long enough length", ""):
        (tmp_path / "token").write_text(text)
        code, _, said = run("serve", "--token-file", str(tmp_path / "token"))
        assert code == 2
        assert "holds no token" in said
    assert run("serve", "--token-file", str(tmp_path / "none"))[0] == 2


def test_a_port_that_is_taken_is_a_usage_error(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, _, said = run("serve", "--port", str(taken.getsockname()[1]))
        assert code == 2
        assert "--port" in said


def test_a_folder_of_clips_that_is_none_and_an_unknown_model_are_usage_errors(run, tmp_path):
    assert run("serve", "--port", "0", "--clips", str(tmp_path / "none"))[0] == 2
    assert run("serve", "--port", "0", "--model", "oracle")[0] == 2
