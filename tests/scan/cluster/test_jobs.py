"""Jobs that wait: each ends once, whatever becomes of the queue."""

import threading
import time

import pytest

from voxemo_scan.errors import MissingError, VoxemoError
from voxemo_scan.scan.cluster.jobs import Job, Jobs


def job():
    return Job(task=None, progress=None, name="n", key="k")


def test_jobs_come_in_order():
    jobs, made = Jobs(), [job() for _ in range(3)]
    for each in made:
        jobs.put(each)
    assert [jobs.take() for _ in made] == made


def test_closing_wakes_all_who_wait_and_refuses_what_is_left():
    jobs, told = Jobs(), []
    waiting = [threading.Thread(target=lambda: told.append(jobs.take())) for _ in range(4)]
    for thread in waiting:
        thread.start()
    time.sleep(0.05)
    jobs.close()
    for thread in waiting:
        thread.join(5)
    assert told == [None] * 4
    late = job()
    jobs.put(late)
    with pytest.raises(VoxemoError, match="stopped"):
        late.future.result(0)
    assert jobs.take() is None


def test_the_reason_for_closing_is_raised_by_each_job():
    jobs, made = Jobs(), [job() for _ in range(3)]
    for each in made:
        jobs.put(each)
    jobs.close(MissingError("no room"))
    jobs.close()
    jobs.close(MissingError("later"))
    for each in made:
        with pytest.raises(MissingError, match="no room"):
            each.future.result(0)


def test_only_the_first_end_counts():
    one = job()
    one.end("found")
    one.refuse(VoxemoError("late"))
    one.end("later")
    assert one.future.result(0) == "found"
