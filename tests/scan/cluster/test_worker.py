"""A worker by itself: where it finds clips, and what it tells."""

import hashlib
import os
import shutil
import tempfile
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("fsspec", reason="the extra ray is not installed")

from tests.support import loaders
from voxemo_scan import __version__
from voxemo_scan.errors import AudioError, MissingError, VoxemoError
from voxemo_scan.scan.cluster.remote_store import RemoteStore, clip_name
from voxemo_scan.scan.cluster.wire import (
    outcome_of,
    packed,
    pieces,
    told_error,
    unpacked,
)
from voxemo_scan.scan.cluster.worker import Worker
from voxemo_scan.scan.executors import LocalExecutor
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.scan.result_text import to_text

KEY = "0" * 64
FAR = Path("/nowhere/on/this/machine/clip.wav")


@pytest.fixture
def url():
    return f"memory://{uuid.uuid4().hex}"


@pytest.fixture
def make_worker():
    def make(url=None, load=loaders.Listener):
        return Worker(load, ScanOptions(), threads=1, remote_store=url)

    return make


@pytest.fixture
def far(make_task, spoken):
    """A task whose clip is where only the driver sees it."""
    return replace(make_task(spoken[0], film="f", end_s=4.5), path=FAR)


@pytest.fixture
def near(far, spoken):
    return replace(far, path=spoken[0])


def name_of(task):
    return clip_name(task.path, sha256=task.sha256)


def found_here(task):
    local = LocalExecutor(loaders.Listener, options=ScanOptions(), threads=1)
    return local.submit(task, progress=lambda *_: None).result()


def test_a_clip_comes_from_the_remote_store_and_the_result_goes_there(
    make_worker, url, far, near, spoken
):
    remote = RemoteStore(url)
    remote.put_clip(spoken[0], name=name_of(far))
    worker = make_worker(url)
    assert not worker.has(packed(far), name_of(far))
    assert worker.analyse(packed(far), name_of(far), KEY) == {"stored": True}
    assert to_text(remote.result(KEY)) == to_text(found_here(near))
    assert worker.stage()[0] in {"finding speech", "listening"}
    assert worker.has(packed(far), name_of(far))


def test_a_clip_comes_in_pieces_and_the_result_goes_by_itself(make_worker, far, near, spoken):
    worker, name = make_worker(), name_of(far)
    offset = 0
    for piece in (spoken[0].read_bytes()[:1000], spoken[0].read_bytes()[1000:]):
        worker.receive(name, offset, piece)
        assert not worker.has(packed(far), name)
        offset += len(piece)
    worker.received(name)
    assert worker.has(packed(far), name)
    told = worker.analyse(packed(far), name, None)
    assert outcome_of(told, task=far) == found_here(near)


def test_a_clip_is_read_where_the_driver_has_it_if_that_is_seen(make_worker, near):
    worker = make_worker()
    assert worker.has(packed(near), name_of(near))
    assert outcome_of(worker.analyse(packed(near), name_of(near), None), task=near).status == "ok"


def test_another_file_at_the_drivers_path_is_not_taken_for_the_clip(make_worker, near, tmp_path):
    other = tmp_path / "other.wav"
    other.write_bytes(near.path.read_bytes()[:-2])
    assert not make_worker().has(packed(replace(near, path=other)), "x")
    os.mkfifo(tmp_path / "pipe")
    assert not make_worker().has(packed(replace(near, path=tmp_path / "pipe")), "x")


def test_one_clip_is_kept_at_a_time(make_worker, url, far, spoken, tmp_path):
    worker = make_worker(url)
    longer = tmp_path / "longer.wav"
    longer.write_bytes(spoken[0].read_bytes() + b"\0\0")
    second = replace(far, sha256=hashlib.sha256(longer.read_bytes()).hexdigest())
    for task, path in ((far, spoken[0]), (second, longer)):
        RemoteStore(url).put_clip(path, name=name_of(task))
        worker.analyse(packed(task), name_of(task), KEY)
    assert [p.name for p in Path(worker._folder.name).iterdir()] == [name_of(second)]


def test_a_failure_names_the_clip_as_the_driver_knows_it(make_worker, url, far, near, tmp_path):
    text = tmp_path / "text.wav"
    text.write_text("no sound at all\n" * 50)
    RemoteStore(url).put_clip(text, name=name_of(far))
    sha256 = hashlib.sha256(text.read_bytes()).hexdigest()
    task = replace(far, sha256=sha256)
    RemoteStore(url).put_clip(text, name=name_of(task))
    found = outcome_of(make_worker(url).analyse(packed(task), name_of(task), KEY), task=task)
    here = found_here(replace(task, path=text))
    assert isinstance(here, AudioError)
    assert str(found) == str(here).replace(str(text), str(FAR))
    assert RemoteStore(url).result(KEY) is None


def test_a_clip_that_is_nowhere_is_said(make_worker, url, far):
    for worker in (make_worker(), make_worker(url)):
        found = outcome_of(worker.analyse(packed(far), name_of(far), KEY), task=far)
        assert isinstance(found, VoxemoError)
        assert found.remedy


def test_a_model_that_is_missing_is_for_all_to_know(make_worker, near):
    told = make_worker(load=loaders.missing).analyse(packed(near), name_of(near), None)
    with pytest.raises(MissingError, match="no model here") as caught:
        outcome_of(told, task=near)
    assert caught.value.remedy == "get one"


def test_it_says_who_it_is(make_worker):
    assert make_worker().hello() == {"version": __version__, "node": os.uname().nodename}


def test_folders_of_workers_that_were_killed_are_swept(make_worker):
    names = ("voxemo-scan-worker-999999999-x", "voxemo-scan-worker-999999998-x")
    left, lately = (Path(tempfile.gettempdir()) / name for name in names)
    for folder in (left, lately):
        folder.mkdir(exist_ok=True)
        (folder / "clip").touch()
    os.utime(left, (1e9, 1e9))
    first, second = make_worker(), make_worker()
    assert not left.exists()
    assert lately.exists()
    shutil.rmtree(lately)
    assert Path(first._folder.name).is_dir()
    assert Path(second._folder.name).is_dir()


def test_a_task_travels_as_plain_values(far):
    values = packed(far)
    assert {type(value) for value in values.values()} <= {str, float, type(None)}
    assert unpacked(values) == far


def test_pieces_make_the_file_and_a_file_that_is_gone_is_said(tmp_path):
    path = tmp_path / "clip"
    path.write_bytes(b"ab" * (5 << 20))
    assert b"".join(pieces(path)) == path.read_bytes()
    assert len(list(pieces(path))) == 2
    with pytest.raises(VoxemoError, match="cannot be read"):
        list(pieces(tmp_path / "gone"))


def test_an_error_travels_with_its_remedy(far):
    error = AudioError("/tmp/x is empty", remedy="copy /tmp/x again")
    found = outcome_of(told_error(error, task=far, read_from=Path("/tmp/x")), task=far)
    assert (found.message, found.remedy) == (f"{FAR} is empty", f"copy {FAR} again")
