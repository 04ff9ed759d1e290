"""Workers: what one job does to its worker is of no concern to the next."""

import os
import signal
import sys
import threading
import time

import pytest

from tests.support.jobs import Die, Fail, Fill, Hog, Say, no_model
from tests.support.loop import run_async
from voxemo_scan.errors import AudioError, VoxemoError
from voxemo_scan.web.answers import Refusal
from voxemo_scan.web.crew.crew import Crew, CrewSettings
from voxemo_scan.web.crew.worker import WorkerSettings
from voxemo_scan.web.metrics import Metrics

MB = 2**20


@pytest.fixture(scope="module")
def crew():
    settings = WorkerSettings(load=no_model, memory_bytes=256 * MB)
    found = Crew(CrewSettings("test", settings, workers=1, queue=2, job_s=2.0), Metrics())
    yield found
    found.stop()


def do(crew, job):
    return run_async(lambda: crew.do(job))


def test_a_job_is_done_in_another_process_that_stays(crew):
    word, pid = do(crew, Say("yes"))
    assert word == "yes"
    assert crew.pids == [pid]
    assert do(crew, Say("again")) == ("again", pid)


def test_an_error_travels_and_costs_no_worker(crew):
    _, pid = do(crew, Say("before"))
    with pytest.raises(AudioError, match="no sound"):
        do(crew, Fail())
    assert do(crew, Say("after")) == ("after", pid)


def test_a_worker_that_is_killed_costs_the_job_nothing(crew, tmp_path):
    assert do(crew, Die(once=str(tmp_path / "died"))) == "alive"


def test_a_job_that_kills_its_workers_is_given_up_and_the_next_is_done(crew):
    with pytest.raises(VoxemoError, match="was killed by signal 9, 2 times"):
        do(crew, Die())
    assert do(crew, Say("next"))[0] == "next"


def test_a_job_that_takes_too_long_is_ended(crew):
    began = time.monotonic()
    with pytest.raises(VoxemoError, match="took longer than 2 s"):
        do(crew, Say("late", after_s=60))
    assert time.monotonic() - began < 10
    assert do(crew, Say("next"))[0] == "next"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says how much is taken")
def test_a_job_gets_no_more_memory_than_it_may_and_its_worker_lives(crew):
    _, pid = do(crew, Say("before"))
    assert do(crew, Hog(64 * MB)) == 64 * MB
    with pytest.raises(VoxemoError, match="more memory than it may"):
        do(crew, Hog(512 * MB))
    assert do(crew, Say("after")) == ("after", pid)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
def test_a_job_fills_no_disk(crew, tmp_path):
    with pytest.raises(VoxemoError):
        do(crew, Fill(str(tmp_path / "large"), 300 * MB))
    assert (tmp_path / "large").stat().st_size <= 256 * MB
    assert do(crew, Say("next"))[0] == "next"


def test_a_worker_killed_from_outside_in_the_midst_of_a_job_is_replaced(crew):
    _, pid = do(crew, Say("before"))
    threading.Timer(0.3, os.kill, (pid, signal.SIGKILL)).start()
    word, other = do(crew, Say("done all the same", after_s=0.8))
    assert (word, other != pid) == ("done all the same", True)


def test_no_more_are_let_in_than_there_are_places(crew):
    with crew.place(), crew.place():
        with pytest.raises(Refusal) as refused:
            crew.place().__enter__()
        assert refused.value.status == 429
        assert int(refused.value.headers["Retry-After"]) >= 1
    with crew.place():
        assert crew.inside == 1
