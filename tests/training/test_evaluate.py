"""Models held against protocols: folds, labels and subgroups."""

from pathlib import Path

import numpy as np
import pytest

from tests.support.actors import write_actors, write_networks
from voxemo_scan.errors import UsageError
from voxemo_scan.models.judgement import Judgement
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.evaluate import Heard, evaluate, join
from voxemo_scan.training.labels import EIGHT, SEVEN, SIX
from voxemo_scan.training.narrow import narrow
from voxemo_scan.training.subgroups import subgroups
from voxemo_scan.training.trial import Trial, folds_of, hold, trained_for


def utterance(clip, label="sad", **known):
    values = {"corpus": "CREMA-D", "speaker": "1001", "gender": "male"} | known
    return Utterance(clip=clip, path=Path(clip), label=label, **values)


class Named:
    name, parameters, sha256 = "model", 7, {"file": "0" * 64}


def certain(*places, count=6):
    return np.eye(count)[list(places)]


def test_a_label_that_counts_as_another_gives_it_its_probability():
    said = np.array([[0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.3]])
    (seven,) = narrow(Judgement(said), heard=EIGHT, wanted=SEVEN).probabilities
    assert seven == pytest.approx([0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])
    (six,) = narrow(Judgement(said), heard=EIGHT, wanted=SIX).probabilities
    assert six == pytest.approx(np.array([0.4, 0.1, 0.1, 0.1, 0.1, 0.1]) / 0.9)


def test_certainty_of_a_label_that_is_left_out_says_nothing_of_the_rest():
    found = narrow(Judgement(certain(6, count=8)), heard=EIGHT, wanted=SIX)
    assert found.probabilities[0] == pytest.approx([1 / 6] * 6)


def test_labels_that_a_model_does_not_know_are_not_asked_of_it():
    with pytest.raises(UsageError, match="does not know surprised, calm") as caught:
        narrow(Judgement(certain(0)), heard=SIX, wanted=EIGHT)
    assert caught.value.remedy == "evaluate it with --labels 6"


def test_clips_are_divided_by_what_is_known_of_them():
    clips = [
        utterance("a", gender="female", age=29, intensity="high"),
        utterance("b", age=30, intensity="low"),
        utterance("c", age=49),
        utterance("d", age=50, gender=None),
        utterance("e", corpus="own", intensity="high"),
    ]
    found = {
        (g.sort, g.name): "".join(np.array(list("abcde"))[g.members]) for g in subgroups(clips)
    }
    assert found == {
        ("all", "all"): "abcde",
        ("corpus", "CREMA-D"): "abcd", ("corpus", "own"): "e",
        ("sex", "CREMA-D, female"): "a", ("sex", "CREMA-D, male"): "bc",
        ("age", "CREMA-D, under 30"): "a", ("age", "CREMA-D, 30 to 49"): "bc",
        ("age", "CREMA-D, 50 and over"): "d",
        ("intensity", "CREMA-D, low"): "b", ("intensity", "CREMA-D, high"): "a",
    }  # fmt: skip


def test_one_corpus_is_divided_without_saying_its_name():
    clips = [utterance("a", gender="female"), utterance("b")]
    assert [g.name for g in subgroups(clips)] == ["all", "female", "male"]


def test_a_division_that_tells_none_apart_is_left_out():
    assert [g.sort for g in subgroups([utterance("a"), utterance("b")])] == ["all"]


def test_each_subgroup_has_its_own_figures():
    clips = (
        utterance("a", gender="female"), utterance("b", gender="female"),
        utterance("c"), utterance("d", gender=None),
    )  # fmt: skip
    female = np.array([0.9, 0.2, 0.1, 0.9])
    heard = Heard(clips, Judgement(certain(2, 2, 2, 0), female), np.zeros(4, dtype=np.int64))
    found = {p.part: p for p in evaluate(heard, protocol="x", labels=SIX, judge=Named()).parts}
    assert [found[n].metrics.wa for n in ("all", "female", "male")] == [0.75, 1.0, 1.0]
    assert found["all"].gender_accuracy == pytest.approx(2 / 3)  # d's is not known
    assert found["female"].gender_accuracy == pytest.approx(0.5)


def test_the_ua_to_quote_is_the_mean_of_the_folds():
    first = Heard((utterance("a"), utterance("b")), Judgement(certain(2, 2)), np.array([0, 0]))
    second = Heard((utterance("c"),), Judgement(certain(0)), np.array([4]))
    found = evaluate(join([first, second]), protocol="x", labels=SIX, judge=Named())
    assert found.fold_ua == {0: 1.0, 4: 0.0}
    assert found.ua == pytest.approx(0.5)
    assert found.whole.ua == pytest.approx(2 / 3)


def test_one_fold_is_quoted_as_it_is():
    heard = Heard((utterance("a"),), Judgement(certain(2)), np.array([3]))
    found = evaluate(heard, protocol="x", labels=SIX, judge=Named())
    assert (found.fold_ua, found.ua) == ({}, 1.0)


@pytest.fixture(scope="module")
def actors(tmp_path_factory):
    return write_actors(tmp_path_factory.mktemp("actors"))


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return write_networks(tmp_path_factory.mktemp("networks"))


def held(actors, cache, weights, *, fold=None, labels=SIX):
    folds = folds_of("emobox-ravdess", fold=fold)
    models = trained_for(folds, protocol="emobox-ravdess", weights=weights)
    trial = Trial("emobox-ravdess", folds, labels=labels)
    return hold(models, trial, data=actors, cache_folder=cache)


def test_each_fold_is_judged_by_its_own_model(actors, cache, weights):
    every = held(actors, cache, weights)
    alone = {fold: held(actors, cache, weights, fold=fold) for fold in (0, 4)}
    assert every.whole.clips == 6 * 7  # surprised is left out
    assert list(every.fold_ua) == [0, 1, 2, 3, 4, 5]
    for fold, found in alone.items():
        assert found.whole.clips == 7
        assert found.ua == every.fold_ua[fold]
    assert len(set(every.sha256.values())) == 6
    assert set(alone[4].sha256.values()) == {every.sha256["fold 4: net.safetensors"]}
    assert every.parameters == alone[0].parameters


def test_a_fold_without_weights_is_named(weights):
    with pytest.raises(UsageError, match="no weights of emobox-ravdess's fold 1, 5"):
        trained_for(range(6), protocol="emobox-ravdess", weights=[weights[n] for n in (0, 2, 3, 4)])


def test_six_labels_cannot_be_held_against_eight(actors, cache, weights):
    with pytest.raises(UsageError, match="does not know surprised, calm"):
        held(actors, cache, weights, fold=0, labels=None)


def test_files_of_one_name_keep_a_checksum_each(actors, cache, weights, tmp_path):
    twin = write_networks(tmp_path, folds=[0])
    twin[0].write_bytes(weights[0].read_bytes())
    found = held(actors, cache, [weights[0], *twin], fold=0)
    assert len(found.sha256) == 2


def test_the_level_of_weights_that_do_not_say_is_not_guessed(actors, cache, weights):
    models = trained_for((0,), protocol="emobox-ravdess", weights=weights)
    trial = Trial("emobox-ravdess", labels=SIX, levelling="clip")
    with pytest.raises(UsageError, match="level that these weights learned from"):
        hold(models, trial, data=actors, cache_folder=cache)
