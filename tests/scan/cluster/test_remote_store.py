"""Clips and results at an address: what is there is whole, and what was asked for."""

import hashlib
import json
import uuid

import pytest

fsspec = pytest.importorskip("fsspec", reason="the extra ray is not installed")

from tests.support.media_server import MediaServer  # noqa: E402
from voxemo_scan.errors import MissingError, SourceError, UsageError  # noqa: E402
from voxemo_scan.scan.cluster.remote_store import RemoteStore, clip_name  # noqa: E402
from voxemo_scan.scan.result import SceneResult  # noqa: E402
from voxemo_scan.scan.result_text import to_text  # noqa: E402

RESULT = SceneResult("a", "A <b>", "a.wav", "ok", duration_s=0.1 + 0.2, shares={"angry": 1 / 3})
KEY = "0" * 64


@pytest.fixture(params=["memory", "folder", "file"])
def url(request, tmp_path):
    return {
        "memory": f"memory://{uuid.uuid4().hex}",
        "folder": str(tmp_path / "a folder"),
        "file": f"file://{tmp_path}/there",
    }[request.param]


@pytest.fixture
def clip(tmp_path):
    """A clip larger than a piece, and its name."""
    path = tmp_path / "Clip.OGG"
    path.write_bytes(bytes(range(256)) * 20_000)
    return path, clip_name(path, sha256=hashlib.sha256(path.read_bytes()).hexdigest())


def there(store, name):
    return store._files.cat_file(f"{store._root}/{name}")


def test_a_clip_comes_back_as_it_was(url, clip, tmp_path):
    path, name = clip
    assert RemoteStore(url).put_clip(path, name=name)
    RemoteStore(url).get_clip(name, to=tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == path.read_bytes()
    assert name.endswith(".ogg")


def test_a_clip_that_is_there_is_not_written_again_and_a_part_of_one_is(url, clip):
    path, name = clip
    store = RemoteStore(url)
    store.put_clip(path, name=name)
    place = f"{store._root}/clips/{name}"
    same_size = b"x" * path.stat().st_size
    store._files.pipe_file(place, same_size)
    store.put_clip(path, name=name)
    assert there(store, f"clips/{name}") == same_size
    store._files.pipe_file(place, b"part")
    store.put_clip(path, name=name)
    assert there(store, f"clips/{name}") == path.read_bytes()
    assert [each.rpartition("/")[2] for each in store._files.ls(f"{store._root}/clips", False)] == [
        name
    ]


def test_a_clip_that_is_not_what_its_name_says_is_refused(url, clip, tmp_path):
    path, name = clip
    store = RemoteStore(url)
    store.put_clip(path, name=name)
    store._files.pipe_file(f"{store._root}/clips/{name}", b"x" * path.stat().st_size)
    with pytest.raises(SourceError, match="damaged"):
        store.get_clip(name, to=tmp_path / "back")
    with pytest.raises(SourceError, match="could not be read"):
        store.get_clip("1" * 64, to=tmp_path / "back")


def test_a_result_comes_back_to_the_last_digit(url):
    assert RemoteStore(url).result(KEY) is None
    assert RemoteStore(url).put_result(KEY, to_text(RESULT))
    assert RemoteStore(url).result(KEY) == RESULT


@pytest.mark.parametrize("harm", ["cut", "bit", "empty", "other"])
def test_a_damaged_result_is_as_none(url, harm):
    store = RemoteStore(url)
    store.put_result(KEY, to_text(RESULT))
    body = there(store, f"results/{KEY}.json")
    harmed = {
        "cut": body[:-9],
        "bit": body.replace(b"0.3333", b"0.4333"),
        "empty": b"",
        "other": json.dumps({"sha256": "0", "result": 1}).encode(),
    }[harm]
    assert harmed != body
    store._files.pipe_file(f"{store._root}/results/{KEY}.json", harmed)
    assert store.result(KEY) is None


def test_a_folder_that_cannot_be_written_is_said(tmp_path, clip):
    (tmp_path / "file").touch()
    store = RemoteStore(str(tmp_path / "file" / "below"))
    with pytest.raises(SourceError, match="could not be written"):
        store.put_clip(clip[0], name=clip[1])
    assert not store.put_result(KEY, "{}")


def test_an_address_that_nobody_reads_is_refused():
    with pytest.raises(UsageError, match="nonsense"):
        RemoteStore("nonsense://bucket")


def test_a_package_that_is_missing_is_named(monkeypatch):
    from fsspec.registry import known_implementations

    monkeypatch.setitem(known_implementations, "gs", {"class": "no_such.X"})
    with pytest.raises(MissingError) as caught:
        RemoteStore("gs://bucket/there")
    assert "pip install gcsfs" in caught.value.remedy


def test_a_relative_folder_is_the_same_from_everywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert RemoteStore("there").url == str(tmp_path / "there")


@pytest.mark.parametrize("suffix", ["", ".tar.gz/..", ".mp4?x=1", ".verylongsuffix", ".a b"])
def test_a_strange_ending_becomes_no_path(tmp_path, suffix):
    assert set(clip_name(tmp_path / f"clip{suffix}", sha256="a" * 64)[64:]) <= set(".gz")


def test_http_is_read_and_never_written(clip, tmp_path):
    pytest.importorskip("aiohttp", reason="fsspec reads http with aiohttp")
    path, name = clip
    with MediaServer() as server:
        base = server.add_file(f"/clips/{name}", path).rpartition("/clips/")[0]
        store = RemoteStore(base)
        assert store.put_clip(path, name=name)
        store.get_clip(name, to=tmp_path / "back")
        assert not store.put_clip(path, name=clip_name(path, sha256="1" * 64))
        assert not store.put_result(KEY, "{}")
        assert store.result(KEY) is None
    assert (tmp_path / "back").read_bytes() == path.read_bytes()
