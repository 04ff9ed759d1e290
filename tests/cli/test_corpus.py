"""``voxemo-scan corpus``."""

import io
import json
import shutil
import signal
import subprocess
import sys
import time
import zipfile

import numpy as np
import pytest

from tests.support.media import write_wav
from tests.support.media_server import Received, Reply
from voxemo_scan.training.corpora.homes import HOMES, Archive
from voxemo_scan.training.corpora.transfer import Remote


@pytest.fixture
def mine(tmp_path):
    """A labelled folder with nothing wrong."""
    rng = np.random.default_rng(0)
    for name in ("angry/one", "happy/two"):
        (tmp_path / "mine" / name).parent.mkdir(parents=True, exist_ok=True)
        write_wav(tmp_path / "mine" / f"{name}.wav", 0.1 * rng.standard_normal(8000))
    return tmp_path / "mine"


def test_a_sound_corpus_is_counted(run, mine):
    code, out, err = run("corpus", "check", "mine", "--quiet")
    assert (code, err) == (0, "")
    assert out.startswith("mine: 2 clips, 1 speaker, 0:01, mine\n")
    assert "nothing wrong" in out


def test_a_trap_is_called_out_and_left_to_judge(run, mine):
    shutil.copy(mine / "angry" / "one.wav", mine / "happy" / "three.wav")
    code, out, _ = run("corpus", "check", "mine", "--quiet")
    assert code == 0
    assert "the same sound: angry/one and happy/three, labelled angry and happy: a trap" in out
    assert "nothing wrong" not in out


def test_what_cannot_be_read_is_named_and_exits_with_3(run, mine):
    (mine / "angry" / "bad.wav").write_text("x")
    code, out, _ = run("corpus", "check", "mine", "--quiet", "--json")
    assert code == 3
    (found,) = json.loads(out)["corpora"]
    assert found["clips"] == 3
    assert found["counts"] == {"unknown": {"angry": 2, "happy": 1}}
    assert found["duration_s"] == 1.0
    assert [path.endswith("bad.wav") for path in found["unreadable"]] == [True]
    assert (found["duplicates"], found["silent"], found["unknown"]) == ([], [], [])


def test_only_some_of_many_unknown_files_are_listed(run, mine):
    for n in range(25):
        shutil.copy(mine / "angry" / "one.wav", mine / f"holiday{n:02}.wav")
    (mine / "DC").mkdir()
    shutil.copy(mine / "angry" / "one.wav", mine / "DC" / "a01.wav")
    code, out, _ = run("corpus", "check", "mine", "--as", "savee", "--quiet")
    assert code == 0
    assert "SAVEE: 1 clip" in out
    assert out.count("not named as in SAVEE, left out") == 11
    assert "17 more files" in out


def test_a_table_is_checked(run, mine):
    (mine / "clips.csv").write_text("path,label,speaker\nangry/one.wav,ANG,ann\n")
    code, out, _ = run("corpus", "check", "mine/clips.csv", "--quiet", "--json")
    assert code == 0
    assert json.loads(out)["corpora"][0]["counts"] == {"ann": {"angry": 1}}


def test_mistakes_in_a_table_exit_with_2(run, mine):
    (mine / "clips.csv").write_text("path,label\nangry/one.wav,angyr\nnone.wav,sad\n")
    code, _, err = run("corpus", "check", "mine/clips.csv")
    assert code == 2
    assert "mine/clips.csv:2: unknown label 'angyr', did you mean angry?" in err
    assert "mine/clips.csv:3: no file 'none.wav'" in err


def test_what_is_no_corpus_exits_with_2(run, tmp_path):
    (tmp_path / "empty").mkdir()
    code, _, err = run("corpus", "check", "empty")
    assert code == 2
    assert "empty holds no clip" in err


def test_the_list_names_licences(run):
    code, out, _ = run("corpus", "list", "--json")
    assert code == 0
    corpora = json.loads(out)["corpora"]
    licences = {each["name"]: each["licence"] for each in corpora}
    assert licences["RAVDESS"] == "CC BY-NC-SA 4.0"
    assert list(licences) == ["CREMA-D", "RAVDESS", "TESS", "SAVEE", "EmoDB"]
    assert [each["clips"] for each in corpora] == [7442, 1440, 2800, 480, 535]
    code, out, _ = run("corpus", "list")
    assert code == 0
    assert "on request" in out


@pytest.fixture
def emodb(server, monkeypatch):
    """EmoDB's home on loopback."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("wav/03a01Wa.wav", b"sound")
    url = server.add("/download.zip", Reply(content.getvalue()))
    monkeypatch.setitem(HOMES, "EmoDB", Archive(Remote(url, "emodb.zip")))
    return server


def test_a_corpus_is_fetched(run, emodb, tmp_path):
    code, out, err = run("corpus", "fetch", "emodb", "-o", "corpora")
    assert (code, out) == (0, "corpora/EmoDB\n")
    assert (tmp_path / "corpora" / "EmoDB" / "wav" / "03a01Wa.wav").read_bytes() == b"sound"
    assert err.splitlines()[0] == (
        "EmoDB: about 40 MB, free to use, no licence named, from http://emodb.bilderbar.info/"
    )
    code, out, err = run("corpus", "fetch", "EmoDB", "-o", "corpora", "--json")
    assert code == 0
    assert err == "EmoDB is at corpora/EmoDB already\n"
    assert json.loads(out) == {
        "corpus": "EmoDB",
        "path": "corpora/EmoDB",
        "clips": 1,
        "new": False,
        "licence": "free to use, no licence named",
    }


def test_a_quiet_fetch_prints_the_folder_only(run, emodb):
    assert run("corpus", "fetch", "EmoDB", "--quiet") == (0, "data/EmoDB\n", "")


def test_a_failed_fetch_exits_with_3(run, emodb):
    emodb.add("/download.zip", Reply(status=404))
    code, out, err = run("corpus", "fetch", "EmoDB", "--quiet")
    assert (code, out) == (3, "")
    assert "404" in err


def test_a_fetch_that_is_interrupted_ends_at_once_and_goes_on_later(run, emodb, tmp_path):
    """A slow server: the first run gets Ctrl-C in the middle, the second goes on behind it."""
    url = HOMES["EmoDB"].remote.url
    body = emodb.receive(Received("GET", "/download.zip", {})).body
    emodb.add(
        "/download.zip", Reply(body, drip_s=0.2, headers={"ETag": '"1"'}),
        Reply(body, headers={"ETag": '"1"'}),
    )  # fmt: skip
    code = f"""
import sys
from voxemo_scan.cli import main
from voxemo_scan.training.corpora.homes import HOMES, Archive
from voxemo_scan.training.corpora.transfer import Remote
HOMES["EmoDB"] = Archive(Remote("{url}", "emodb.zip"))
sys.argv = ["voxemo-scan", "corpus", "fetch", "EmoDB", "--quiet"]
main()"""
    part = tmp_path / "data" / ".EmoDB.part" / "downloads" / "emodb.zip.part"
    with subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path) as process:
        deadline = time.monotonic() + 60
        while not (part.is_file() and part.stat().st_size) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=5) == 130
    had = part.stat().st_size
    assert 0 < had < len(body)
    assert run("corpus", "fetch", "EmoDB", "--quiet")[0] == 0
    assert emodb.requests[-1].headers["range"] == f"bytes={had}-"


def test_a_corpus_on_request_exits_with_4(run):
    code, _, err = run("corpus", "fetch", "SAVEE")
    assert code == 4
    assert "on request" in err
    assert "kahlan.eps.surrey.ac.uk/savee" in err
