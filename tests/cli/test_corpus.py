"""``voxemo-scan corpus``."""

import json

import numpy as np

from tests.support.media import write_wav


def make(folder):
    rng = np.random.default_rng(0)
    for name in ("angry/one", "happy/two"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_wav(folder / f"{name}.wav", 0.1 * rng.standard_normal(8000))


def test_a_sound_corpus_is_counted(run, tmp_path):
    make(tmp_path / "mine")
    code, out, _ = run("corpus", "check", "mine", "--quiet")
    assert code == 0
    assert "mine: 2 clips, 1 speakers" in out
    assert "no duplicate, silent or unreadable clips" in out


def test_what_cannot_be_read_is_named_and_exits_with_3(run, tmp_path):
    make(tmp_path / "mine")
    (tmp_path / "mine" / "angry" / "bad.wav").write_text("x")
    code, out, _ = run("corpus", "check", "mine", "--quiet", "--json")
    assert code == 3
    (found,) = json.loads(out)["corpora"]
    assert found["clips"] == 3
    assert [path.endswith("bad.wav") for path in found["unreadable"]] == [True]


def test_what_is_no_corpus_exits_with_2(run, tmp_path):
    (tmp_path / "empty").mkdir()
    code, _, err = run("corpus", "check", "empty")
    assert code == 2
    assert "no audio" in err


def test_the_list_names_licences(run):
    code, out, _ = run("corpus", "list", "--json")
    assert code == 0
    licences = {c["name"]: c["licence"] for c in json.loads(out)["corpora"]}
    assert licences["RAVDESS"] == "CC BY-NC-SA 4.0"
    assert list(licences) == ["CREMA-D", "RAVDESS", "TESS", "SAVEE", "EmoDB"]


def test_a_corpus_on_request_exits_with_4(run):
    code, _, err = run("corpus", "fetch", "SAVEE")
    assert code == 4
    assert "on request" in err
