"""Nothing crosses a split: no speaker, no clip, no sound."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.shared import SHARED, needs_corpora
from voxemo_scan.errors import UsageError
from voxemo_scan.training.corpora import Utterance, load_corpora
from voxemo_scan.training.signals import clip_key
from voxemo_scan.training.splits import Split, drop_unsound, load_split


def names(part):
    return {u.clip for u in part}


@pytest.mark.parametrize("protocol", ["origin", "unseen-speakers"])
def test_no_clip_is_in_two_parts(data, protocol):
    split = load_split(protocol, load_corpora(data), folder=data / "splits")
    train, validation, test = map(names, (split.train, split.validation, split.test))
    assert train and validation and test
    assert not train & validation
    assert not (train | validation) & test


def test_unseen_speakers_are_unseen(data):
    split = load_split("unseen-speakers", load_corpora(data), folder=data / "splits")
    heard = {(u.corpus, u.speaker) for u in (*split.train, *split.validation)}
    assert not heard & {(u.corpus, u.speaker) for u in split.test}
    assert "1001_TIE_DIS_XX" not in names(split.train)


def test_the_origin_split_is_the_published_one(data):
    import json

    split = load_split("origin", load_corpora(data), folder=data / "splits")
    listed = json.loads((data / "splits" / "origin.json").read_text())
    assert names(split.test) == set(listed["test"])
    assert names(split.train) | names(split.validation) == set(listed["train"])


def test_unknown_protocols_and_missing_lists_say_so(data, tmp_path):
    with pytest.raises(UsageError, match="unknown protocol"):
        load_split("x", load_corpora(data), folder=data / "splits")
    with pytest.raises(UsageError, match="cannot be read"):
        load_split("origin", load_corpora(data), folder=tmp_path)


def utterance(clip, emotion="sad"):
    return Utterance("CREMA-D", clip, Path(clip), "1001", "male", emotion)


def parts(train="", validation="", test=""):
    return Split("origin", *(tuple(map(utterance, part)) for part in (train, validation, test)))


def sounds(**digests):
    return {("CREMA-D", clip): digest for digest, clips in digests.items() for clip in clips}


def test_sound_of_the_test_part_is_not_trained_on():
    kept = drop_unsound(
        parts("ab", "c", "d"), digests=sounds(x="ad", y="b", z="c"), silent=frozenset()
    )
    assert names(kept.train) == {"b"}
    assert names(kept.validation) == {"c"}
    assert names(kept.test) == {"d"}


def test_sound_under_two_labels_is_not_trained_on():
    split = parts("ab", "c", "d")
    split = replace(split, train=(*split.train, utterance("e", "angry")))
    digests = sounds(x="ae", y="b", z="c", w="d")
    assert names(drop_unsound(split, digests=digests, silent=frozenset()).train) == {"b"}


def test_of_identical_clips_one_is_kept_and_silent_ones_go():
    digests = sounds(x="abc", y="d", z="e")
    kept = drop_unsound(parts("abd", "ce"), digests=digests, silent=frozenset({("CREMA-D", "d")}))
    assert names(kept.train) == {"a"}
    assert names(kept.validation) == {"e"}


@given(st.lists(st.integers(0, 5), min_size=9, max_size=9))
def test_no_sound_is_ever_in_two_parts(numbers):
    clips = "abcdefghi"
    digests = {("CREMA-D", c): str(number) for c, number in zip(clips, numbers, strict=True)}
    kept = drop_unsound(parts("abc", "def", "ghi"), digests=digests, silent=frozenset())
    train, validation, test = (
        [digests[clip_key(u)] for u in part] for part in (kept.train, kept.validation, kept.test)
    )
    assert len(set(train)) == len(train)
    assert not set(train) & set(validation)
    assert not (set(train) | set(validation)) & set(test)
    assert names(kept.test) == set("ghi")


@needs_corpora
def test_the_real_corpora_split_as_published():
    utterances = load_corpora(SHARED / "data")
    unseen = load_split("unseen-speakers", utterances, folder=SHARED / "data" / "splits")
    crema_d = [
        len([u for u in p if u.corpus == "CREMA-D"])
        for p in (unseen.train, unseen.validation, unseen.test)
    ]
    assert crema_d == [5144, 738, 1556]
    origin = load_split("origin", utterances, folder=SHARED / "data" / "splits")
    assert (len(origin.train) + len(origin.validation), len(origin.test)) == (6952, 1738)
