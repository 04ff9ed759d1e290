"""Corpora in their original layouts."""

import shutil
from collections import Counter

import numpy as np
import pytest

from tests.support.media import write_wav
from tests.support.shared import SHARED, needs_corpora
from voxemo_scan.errors import UsageError
from voxemo_scan.training.corpora import (
    Votes,
    crema_d,
    emodb,
    load_corpora,
    own_corpus,
    ravdess,
    recognise,
    savee,
    tess,
)
from voxemo_scan.training.corpora.examine import examine


def test_crema_d_says_who_and_how(data):
    clips = {u.clip: u for u in crema_d(data / "CREMA-D")}
    angry = clips["1001_IEO_ANG_XX"]
    assert (angry.emotion, angry.speaker, angry.gender, angry.age) == ("angry", "1001", "male", 51)
    assert clips["1002_TIE_FEA_XX"].gender == "female"
    assert len(clips) == 36


def test_ravdess_has_all_eight_labels(tmp_path):
    for name in ("03-01-02-01-01-01-01", "03-01-08-02-01-01-02", "03-01-06-01-01-01-03", "notes"):
        speak(tmp_path / "Actor_01" / f"{name}.wav")
    clips = {u.label: u for u in ravdess(tmp_path)}
    calm, fear, surprised = (clips[label] for label in ("calm", "fear", "surprised"))
    assert len(clips) == 3
    assert (calm.emotion, calm.intensity, calm.gender) == ("neutral", "medium", "male")
    assert (fear.emotion, fear.speaker) == ("fear", "03")
    assert (surprised.emotion, surprised.intensity, surprised.gender) == (None, "high", "female")


def speak(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    write_wav(path, np.zeros(400))


def told(utterances):
    return {(u.clip, u.speaker, u.gender, u.age, u.label) for u in utterances}


def test_tess(tmp_path):
    for name in (
        "OAF_angry/OAF_back_angry",
        "YAF_pleasant_surprised/YAF_bar_ps",
        "x/OA_bite_Neutral",
    ):
        speak(tmp_path / f"{name}.wav")
    speak(tmp_path / "readme_of_something.wav")
    assert told(tess(tmp_path)) == {
        ("OAF_back_angry", "OAF", "female", 64, "angry"),
        ("YAF_bar_ps", "YAF", "female", 26, "surprised"),
        ("OA_bite_Neutral", "OAF", "female", 64, "neutral"),
    }


def test_savee_in_both_layouts(tmp_path):
    speak(tmp_path / "flat" / "DC_sa01.wav")
    speak(tmp_path / "deep" / "AudioData" / "DC" / "sa01.wav")
    speak(tmp_path / "deep" / "AudioData" / "KL" / "su15.wav")
    speak(tmp_path / "deep" / "AudioData" / "Other" / "a01.wav")
    assert told(savee(tmp_path / "flat")) == {("DC_sa01", "DC", "male", None, "sad")}
    assert told(savee(tmp_path / "deep")) == {
        ("DC_sa01", "DC", "male", None, "sad"),
        ("KL_su15", "KL", "male", None, "surprised"),
    }


def test_emodb(tmp_path):
    for name in ("03a01Fa", "16b10Lb", "03a01Wa", "99a01Wa", "note"):
        speak(tmp_path / "wav" / f"{name}.wav")
    assert told(emodb(tmp_path)) == {
        ("03a01Fa", "03", "male", 31, "happy"),
        ("16b10Lb", "16", "female", 31, "bored"),
        ("03a01Wa", "03", "male", 31, "angry"),
    }


def test_crema_d_knows_how_listeners_voted(data, tmp_path):
    shutil.copytree(data / "CREMA-D", tmp_path / "CREMA-D")
    folder = tmp_path / "CREMA-D" / "processedResults"
    folder.mkdir()
    (folder / "tabulatedVotes.csv").write_text(
        '"","A","D","F","H","N","S","fileName"\n'
        '"100001",1,2,3,4,5,6,"1001_IEO_ANG_XX"\n"200001",9,9,9,9,9,9,"1001_IEO_ANG_XX"\n'
    )
    clips = {u.clip: u for u in crema_d(tmp_path / "CREMA-D")}
    assert clips["1001_IEO_ANG_XX"].votes == Votes((5, 4, 6, 1, 3, 2))
    assert clips["1001_IEO_HAP_XX"].votes is None


def test_a_labelled_folder_is_a_corpus(tmp_path):
    for name in ("Anger/one", "mary/joy/one", "mary/boredom/two"):
        speak(tmp_path / "mine" / f"{name}.wav")
    assert told(own_corpus(tmp_path / "mine")) == {
        ("Anger/one", "unknown", None, None, "angry"),
        ("mary/joy/one", "mary", None, None, "happy"),
        ("mary/boredom/two", "mary", None, None, "bored"),
    }


def test_a_folder_that_is_no_label_is_named(tmp_path):
    speak(tmp_path / "mine" / "angry" / "one.wav")
    speak(tmp_path / "mine" / "chatty" / "two.wav")
    with pytest.raises(UsageError, match="no label: chatty"):
        own_corpus(tmp_path / "mine")


def test_a_table_is_a_corpus(tmp_path):
    speak(tmp_path / "a" / "one.wav")
    (tmp_path / "mine.csv").write_text(
        "path,label,speaker,gender,age,intensity\na/one.wav,Fearful,ann,F,33,high\n"
        "a/one.wav,surprise,,,,\n"
    )
    first, second = own_corpus(tmp_path / "mine.csv")
    assert (first.corpus, first.label, first.gender, first.age) == ("mine", "fear", "female", 33)
    assert (first.speaker, first.intensity) == ("ann", "high")
    assert (second.label, second.speaker, second.gender) == ("surprised", "unknown", None)


def test_all_that_is_wrong_in_a_table_is_told_with_its_line(tmp_path):
    speak(tmp_path / "one.wav")
    table = tmp_path / "mine.csv"
    table.write_text(
        "path,label,gender,age\none.wav,angry,,\nnone.wav,angry,,\n\none.wav,hungry,x,old\n"
    )
    with pytest.raises(UsageError) as caught:
        own_corpus(table)
    assert caught.value.message.splitlines() == [
        f"{table}:3: no file 'none.wav'",
        f"{table}:5: unknown label 'hungry'",
        f"{table}:5: unknown gender 'x'",
        f"{table}:5: age 'old' is no number of years",
    ]
    assert "hungry" not in caught.value.remedy


def test_a_table_without_its_columns_is_refused(tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("path,mood\nx.wav,angry\n")
    with pytest.raises(UsageError, match=r"1: no column 'label'\n.*1: unknown column 'mood'"):
        own_corpus(table)


def test_a_folder_of_corpora_is_recognised(data):
    assert {u.corpus for u in recognise(data)} == {"CREMA-D", "RAVDESS"}
    assert {u.corpus for u in recognise(data / "RAVDESS")} == {"RAVDESS"}
    assert {u.corpus for u in recognise(data / "CREMA-D")} == {"CREMA-D"}


def test_examining_finds_what_is_wrong(tmp_path):
    rng = np.random.default_rng(0)
    sound = 0.1 * rng.standard_normal(8000)
    for name, samples in {
        "angry/one": sound,
        "happy/same": sound,
        "happy/other": 0.2 * rng.standard_normal(8000),
        "sad/silent": np.zeros(8000),
    }.items():
        (tmp_path / "mine" / name).parent.mkdir(parents=True, exist_ok=True)
        write_wav(tmp_path / "mine" / f"{name}.wav", samples)
    (tmp_path / "mine" / "sad" / "broken.wav").write_text("no sound")
    (found,) = examine(own_corpus(tmp_path / "mine"))
    assert found.clips == 5
    assert found.duration_s == pytest.approx(2.0)
    assert found.counts == {"unknown": {"angry": 1, "happy": 2, "sad": 2}}
    (same,) = found.duplicates
    assert same.clips == ("angry/one", "happy/same")
    assert same.contradicts
    assert found.silent == ("sad/silent",)
    assert [path.rsplit("/", 1)[1] for path in found.unreadable] == ["broken.wav"]


@needs_corpora
def test_the_corpora_are_whole():
    counts = Counter(
        u.corpus for u in load_corpora(SHARED / "data", ("CREMA-D", "RAVDESS", "TESS"))
    )
    assert counts == {"CREMA-D": 7442, "RAVDESS": 1440, "TESS": 2800}
    votes = {u.clip: u.votes for u in load_corpora(SHARED / "data", ("CREMA-D",))}
    assert votes["1001_IEO_NEU_XX"] == Votes((10, 1, 0, 0, 0, 0))
    assert votes["1001_IEO_HAP_LO"] == Votes((6, 3, 0, 0, 0, 0))


def test_a_missing_corpus_says_what_to_give(tmp_path):
    with pytest.raises(UsageError, match="CREMA-D") as caught:
        load_corpora(tmp_path)
    assert caught.value.exit_code == 2
