"""Corpora in their original layouts."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from tests.support.corpora import DEMOGRAPHICS, put, put_crema_d, told
from tests.support.shared import SHARED, needs_corpora
from voxemo_scan.errors import UsageError
from voxemo_scan.training.corpora import (
    CORPORA,
    Votes,
    crema_d,
    emodb,
    find_corpus,
    load_corpora,
    ravdess,
    savee,
    tess,
)


def test_crema_d_says_who_and_how(tmp_path):
    folder = put_crema_d(
        tmp_path,
        "AudioWAV/1001_IEO_ANG_HI.wav",
        "AudioWAV/1001_IEO_DIS_LO.wav",
        "AudioWAV/1002_IEO_FEA_MD.wav",
        "AudioWAV/1002_DFA_NEU_XX.wav",
        "AudioWAV/1002_ITH_SAD_X.wav",  # a slip in the corpus itself
        "AudioWAV/1009_DFA_HAP_XX.wav",  # nobody knows this actor
        "AudioWAV/notes.wav",
    )
    clips = {u.clip: u for u in crema_d(folder)}
    assert told(clips.values()) == {
        ("1001_IEO_ANG_HI", "1001", "male", 51, "angry"),
        ("1001_IEO_DIS_LO", "1001", "male", 51, "disgust"),
        ("1002_IEO_FEA_MD", "1002", "female", 21, "fear"),
        ("1002_DFA_NEU_XX", "1002", "female", 21, "neutral"),
        ("1002_ITH_SAD_X", "1002", "female", 21, "sad"),
    }
    assert [clips[name].intensity for name in sorted(clips)] == [
        "high", "low", None, "medium", None,
    ]  # fmt: skip


def test_crema_d_knows_how_those_who_only_heard_voted(tmp_path):
    folder = put_crema_d(tmp_path, "AudioWAV/1001_IEO_ANG_XX.wav", "AudioWAV/1001_IEO_HAP_XX.wav")
    (folder / "processedResults").mkdir()
    (folder / "processedResults" / "tabulatedVotes.csv").write_text(
        '"","A","D","F","H","N","S","fileName"\n'
        '"100001",1,2,3,4,5,6,"1001_IEO_ANG_XX"\n"200001",9,9,9,9,9,9,"1001_IEO_ANG_XX"\n'
        '"300001",8,8,8,8,8,8,"1001_IEO_HAP_XX"\n'
    )
    angry, happy = crema_d(folder)
    assert angry.votes == Votes((5, 4, 6, 1, 3, 2))
    assert happy.votes is None


def test_crema_d_without_its_actors_says_what_is_missing(tmp_path):
    with pytest.raises(UsageError, match=r"VideoDemographics.csv.*is missing"):
        crema_d(put(tmp_path, "AudioWAV/1001_IEO_ANG_XX.wav"))


@pytest.mark.parametrize(
    "text", ["ActorID,Sex\n1001,Male\n", "ActorID,Age,Sex\n1001,old,Male\n", "ActorID,Age\n1001\n"]
)
def test_a_damaged_table_of_actors_is_named(tmp_path, text):
    put(tmp_path, "AudioWAV/1001_IEO_ANG_XX.wav")
    (tmp_path / "VideoDemographics.csv").write_text(text)
    with pytest.raises(UsageError, match=r"VideoDemographics.csv is not as CREMA-D's own"):
        crema_d(tmp_path)


def test_ravdess_has_all_eight_labels_and_no_song(tmp_path):
    names = [f"Actor_02/03-01-0{label}-01-01-01-02.wav" for label in range(1, 9)]
    songs = ["Actor_02/03-02-03-01-01-01-02.wav", "Actor_02/01-01-03-01-01-01-02.wav"]
    clips = ravdess(put(tmp_path, *names, *songs, "Actor_02/03-01-03-01-01-01-99.wav"))
    assert [u.label for u in clips] == [
        "neutral", "calm", "happy", "sad", "angry", "fear", "disgust", "surprised",
    ]  # fmt: skip
    assert [u.emotion for u in clips][1] == "neutral"
    assert [u.emotion for u in clips][7] is None


def test_ravdess_says_who_and_how_strongly(tmp_path):
    clips = ravdess(
        put(tmp_path, "Actor_01/03-01-05-01-01-01-01.wav", "Actor_24/03-01-05-02-02-02-24.wav")
    )
    assert [(u.speaker, u.gender, u.age, u.intensity) for u in clips] == [
        ("01", "male", None, "medium"),
        ("24", "female", None, "high"),
    ]


def test_tess_in_the_spellings_of_its_download(tmp_path):
    folder = put(
        tmp_path,
        "OAF_angry/OAF_back_angry.wav",
        "OAF_Pleasant_surprise/OAF_bar_ps.wav",
        "OAF_Fear/OAF_chair_Fear.wav",
        "OAF_neutral/OA_bite_neutral.wav",
        "YAF_pleasant_surprised/YAF_bar_ps.wav",
        "YAF_pleasant_surprised/YAF_base_pleasant_surprised.wav",
        "somewhere/yaf_base_SAD.wav",
        "readme_of_something.wav",
    )
    assert told(tess(folder)) == {
        ("OAF_back_angry", "OAF", "female", 64, "angry"),
        ("OAF_bar_ps", "OAF", "female", 64, "surprised"),
        ("OAF_chair_Fear", "OAF", "female", 64, "fear"),
        ("OA_bite_neutral", "OAF", "female", 64, "neutral"),
        ("YAF_bar_ps", "YAF", "female", 26, "surprised"),
        ("YAF_base_pleasant_surprised", "YAF", "female", 26, "surprised"),
        ("yaf_base_SAD", "YAF", "female", 26, "sad"),
    }


@pytest.mark.parametrize(
    "names",
    [
        ("DC_sa01.wav", "KL_su15.wav", "XX_a01.wav"),
        ("AudioData/DC/sa01.wav", "AudioData/KL/su15.wav", "AudioData/Other/a01.wav"),
    ],
)
def test_savee_in_both_layouts(tmp_path, names):
    assert told(savee(put(tmp_path, *names))) == {
        ("DC_sa01", "DC", "male", None, "sad"),
        ("KL_su15", "KL", "male", None, "surprised"),
    }


def test_savee_labels(tmp_path):
    folder = put(tmp_path, *(f"JE/{label}01.wav" for label in ("a", "d", "f", "h", "n")))
    assert [u.label for u in savee(folder)] == ["angry", "disgust", "fear", "happy", "neutral"]


def test_emodb(tmp_path):
    names = ("03a01Fa", "16b10Lb", "03a01Wa", "08a02Ea", "09a02Ac", "15b03Tc", "13a05Nd")
    folder = put(tmp_path, *(f"wav/{name}.wav" for name in (*names, "99a01Wa", "03a01Xa", "note")))
    assert told(emodb(folder)) == {
        ("03a01Fa", "03", "male", 31, "happy"),
        ("16b10Lb", "16", "female", 31, "bored"),
        ("03a01Wa", "03", "male", 31, "angry"),
        ("08a02Ea", "08", "female", 34, "disgust"),
        ("09a02Ac", "09", "female", 21, "fear"),
        ("15b03Tc", "15", "male", 25, "sad"),
        ("13a05Nd", "13", "female", 32, "neutral"),
    }


def test_any_audio_format_is_read(tmp_path):
    endings = ("wav", "flac", "mp3", "opus", "m4a", "ogg")
    put(tmp_path, *(f"03-01-0{n}-01-01-01-01.{end}" for n, end in enumerate(endings, start=1)))
    (tmp_path / "03-01-01-01-01-01-01.wav").rename(tmp_path / "03-01-01-01-01-01-01.WAV")
    put(tmp_path, "03-01-07-01-01-01-01.mp4")  # a film
    assert [u.path.suffix[1:].lower() for u in ravdess(tmp_path)] == list(endings)


def test_a_clip_that_is_there_twice_counts_once_and_lossless(tmp_path):
    folder = put(
        tmp_path,
        "a/03-01-01-01-01-01-01.mp3",
        "b/03-01-01-01-01-01-01.wav",
        "c/03-01-01-01-01-01-01.wav",
        "a/._03-01-02-01-01-01-01.wav",
        "__MACOSX/a/03-01-03-01-01-01-01.wav",
    )
    assert [u.path for u in ravdess(folder)] == [folder / "b" / "03-01-01-01-01-01-01.wav"]


@pytest.mark.parametrize("corpus", CORPORA.values(), ids=lambda corpus: corpus.name)
def test_a_folder_without_the_corpus_says_how_its_files_are_named(tmp_path, corpus):
    put(tmp_path, "holiday.wav")
    (tmp_path / "VideoDemographics.csv").write_text(DEMOGRAPHICS)
    with pytest.raises(UsageError, match=f"holds no clip of {corpus.name}") as caught:
        corpus.load(tmp_path)
    example = Path(caught.value.remedy.split(" as in ")[1])
    assert corpus.knows(example)
    assert [each.name for each in CORPORA.values() if each.knows(example)] == [corpus.name]


def test_a_missing_corpus_says_what_to_give(tmp_path):
    with pytest.raises(UsageError, match="CREMA-D") as caught:
        load_corpora(tmp_path)
    assert caught.value.exit_code == 2
    with pytest.raises(UsageError, match="unknown corpus 'IEMOCAP'"):
        load_corpora(tmp_path, ("IEMOCAP",))


def test_a_corpus_is_found_however_its_name_is_written():
    assert find_corpus("crema_d") is find_corpus("CremaD") is CORPORA["CREMA-D"]
    with pytest.raises(UsageError) as caught:
        find_corpus("IEMOCAP")
    assert "RAVDESS" in caught.value.remedy


@needs_corpora
def test_the_corpora_are_whole():
    found = load_corpora(SHARED / "data", ("CREMA-D", "RAVDESS", "TESS"))
    counts = Counter(u.corpus for u in found)
    assert counts == {"CREMA-D": 7442, "RAVDESS": 1440, "TESS": 2800}
    assert all(counts[name] == CORPORA[name].clips for name in counts)
    assert len({(u.corpus, u.clip) for u in found}) == len(found)
    speakers = {name: {u.speaker for u in found if u.corpus == name} for name in counts}
    assert {name: len(each) for name, each in speakers.items()} == {
        "CREMA-D": 91, "RAVDESS": 24, "TESS": 2,
    }  # fmt: skip


@needs_corpora
def test_all_of_crema_d_was_heard_by_listeners():
    clips = {u.clip: u for u in load_corpora(SHARED / "data", ("CREMA-D",))}
    assert clips["1001_IEO_NEU_XX"].votes == Votes((10, 1, 0, 0, 0, 0))
    assert clips["1001_IEO_HAP_LO"].votes == Votes((6, 3, 0, 0, 0, 0))
    assert all(u.votes and sum(u.votes.voice) for u in clips.values())
    summary = SHARED / "data" / "CREMA-D" / "processedResults" / "summaryTable.csv"
    with summary.open(newline="") as file:
        said = {row["FileName"]: row["VoiceVote"] for row in csv.DictReader(file)}
    for name, letter in said.items():
        if name in clips and len(letter) == 1:  # ties have several letters
            votes = clips[name].votes.voice
            assert "NHSAFD"[votes.index(max(votes))] == letter
