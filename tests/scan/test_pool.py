"""Worker processes: the same results as without, whatever becomes of them."""

import os
import signal
import subprocess
import sys
import time
from functools import partial

import pytest

from tests.scan.test_executors import OPTIONS, run_with
from tests.support.loaders import Listener
from voxemo_scan.scan.cores import usable_cores
from voxemo_scan.scan.executors import LocalExecutor
from voxemo_scan.scan.pool import PoolExecutor

STARTS_S = {"a": 0.0, "b": 0.5, "c": 1.0, "d": 1.5}


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def said(log, what):
    return [int(line.split()[0]) for line in log.read_text().splitlines() if what in line]


@pytest.fixture(scope="module")
def alone(spoken, tmp_path_factory):
    """What one process finds."""
    executor = LocalExecutor(Listener, options=OPTIONS)
    return run_with(executor, tmp_path_factory.mktemp("alone"), spoken[0], starts_s=STARTS_S)


@pytest.mark.parametrize("jobs", [1, 4])
def test_any_number_of_workers_finds_the_same_and_each_loads_once(tmp_path, spoken, alone, jobs):
    log = tmp_path / "log"
    pool = PoolExecutor(partial(Listener, log=log, pause_s=0.2), options=OPTIONS, jobs=jobs)
    assert run_with(pool, tmp_path, spoken[0], starts_s=STARTS_S) == alone
    assert {result.status for result in alone} == {"ok"}
    loaded = said(log, "loaded")
    assert len(loaded) == len(set(loaded)) <= jobs
    threads = max(1, usable_cores() // jobs)
    assert len(said(log, "judges")) == len(said(log, f"judges by {threads} threads")) == 4
    assert not any(alive(pid) for pid in loaded)


def test_a_worker_that_dies_in_a_scene_is_replaced_and_nothing_is_lost(tmp_path, spoken, alone):
    fatal, log = tmp_path / "fatal", tmp_path / "log"
    fatal.touch()
    load = partial(Listener, fatal_once=fatal, log=log)
    pool = PoolExecutor(load, options=OPTIONS, jobs=1)
    assert run_with(pool, tmp_path, spoken[0], starts_s=STARTS_S) == alone
    assert len(said(log, "loaded")) == 2


def test_an_error_ends_the_workers_at_once(tmp_path, spoken):
    log = tmp_path / "log"
    pool = PoolExecutor(partial(Listener, log=log, pause_s=600), options=OPTIONS, jobs=1)
    with pytest.raises(KeyboardInterrupt):
        run_interrupted(pool, tmp_path, spoken[0], log)
    assert time.monotonic() - run_interrupted.at < 2
    assert not any(alive(pid) for pid in said(log, "loaded"))


def run_interrupted(pool, folder, clip, log):
    """Run, and be interrupted in the midst of the first scene."""

    def submit(task, *, progress):
        future = PoolExecutor.submit(pool, task, progress=progress)
        if task.id == "b":
            while not (log.exists() and said(log, "judges")):
                time.sleep(0.05)
            run_interrupted.at = time.monotonic()
            raise KeyboardInterrupt
        return future

    pool.submit = submit
    run_with(pool, folder, clip)


SCRIPT = """
import sys
from functools import partial
from pathlib import Path
from tests.scan.test_executors import OPTIONS, run_with
from tests.support.loaders import Listener
from voxemo_scan.scan.pool import PoolExecutor

if __name__ == "__main__":
    log, clip, folder = map(Path, sys.argv[1:])
    load = partial(Listener, log=log, pause_s=600)
    run_with(PoolExecutor(load, options=OPTIONS, jobs=2), folder, clip)
"""


@pytest.mark.parametrize("whom", ["all", "parent"])
def test_ctrl_c_ends_all_within_two_seconds_and_workers_say_nothing(tmp_path, spoken, whom):
    script, log = tmp_path / "script.py", tmp_path / "log"
    script.write_text(SCRIPT)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([os.getcwd(), *sys.path])}  # noqa: PTH109
    with subprocess.Popen(
        [sys.executable, script, log, spoken[0], tmp_path],
        stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True,
    ) as process:  # fmt: skip
        while not (log.exists() and len(said(log, "judges")) == 2):
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.05)
        asked = time.monotonic()
        if whom == "all":  # as a terminal does
            os.killpg(process.pid, signal.SIGINT)
        else:
            process.send_signal(signal.SIGINT)
        told = process.communicate()[1]
        assert time.monotonic() - asked < 2
    assert told.count("Traceback") == 1  # the script's own KeyboardInterrupt
    assert "Listener" not in told
    assert not any(alive(pid) for pid in said(log, "loaded"))


def test_workers_of_a_parent_that_was_killed_end_by_themselves(tmp_path, spoken):
    script, log = tmp_path / "script.py", tmp_path / "log"
    script.write_text(SCRIPT.replace("600", "1"))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([os.getcwd(), *sys.path])}  # noqa: PTH109
    with subprocess.Popen(
        [sys.executable, script, log, spoken[0], tmp_path], env=environment,
        stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        while not (log.exists() and said(log, "judges")):
            time.sleep(0.05)
        process.kill()
    deadline = time.monotonic() + 30
    while any(alive(pid) for pid in said(log, "loaded")):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_containers_share_of_the_processors_is_kept_to(tmp_path):
    quota = tmp_path / "cpu.max"
    bound = usable_cores(quota=quota)
    assert bound == len(os.sched_getaffinity(0))
    for text, expected in (("max 100000", bound), ("50000 100000", 1), ("9999999 1000", bound)):
        quota.write_text(text + "\n")
        assert usable_cores(quota=quota) == expected
