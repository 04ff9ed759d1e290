"""Corpora come from their places whole and checked, or with a clear error."""

import hashlib
import io
import json
import time
import zipfile
from dataclasses import replace

import pytest
from filelock import FileLock

from tests.support.corpora import DEMOGRAPHICS
from tests.support.media_server import MediaServer, Reply
from voxemo_scan.errors import MissingError, SourceError, UsageError
from voxemo_scan.training.corpora.fetch import fetch_corpus
from voxemo_scan.training.corpora.homes import HOMES, Archive, Record
from voxemo_scan.training.corpora.known import CORPORA
from voxemo_scan.training.corpora.transfer import Patience, Remote

CLIP = "Actor_01/03-01-01-01-01-01-01.wav"
ONCE = Patience(tries=1, pause_s=0, timeout_s=5)


class Notes:
    """Progress that remembers what it was told."""

    def __init__(self):
        self.said, self.stages = [], []

    def note(self, message):
        self.said.append(message)

    def stage(self, scene_id, name, *, done=None, total=None):
        self.stages.append((done, total))


@pytest.fixture
def server():
    with MediaServer() as running:
        yield running


def zipped(files):
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return to.getvalue()


def md5(content):
    return "md5:" + hashlib.md5(content).hexdigest()


def sha256(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


ACTORS = zipped({CLIP: b"sound" * 20_000})


def zenodo(server, content=ACTORS, *, size=None, checksum=None):
    """Serve a record like Zenodo's and return the homes that point there."""
    file = {
        "key": "speech.zip",
        "size": len(content) if size is None else size,
        "checksum": checksum or md5(content),
        "links": {"self": f"{server.root}/speech.zip"},
    }
    listing = {"files": [file | {"key": "song.zip"}, file]}
    api = server.add("/api", Reply(json.dumps(listing).encode()))
    return {"RAVDESS": Record(api, "zenodo", ("speech.zip",))}


def emodb(server, files, **reply):
    url = server.add("/x.zip", Reply(zipped(files), **reply))
    return {"EmoDB": Archive(Remote(url, "x.zip"))}


def test_a_record_is_fetched_and_unpacked(server, tmp_path):
    homes, notes = zenodo(server), Notes()
    server.add("/speech.zip", Reply(ACTORS))
    found = fetch_corpus("ravdess", tmp_path, homes=homes, patience=ONCE, progress=notes)
    assert (found.folder, found.clips, found.new) == (tmp_path / "RAVDESS", 1, True)
    assert (found.folder / CLIP).read_bytes() == b"sound" * 20_000
    assert server.paths == ["/api", "/speech.zip"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["RAVDESS", "RAVDESS.sources.json"]
    assert notes.stages[-1] == (len(ACTORS), len(ACTORS))


def test_licence_size_and_home_are_told_before_the_download(server, tmp_path):
    homes, notes = zenodo(server, size=len(ACTORS)), Notes()
    with pytest.raises(SourceError, match="404"):
        fetch_corpus("RAVDESS", tmp_path, homes=homes, patience=ONCE, progress=notes)
    assert notes.said == [
        "RAVDESS: about 0 MB, CC BY-NC-SA 4.0, from https://zenodo.org/records/1188976"
    ]


def test_how_many_clips_are_missing_is_told(server, tmp_path):
    homes, notes = zenodo(server), Notes()
    server.add("/speech.zip", Reply(ACTORS))
    fetch_corpus("RAVDESS", tmp_path, homes=homes, patience=ONCE, progress=notes)
    assert notes.said[-1] == "RAVDESS: 1 clip came, 1,440 are published"


def test_a_corpus_that_is_there_is_not_fetched_again(server, tmp_path):
    homes = zenodo(server)
    server.add("/speech.zip", Reply(ACTORS))
    fetch_corpus("RAVDESS", tmp_path, homes=homes, patience=ONCE)
    again = fetch_corpus("RAVDESS", tmp_path, homes=homes, patience=ONCE)
    assert (again.clips, again.new) == (1, False)
    assert server.paths == ["/api", "/speech.zip"]


def test_where_files_came_from_is_kept_beside_them(server, tmp_path):
    homes = zenodo(server)
    server.add("/speech.zip", Reply(ACTORS))
    fetch_corpus("RAVDESS", tmp_path, homes=homes, patience=ONCE)
    kept = json.loads((tmp_path / "RAVDESS.sources.json").read_text())
    assert kept["licence"] == "CC BY-NC-SA 4.0"
    assert kept["files"] == [
        {
            "path": "speech.zip",
            "url": f"{server.root}/speech.zip",
            "bytes": len(ACTORS),
            "checksum": md5(ACTORS),
            "published": True,
        }
    ]


def test_a_wrong_checksum_is_refused_and_nothing_kept(server, tmp_path):
    homes = zenodo(server, checksum="md5:" + "0" * 32)
    server.add("/speech.zip", Reply(ACTORS))
    with pytest.raises(SourceError, match="its checksum is md5:") as caught:
        fetch_corpus("RAVDESS", tmp_path, homes=homes, patience=ONCE)
    assert md5(ACTORS) in caught.value.message
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "lock"]


def test_a_download_that_broke_off_goes_on_where_it_was(server, tmp_path):
    homes = zenodo(server)
    server.add("/speech.zip", Reply(ACTORS, cut_after=1000), Reply(ACTORS))
    with pytest.raises(SourceError, match=rf"1,000 of {len(ACTORS):,} bytes|Incomplete") as caught:
        fetch_corpus("RAVDESS", tmp_path, homes=homes, patience=ONCE)
    assert "goes on where it was" in caught.value.remedy
    assert not (tmp_path / "RAVDESS").exists()
    fetch_corpus("RAVDESS", tmp_path, homes=homes, patience=ONCE)
    asked = [each.headers.get("range") for each in server.asked("/speech.zip")]
    assert asked == [None, "bytes=1000-"]
    assert (tmp_path / "RAVDESS" / CLIP).read_bytes() == b"sound" * 20_000


def test_a_line_that_breaks_often_is_borne_with(server, tmp_path):
    homes = zenodo(server)
    server.add(
        "/speech.zip",
        Reply(ACTORS, cut_after=500),
        Reply(status=503),
        Reply(ACTORS, cut_after=700, reset=True),
        Reply(ACTORS),
    )
    patient = replace(ONCE, tries=4)
    fetch_corpus("RAVDESS", tmp_path, homes=homes, patience=patient)
    assert len(server.asked("/speech.zip")) == 4
    assert (tmp_path / "RAVDESS" / CLIP).is_file()


def test_a_busy_server_is_left_alone_as_long_as_it_asks(server, tmp_path):
    homes = zenodo(server)
    busy = Reply(status=429, headers={"Retry-After": "1"})
    server.add("/speech.zip", busy, Reply(ACTORS))
    started = time.monotonic()
    fetch_corpus("RAVDESS", tmp_path, homes=homes, patience=replace(ONCE, tries=2))
    assert 1.0 <= time.monotonic() - started < 10


def test_a_server_without_ranges_is_asked_for_all_of_it_again(server, tmp_path):
    homes, notes = zenodo(server), Notes()
    server.add("/speech.zip", Reply(ACTORS, cut_after=1000), Reply(ACTORS, ranges=False))
    patient = replace(ONCE, tries=2)
    fetch_corpus("RAVDESS", tmp_path, homes=homes, patience=patient, progress=notes)
    assert (tmp_path / "RAVDESS" / CLIP).read_bytes() == b"sound" * 20_000
    assert notes.stages[-1] == (len(ACTORS), len(ACTORS))


def test_a_part_of_another_version_is_dropped(server, tmp_path):
    old, new = {"wav/03a01Wa.wav": b"old" * 500}, {"wav/03a01Wa.wav": b"new" * 500}
    homes = emodb(server, old, headers={"ETag": '"1"'}, cut_after=800)
    with pytest.raises(SourceError):
        fetch_corpus("EmoDB", tmp_path, homes=homes, patience=ONCE)
    homes = emodb(server, new, headers={"ETag": '"2"'})
    fetch_corpus("EmoDB", tmp_path, homes=homes, patience=ONCE)
    assert server.requests[-1].headers["if-range"] == '"1"'
    assert (tmp_path / "EmoDB" / "wav" / "03a01Wa.wav").read_bytes() == b"new" * 500


def test_what_no_server_vouches_for_is_not_pieced_together(server, tmp_path):
    files = {"wav/03a01Wa.wav": b"sound" * 500}
    with pytest.raises(SourceError):
        fetch_corpus("EmoDB", tmp_path, homes=emodb(server, files, cut_after=800), patience=ONCE)
    fetch_corpus("EmoDB", tmp_path, homes=emodb(server, files), patience=ONCE)
    assert "range" not in server.requests[-1].headers


def test_more_than_was_published_is_not_read(server, tmp_path):
    homes = zenodo(server, size=1000)
    server.add("/speech.zip", Reply(ACTORS))
    with pytest.raises(SourceError, match="larger than the 1,000 bytes"):
        fetch_corpus("RAVDESS", tmp_path, homes=homes, patience=ONCE)


def test_a_missing_file_says_so_at_once(server, tmp_path):
    homes = {"EmoDB": Archive(Remote(f"{server.root}/gone.zip", "x.zip"))}
    with pytest.raises(SourceError, match="404"):
        fetch_corpus("EmoDB", tmp_path, homes=homes, patience=replace(ONCE, tries=4))
    assert server.paths == ["/gone.zip"]


def test_a_server_that_is_not_there_says_so(tmp_path):
    homes = {"EmoDB": Archive(Remote("http://127.0.0.1:9/x.zip", "x.zip"))}
    with pytest.raises(SourceError, match=r"127\.0\.0\.1:9") as caught:
        fetch_corpus("EmoDB", tmp_path, homes=homes, patience=ONCE)
    assert "try again" in caught.value.remedy


@pytest.mark.parametrize(
    "listing", [b"<html>", b"[]", b"{}", b'{"files": [{"key": "speech.zip"}]}', b'{"files": []}']
)
def test_a_listing_that_has_changed_is_named(server, tmp_path, listing):
    api = server.add("/api", Reply(listing))
    homes = {"RAVDESS": Record(api, "zenodo", ("speech.zip",))}
    with pytest.raises(SourceError, match="/api"):
        fetch_corpus("RAVDESS", tmp_path, homes=homes, patience=ONCE)


def test_a_listing_may_not_send_us_to_local_files(server, tmp_path):
    (tmp_path / "secret.zip").write_bytes(ACTORS)
    file = {"key": "speech.zip", "size": len(ACTORS), "checksum": md5(ACTORS)}
    file["links"] = {"self": (tmp_path / "secret.zip").as_uri()}
    api = server.add("/api", Reply(json.dumps({"files": [file]}).encode()))
    with pytest.raises(SourceError, match="no web address"):
        fetch_corpus(
            "RAVDESS", tmp_path / "data", homes={"RAVDESS": Record(api, "zenodo")}, patience=ONCE
        )


@pytest.mark.parametrize("name", ["../../evil.wav", "/evil.wav", "a/../../../evil.wav", "..\\evil"])
def test_nothing_is_written_outside_the_folder(server, tmp_path, name):
    homes = emodb(server, {"wav/03a01Wa.wav": b"1", name: b"x"})
    with pytest.raises(SourceError, match="elsewhere"):
        fetch_corpus("EmoDB", tmp_path / "a" / "b", homes=homes, patience=ONCE)
    assert not [path for path in tmp_path.rglob("*") if path.suffix == ".wav"]
    assert not list(tmp_path.rglob("*evil*"))


def test_a_record_may_not_name_a_file_elsewhere(server, tmp_path):
    homes = dataverse(server, {"../../evil.wav": b"x"})
    with pytest.raises(SourceError, match="elsewhere"):
        fetch_corpus("TESS", tmp_path / "a", homes=homes, patience=ONCE)


@pytest.mark.parametrize("damage", [b"<html>login</html>", ACTORS[:5000]])
def test_what_is_no_zip_is_refused_and_not_kept(server, tmp_path, damage):
    url = server.add("/x.zip", Reply(damage), Reply(zipped({"wav/03a01Wa.wav": b"1"})))
    homes = {"EmoDB": Archive(Remote(url, "x.zip"))}
    with pytest.raises(SourceError, match="cannot be unpacked"):
        fetch_corpus("EmoDB", tmp_path, homes=homes, patience=ONCE)
    assert fetch_corpus("EmoDB", tmp_path, homes=homes, patience=ONCE).clips == 1


def test_a_zip_with_damaged_content_is_refused(server, tmp_path):
    content = zipped({"wav/03a01Wa.wav": b"sound"})
    url = server.add("/x.zip", Reply(content.replace(b"sound", b"noise")))
    with pytest.raises(SourceError, match="CRC"):
        fetch_corpus(
            "EmoDB", tmp_path, homes={"EmoDB": Archive(Remote(url, "x.zip"))}, patience=ONCE
        )
    assert not (tmp_path / "EmoDB").exists()


def test_something_else_than_the_corpus_is_refused(server, tmp_path):
    homes = emodb(server, {"wav/holiday.wav": b"1"})
    with pytest.raises(SourceError, match="is not EmoDB"):
        fetch_corpus("EmoDB", tmp_path, homes=homes, patience=ONCE)
    assert not (tmp_path / "EmoDB").exists()


def test_the_first_download_is_remembered_where_no_checksum_is_published(server, tmp_path):
    first = {"wav/03a01Wa.wav": b"1"}
    notes = Notes()
    found = fetch_corpus(
        "EmoDB", tmp_path, homes=emodb(server, first), patience=ONCE, progress=notes
    )
    assert any("no checksum is published" in each for each in notes.said)
    (kept,) = json.loads((tmp_path / "EmoDB.sources.json").read_text())["files"]
    assert (kept["checksum"], kept["published"]) == (sha256(zipped(first)), False)
    (found.folder / "wav" / "03a01Wa.wav").unlink()
    (found.folder / "wav").rmdir()
    homes = emodb(server, {"wav/03a01Wa.wav": b"2"})
    with pytest.raises(SourceError, match="has changed") as caught:
        fetch_corpus("EmoDB", tmp_path, homes=homes, patience=ONCE)
    assert "delete" in caught.value.remedy
    (tmp_path / "EmoDB.sources.json").unlink()
    assert fetch_corpus("EmoDB", tmp_path, homes=homes, patience=ONCE).new


def pointer(content):
    oid = sha256(content)
    text = f"version https://git-lfs.github.com/spec/v1\noid {oid}\nsize {len(content)}\n"
    return text.encode()


SOUNDS = {f"AudioWAV/100{n}_IEO_ANG_XX.wav": b"sound %d" % n for n in (1, 2)}


def crema_d(server):
    root = "CREMA-D-master"
    files = {f"{root}/{name}": pointer(content) for name, content in SOUNDS.items()}
    files |= {
        f"{root}/VideoFlash/1001.flv": b"not wanted",
        f"{root}/VideoDemographics.csv": DEMOGRAPHICS.encode(),
    }
    url = server.add("/m.zip", Reply(zipped(files), announce=-1))  # as made on the way
    wanted = ("AudioWAV", "VideoDemographics.csv")
    remote = Remote(url, "CREMA-D.zip")
    return {"CREMA-D": Archive(remote, strip=1, only=wanted, media=f"{server.root}/media")}


def test_pointers_are_replaced_by_the_sound_that_they_name(server, tmp_path):
    homes = crema_d(server)
    for name, content in SOUNDS.items():
        server.add(f"/media/{name}", Reply(content))
    folder = fetch_corpus("CREMA-D", tmp_path, homes=homes, patience=ONCE).folder
    for name, content in SOUNDS.items():
        assert (folder / name).read_bytes() == content
    assert sorted(path.name for path in folder.iterdir()) == ["AudioWAV", "VideoDemographics.csv"]
    kept = json.loads((tmp_path / "CREMA-D.sources.json").read_text())["files"]
    assert [each["published"] for each in kept] == [False, True, True]


def test_sound_that_came_is_not_fetched_again_when_other_sound_fails(server, tmp_path):
    homes = crema_d(server)
    (good, content), (bad, right) = SOUNDS.items()
    server.add(f"/media/{good}", Reply(content))
    server.add(f"/media/{bad}", Reply(b"x" * len(right)), Reply(right))
    with pytest.raises(SourceError, match="is not what was published"):
        fetch_corpus("CREMA-D", tmp_path, homes=homes, patience=ONCE)
    assert not (tmp_path / "CREMA-D").exists()
    folder = fetch_corpus("CREMA-D", tmp_path, homes=homes, patience=ONCE).folder
    assert (folder / bad).read_bytes() == right
    assert len(server.asked("/m.zip")) == 1


def dataverse(server, files):
    """Serve a data set like Dataverse's and return the homes that point there."""
    listed = []
    for n, (name, content) in enumerate(files.items()):
        folder, _, file = name.rpartition("/")
        checksum = {"type": "SHA-1", "value": hashlib.sha1(content).hexdigest()}
        values = {"id": n, "filename": file, "filesize": len(content), "checksum": checksum}
        listed.append({"directoryLabel": folder, "dataFile": values})
        server.add(f"/api/access/datafile/{n}", Reply(content))
    listing = json.dumps({"data": {"latestVersion": {"files": listed}}}).encode()
    return {"TESS": Record(server.add("/api/datasets", Reply(listing)), "dataverse")}


def test_a_dataverse_lists_its_files_with_folders_and_checksums(server, tmp_path):
    files = {f"set/OAF_angry/OAF_{word}_angry.wav": word.encode() for word in ("back", "bar")}
    found = fetch_corpus("TESS", tmp_path, homes=dataverse(server, files), patience=ONCE)
    assert found.clips == 2
    assert {
        path.relative_to(found.folder).as_posix(): path.read_bytes()
        for path in found.folder.rglob("*.wav")
    } == files


def test_what_does_not_fit_on_the_disk_is_not_begun(server, tmp_path):
    homes = zenodo(server, size=10**18)
    with pytest.raises(MissingError, match="GB while it is unpacked"):
        fetch_corpus("RAVDESS", tmp_path, homes=homes, patience=ONCE)
    assert server.paths == ["/api"]


def test_two_do_not_fetch_the_same(server, tmp_path):
    (tmp_path / ".RAVDESS.part").mkdir()
    with (
        FileLock(tmp_path / ".RAVDESS.part" / "lock"),
        pytest.raises(UsageError, match="already"),
    ):
        fetch_corpus("RAVDESS", tmp_path, homes=zenodo(server), patience=ONCE)


def test_a_corpus_on_request_says_whom_to_ask(tmp_path):
    with pytest.raises(MissingError, match="on request") as caught:
        fetch_corpus("SAVEE", tmp_path)
    assert "surrey" in caught.value.remedy
    assert str(tmp_path / "SAVEE") in caught.value.remedy
    assert not list(tmp_path.iterdir())


def test_an_unknown_corpus_lists_the_known(tmp_path):
    with pytest.raises(UsageError) as caught:
        fetch_corpus("IEMOCAP", tmp_path)
    assert "RAVDESS" in caught.value.remedy


def test_every_corpus_has_a_home_but_the_one_on_request():
    assert set(HOMES) == {name for name, corpus in CORPORA.items() if corpus.download_mb}
