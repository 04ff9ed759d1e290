"""Corpora come from their places whole and checked, or with a clear error."""

import hashlib
import io
import json
import threading
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from voxemo_scan.errors import MissingError, SourceError, UsageError
from voxemo_scan.training.corpora.fetch import Archive, Record, fetch_corpus


@contextmanager
def serving(files, *, cut=None):
    """Serve ``files``, path to bytes, with ranges; of ``cut`` the first answer breaks off."""
    asked, broken = [], set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers.get("Range")))
            content = files.get(self.path)
            if content is None:
                self.send_error(404)
                return
            start = int((self.headers.get("Range") or "bytes=0-")[6:].split("-")[0])
            if start >= len(content) > 0:
                self.send_error(416)
                return
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            if self.path == cut and self.path not in broken:
                broken.add(self.path)
                self.wfile.write(content[: len(content) // 2])
                return
            self.wfile.write(content[start:])

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()


def zipped(files):
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return to.getvalue()


def md5(content):
    return "md5:" + hashlib.md5(content).hexdigest()


ACTORS = zipped({"Actor_01/03-01-01-01-01-01-01.wav": b"sound"})


def zenodo(content, *, checksum=None):
    def at(root):
        entry = {
            "key": "speech.zip",
            "checksum": checksum or md5(content),
            "links": {"self": f"{root}/speech.zip"},
        }
        return json.dumps({"files": [entry, entry | {"key": "song.zip"}]}).encode()

    return at


def fetch_ravdess(folder, *, content=ACTORS, checksum=None, cut=None):
    files = {"/speech.zip": content}
    with serving(files, cut=cut) as (root, asked):
        files["/api"] = zenodo(content, checksum=checksum)(root)
        homes = {"RAVDESS": Record(f"{root}/api", "zenodo", ("speech.zip",))}
        return fetch_corpus("RAVDESS", folder, homes=homes), asked


def test_a_record_is_fetched_and_unpacked(tmp_path):
    folder, asked = fetch_ravdess(tmp_path)
    assert (folder / "Actor_01" / "03-01-01-01-01-01-01.wav").read_bytes() == b"sound"
    assert [path for path, _ in asked] == ["/api", "/speech.zip"]


def test_what_is_there_already_is_not_fetched_again(tmp_path):
    fetch_ravdess(tmp_path)
    _, asked = fetch_ravdess(tmp_path)
    assert [path for path, _ in asked] == ["/api"]


def test_a_wrong_checksum_is_refused_and_thrown_away(tmp_path):
    with pytest.raises(SourceError, match="its checksum is md5:"):
        fetch_ravdess(tmp_path, checksum="md5:" + "0" * 32)
    assert not list(tmp_path.rglob("*.zip*"))
    assert not list(tmp_path.rglob("*.wav"))


def test_a_download_that_broke_off_goes_on_where_it_was(tmp_path):
    with pytest.raises(SourceError, match="bytes came") as caught:
        fetch_ravdess(tmp_path, cut="/speech.zip")
    assert "goes on where it was" in caught.value.remedy
    folder, asked = fetch_ravdess(tmp_path)
    assert (folder / "Actor_01" / "03-01-01-01-01-01-01.wav").is_file()
    assert asked[-1] == ("/speech.zip", f"bytes={len(ACTORS) // 2}-")


def test_a_missing_file_says_so(tmp_path):
    with serving({}) as (root, _), pytest.raises(SourceError, match="404"):
        fetch_corpus("EmoDB", tmp_path, homes={"EmoDB": Archive(f"{root}/x.zip", "x.zip")})


def test_nothing_is_written_outside_the_folder(tmp_path):
    evil = zipped({"../../evil.wav": b"x"})
    with serving({"/x.zip": evil}) as (root, _), pytest.raises(SourceError, match="elsewhere"):
        fetch_corpus(
            "EmoDB", tmp_path / "a" / "b", homes={"EmoDB": Archive(f"{root}/x.zip", "x.zip")}
        )
    assert not list(tmp_path.rglob("evil.wav"))


def test_what_is_no_zip_is_refused(tmp_path):
    page = b"<html>login</html>"
    with serving({"/x.zip": page}) as (root, _), pytest.raises(SourceError, match="unpacked"):
        fetch_corpus("EmoDB", tmp_path, homes={"EmoDB": Archive(f"{root}/x.zip", "x.zip")})


def test_the_first_download_is_remembered_where_no_checksum_is_published(tmp_path):
    homes = {}
    with serving({"/x.zip": zipped({"wav/a.wav": b"1"})}) as (root, _):
        homes["EmoDB"] = Archive(f"{root}/x.zip", "x.zip")
        fetch_corpus("EmoDB", tmp_path, homes=homes)
    kept = tmp_path / "EmoDB" / "downloads" / "x.zip"
    assert (kept.with_name("x.zip.checksum")).read_text().startswith("sha256:")
    kept.unlink()
    with serving({"/x.zip": zipped({"wav/a.wav": b"2"})}) as (root, _):
        homes["EmoDB"] = Archive(f"{root}/x.zip", "x.zip")
        with pytest.raises(SourceError, match="not sha256:"):
            fetch_corpus("EmoDB", tmp_path, homes=homes)


def pointer(content):
    oid = hashlib.sha256(content).hexdigest()
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 9\n".encode()


@pytest.mark.parametrize("came", [b"the sound", b"something else"])
def test_pointers_are_replaced_by_the_sound_that_they_name(tmp_path, came):
    archive = zipped(
        {
            "CREMA-D-master/AudioWAV/1001_IEO_ANG_XX.wav": pointer(b"the sound"),
            "CREMA-D-master/VideoFlash/1001.flv": b"not wanted",
            "CREMA-D-master/VideoDemographics.csv": b"ActorID",
        }
    )
    files = {"/m.zip": archive, "/media/AudioWAV/1001_IEO_ANG_XX.wav": came}
    with serving(files) as (root, _):
        home = Archive(
            f"{root}/m.zip", "m.zip", strip=1, only=("AudioWAV", "VideoDemographics.csv"),
            media=f"{root}/media",
        )  # fmt: skip
        if came == b"the sound":
            folder = fetch_corpus("CREMA-D", tmp_path, homes={"CREMA-D": home})
            assert (folder / "AudioWAV" / "1001_IEO_ANG_XX.wav").read_bytes() == came
            assert (folder / "VideoDemographics.csv").is_file()
            assert not (folder / "VideoFlash").exists()
        else:
            with pytest.raises(SourceError, match="checksum is wrong"):
                fetch_corpus("CREMA-D", tmp_path, homes={"CREMA-D": home})


def test_a_dataverse_lists_its_files_with_their_checksums(tmp_path):
    content = b"RIFF sound"
    file = {
        "id": 7,
        "filename": "OAF_back_angry.wav",
        "checksum": {"type": "MD5", "value": md5(content)[4:]},
    }
    listing = {"data": {"latestVersion": {"files": [{"dataFile": file}]}}}
    files = {"/api/datasets": json.dumps(listing).encode(), "/api/access/datafile/7": content}
    with serving(files) as (root, _):
        folder = fetch_corpus(
            "TESS", tmp_path, homes={"TESS": Record(f"{root}/api/datasets", "dataverse")}
        )
    assert (folder / "OAF_back_angry.wav").read_bytes() == content


def test_a_corpus_on_request_says_whom_to_ask(tmp_path):
    with pytest.raises(MissingError, match="on request") as caught:
        fetch_corpus("SAVEE", tmp_path)
    assert "surrey" in caught.value.remedy


def test_an_unknown_corpus_lists_the_known(tmp_path):
    with pytest.raises(UsageError) as caught:
        fetch_corpus("IEMOCAP", tmp_path)
    assert "RAVDESS" in caught.value.remedy
