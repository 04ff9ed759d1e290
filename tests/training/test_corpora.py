"""Corpora in their original layouts."""

import pytest

from voxemo_scan.errors import UsageError
from voxemo_scan.training.corpora import crema_d, load_corpora, ravdess


def test_crema_d_says_who_and_how(data):
    clips = {u.clip: u for u in crema_d(data / "CREMA-D")}
    angry = clips["1001_IEO_ANG_XX"]
    assert (angry.emotion, angry.speaker, angry.gender, angry.age) == ("angry", "1001", "male", 51)
    assert clips["1002_TIE_FEA_XX"].gender == "female"
    assert len(clips) == 36


def test_ravdess_counts_calm_as_neutral_and_leaves_surprise_out(data):
    clips = {u.clip: u for u in ravdess(data / "RAVDESS")}
    assert len(clips) == 18
    assert clips["03-01-01-01-01-01-02"].gender == "female"
    assert clips["03-01-06-01-01-01-03"].emotion == "fear"
    assert not any("-08-" in clip for clip in clips)


def test_a_missing_corpus_says_what_to_give(tmp_path):
    with pytest.raises(UsageError, match="CREMA-D") as caught:
        load_corpora(tmp_path)
    assert caught.value.exit_code == 2
