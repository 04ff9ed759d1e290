"""A corpus of one's own: a labelled folder or a table."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.corpora import put, told
from voxemo_scan.emotions import emotion_names, parse_emotion
from voxemo_scan.errors import UsageError
from voxemo_scan.training.corpora import load_corpora, load_own
from voxemo_scan.training.corpora.naming import find_label
from voxemo_scan.training.labels import LABELS


def test_a_labelled_folder_is_a_corpus(tmp_path):
    folder = put(
        tmp_path / "mine",
        "Anger/one.wav",
        "mary/joy/one.wav",
        "mary/boredom/two.flac",
        "studio/bob/pleasant-surprise/two.wav",
    )
    assert told(load_own(folder)) == {
        ("Anger/one", "unknown", None, None, "angry"),
        ("mary/joy/one", "mary", None, None, "happy"),
        ("mary/boredom/two", "mary", None, None, "bored"),
        ("studio/bob/pleasant-surprise/two", "bob", None, None, "surprised"),
    }


def test_a_folder_gives_its_corpus_its_whole_name(tmp_path, monkeypatch):
    monkeypatch.chdir(put(tmp_path / "take.2", "angry/one.wav"))
    assert [u.corpus for u in load_own(Path())] == ["take.2"]


def test_folders_that_are_no_label_are_told_all_at_once(tmp_path):
    folder = put(tmp_path, "angry/1.wav", "hapy/1.wav", "chatty/1.wav", "stray.wav")
    with pytest.raises(UsageError) as caught:
        load_own(folder)
    assert caught.value.message.splitlines() == [
        f"{folder}: clips that lie in no folder of a label",
        f"{folder}: the folder 'chatty' is no label",
        f"{folder}: the folder 'hapy' is no label, did you mean happy?",
    ]
    assert "surprised" in caught.value.remedy


def test_an_empty_folder_is_no_corpus(tmp_path):
    with pytest.raises(UsageError, match="holds no clip"):
        load_own(tmp_path)


def test_a_table_is_a_corpus(tmp_path):
    put(tmp_path, "a/one.wav", "a/two.wav")
    (tmp_path / "mine.csv").write_text(
        "\ufeffpath,label,speaker,gender,age,intensity\na/one.wav, Fearful ,ann,F,33,High\n"
        "a/two.wav,surprise\n",
        "utf-8",
    )
    first, second = load_own(tmp_path / "mine.csv")
    assert (first.corpus, first.clip, first.path) == ("mine", "a/one", tmp_path / "a/one.wav")
    assert (first.label, first.speaker, first.gender, first.age) == ("fear", "ann", "female", 33)
    assert first.intensity == "high"
    assert (second.label, second.speaker, second.gender) == ("surprised", "unknown", None)
    assert (second.age, second.intensity) == (None, None)


def test_all_that_is_wrong_in_a_table_is_told_with_its_line(tmp_path):
    put(tmp_path, "one.wav", "two.wav")
    table = tmp_path / "mine.csv"
    table.write_text(
        "path,label,gender,age,intensity\none.wav,angry,,,\nnone.wav,angry,,,\n\n"
        "two.wav,angyr,x,old,loud\none.wav,happy,,,\none.mp3,sad,,,,what\n,sad,,,\n"
    )
    with pytest.raises(UsageError) as caught:
        load_own(table)
    assert caught.value.message.splitlines() == [
        f"{table}:3: no file 'none.wav'",
        f"{table}:5: unknown label 'angyr', did you mean angry?",
        f"{table}:5: unknown gender 'x'",
        f"{table}:5: age 'old' is no number of years",
        f"{table}:5: unknown intensity 'loud'",
        f"{table}:6: 'one.wav' is the clip of line 2",
        f"{table}:7: no file 'one.mp3'",
        f"{table}:7: more cells than columns: ['what']",
        f"{table}:7: 'one.mp3' is the clip of line 2",
        f"{table}:8: no file ''",
    ]
    assert "surprised" in caught.value.remedy


def test_a_table_without_its_columns_is_refused(tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("path,mood\nx.wav,angry\n")
    with pytest.raises(UsageError, match=r"1: no column 'label'\n.*1: unknown column 'mood'"):
        load_own(table)


@pytest.mark.parametrize("content", [b"", b"path,label\n", b"path,label\n\xff\xfe,x\n"])
def test_what_is_no_table_is_refused(tmp_path, content):
    table = tmp_path / "mine.csv"
    table.write_bytes(content)
    with pytest.raises(UsageError, match=str(table)):
        load_own(table)


def test_a_corpus_of_ones_own_stands_beside_the_known(tmp_path):
    put(tmp_path / "data" / "RAVDESS", "Actor_01/03-01-05-01-01-01-01.wav")
    mine = put(tmp_path / "mine", "angry/one.wav")
    found = load_corpora(tmp_path / "data", ("RAVDESS", str(mine)))
    assert [(u.corpus, u.label) for u in found] == [("RAVDESS", "angry"), ("mine", "angry")]


@given(st.sampled_from(LABELS), st.sampled_from([str.upper, str.title, "  {} ".format]))
def test_a_label_is_found_in_any_dress(label, dress):
    assert find_label(dress(label)) == label


@given(st.sampled_from(emotion_names()))
def test_aliases_of_emotions_are_labels(name):
    assert find_label(name) in {parse_emotion(name), "calm"}


@given(st.text(max_size=12))
def test_other_words_are_none(text):
    assert find_label(text) in {*LABELS, None}
