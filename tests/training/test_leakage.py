"""Nothing that a model learns from crosses into what it is measured on."""

import hashlib
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.shared import SHARED, needs_corpora
from voxemo_scan.errors import UsageError
from voxemo_scan.features.image import ImageOptions
from voxemo_scan.models.networks import ClassicShape
from voxemo_scan.models.weights import ClassicDescription
from voxemo_scan.training.corpora import Utterance, load_corpora
from voxemo_scan.training.fit import fit
from voxemo_scan.training.labels import EIGHT, SIX
from voxemo_scan.training.leak import refuse_leak
from voxemo_scan.training.recipe import Recipe
from voxemo_scan.training.signals import Signals, Sound, clip_key
from voxemo_scan.training.splits import PROTOCOLS, drop_unsound, load_split

DATA = SHARED / "data"
ACTORS = [f"{n:02d}" for n in range(1, 25)]
SPEAKER_DISJOINT = ("unseen-speakers", "emobox-ravdess")
FOLDS = [(name, fold) for name, protocol in PROTOCOLS.items() for fold in range(protocol.folds)]


def actors_clips():
    return [
        Utterance(
            "RAVDESS", f"{label}-{actor}", Path("x"), actor,
            "male" if int(actor) % 2 else "female", label,
        )
        for actor in ACTORS
        for label in EIGHT.labels
    ]  # fmt: skip


def speakers(part):
    return {(u.corpus, u.speaker) for u in part}


def keys(part):
    return [clip_key(u) for u in part]


@settings(max_examples=25)
@given(st.permutations(ACTORS))
def test_each_fold_tests_actors_that_neither_train_nor_validate(tmp_path_factory, order):
    folder = tmp_path_factory.mktemp("splits")
    folds = [order[start : start + 4] for start in range(0, 24, 4)]
    (folder / "emobox-ravdess.json").write_text(json.dumps({"folds": folds}))
    tested = []
    for fold in range(6):
        split = load_split("emobox-ravdess", actors_clips(), folder=folder, fold=fold)
        train, validation, test = map(speakers, (split.train, split.validation, split.test))
        assert (len(train), len(validation), len(test)) == (18, 2, 4)
        assert len(train | validation | test) == 24
        assert Counter(u.gender for u in split.validation) == {"male": 8, "female": 8}
        tested += test
    assert sorted(tested) == [("RAVDESS", actor) for actor in ACTORS]


def test_labels_that_are_left_out_are_in_no_part(tmp_path):
    folds = [ACTORS[start : start + 4] for start in range(0, 24, 4)]
    (tmp_path / "emobox-ravdess.json").write_text(json.dumps({"folds": folds}))
    split = load_split("emobox-ravdess", actors_clips(), folder=tmp_path, labels=SIX)
    said = {u.label for part in (split.train, split.validation, split.test) for u in part}
    assert said == {*SIX.labels, "calm"}  # which counts as neutral
    assert split.labels == SIX


def test_a_fold_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no fold 6"):
        load_split("emobox-ravdess", actors_clips(), folder=tmp_path, fold=6)


@pytest.fixture
def with_extra(data):
    """``unseen-speakers`` with two clips of a user's own, the first a copy of a test clip."""
    corpora = load_corpora(data)
    label = load_split("unseen-speakers", corpora, folder=data / "splits").test[3].label
    own = [Utterance("own", name, Path("x"), "me", None, label) for name in ("copy", "mine")]
    split = load_split("unseen-speakers", [*corpora, *own], folder=data / "splits")
    sounds = {clip_key(u): f"{n}" for n, u in enumerate((*split.train, *split.validation))}
    sounds |= {clip_key(u): f"test {n}" for n, u in enumerate(split.test)}
    return split, sounds | {("own", "copy"): "test 3"}


def test_other_corpora_are_learned_from_and_never_judged(with_extra):
    split, _ = with_extra
    assert {"own"} <= {u.corpus for u in split.train}
    assert "own" not in {u.corpus for u in (*split.validation, *split.test)}


def test_a_copy_of_a_test_clip_under_another_name_is_not_learned_from(with_extra):
    split, sounds = with_extra
    kept = drop_unsound(split, digests=sounds, silent=frozenset())
    assert ("own", "copy") not in keys(kept.train)
    assert ("own", "mine") in keys(kept.train)
    assert kept.test == split.test


@pytest.mark.parametrize("protocol", [p for p in PROTOCOLS if not PROTOCOLS[p].extensible])
def test_published_comparisons_learn_from_their_own_part_only(protocol, data):
    own = Utterance("own", "mine", Path("x"), "me", None, "sad")
    with pytest.raises(UsageError, match="own training part only"):
        load_split(protocol, [own], folder=data / "splits")


RECIPE = Recipe(
    name="tiny", labels=6, pooling="average", widths=(4, 4, 4, 4), epochs=2, batch=4, dropout=0.0
)


def test_nothing_fitted_changes_when_the_test_part_does(prepared, tmp_path):
    split, signals = prepared
    rng = np.random.default_rng(0)
    noise = {
        clip_key(u): Sound(rng.integers(-9000, 9000, 8000).astype(np.int16), 0, 8000, "noise")
        for u in split.test
    }
    other = Signals(signals.sounds | noise, signals.silent)
    shorter = replace(split, test=split.test[::2])
    one = fit(RECIPE, split, signals, seed=1, folder=tmp_path / "one").state_dict()
    two = fit(RECIPE, shorter, other, seed=1, folder=tmp_path / "two").state_dict()
    assert one["row_mean"].abs().sum() > 0
    for name, values in one.items():
        torch.testing.assert_close(two[name], values, rtol=0, atol=0)


def trained_on(protocol, *, fold=0):
    return ClassicDescription(
        name="net", shape=ClassicShape(labels=6), image=ImageOptions(), protocol=protocol, fold=fold
    )


def test_a_model_of_another_protocol_that_heard_the_test_is_refused(data):
    split = load_split("unseen-speakers", load_corpora(data), folder=data / "splits")
    with pytest.raises(UsageError, match="was trained on the origin protocol") as caught:
        refuse_leak([trained_on("unseen-speakers"), trained_on("origin")], split, data=data)
    listed = set(json.loads((data / "splits" / "origin.json").read_text())["train"])
    heard = sum(u.clip in listed for u in split.test)
    assert f"{heard} of the {len(split.test)} clips" in caught.value.message
    refuse_leak([trained_on("unseen-speakers")], split, data=data)


def test_a_model_that_learned_from_the_tested_corpus_besides_is_refused(data):
    split = load_split("unseen-speakers", load_corpora(data), folder=data / "splits")
    besides = trained_on("unseen-speakers").model_copy(update={"added": ("RAVDESS",)})
    heard = sum(u.corpus == "RAVDESS" for u in split.test)
    with pytest.raises(UsageError, match=f"RAVDESS too, which holds {heard} of the"):
        refuse_leak([besides], split, data=data)
    elsewhere = trained_on("unseen-speakers").model_copy(update={"added": ("TESS",)})
    refuse_leak([elsewhere], split, data=data)


@needs_corpora
def test_a_model_of_another_fold_is_refused():
    utterances = load_corpora(DATA, ["RAVDESS"])
    split = load_split("emobox-ravdess", utterances, folder=DATA / "splits", fold=2)
    refuse_leak([trained_on("emobox-ravdess", fold=2)], split, data=DATA)
    with pytest.raises(UsageError, match="240 of the 240 clips"):
        refuse_leak([trained_on("emobox-ravdess", fold=1)], split, data=DATA)
    with pytest.raises(UsageError, match="was trained on the unseen-speakers"):
        refuse_leak([trained_on("unseen-speakers")], split, data=DATA)


@pytest.fixture(scope="module")
def real():
    return load_corpora(DATA, ["CREMA-D", "RAVDESS"])


def real_split(real, protocol, fold):
    own = [u for u in real if u.corpus in PROTOCOLS[protocol].corpora]
    return load_split(protocol, own, folder=DATA / "splits", fold=fold)


@needs_corpora
@pytest.mark.parametrize(("protocol", "fold"), FOLDS)
def test_no_clip_and_no_unseen_speaker_crosses_a_real_split(real, protocol, fold):
    split = real_split(real, protocol, fold)
    every = [*keys(split.train), *keys(split.validation), *keys(split.test)]
    assert len(every) == len(set(every))
    if protocol in SPEAKER_DISJOINT:
        train, validation, test = map(speakers, (split.train, split.validation, split.test))
        assert not train & validation
        assert not (train | validation) & test


@needs_corpora
def test_the_real_folds_test_all_24_actors_once(real):
    tested = [speakers(real_split(real, "emobox-ravdess", fold).test) for fold in range(6)]
    assert [len(actors) for actors in tested] == [4] * 6
    assert len(set().union(*tested)) == 24


@needs_corpora
def test_the_real_folds_have_the_published_sizes(real):
    split = real_split(real, "emobox-cremad", 0)
    assert (len(split.train) + len(split.validation), len(split.test)) == (5586, 1856)
    assert [len(real_split(real, "emobox-ravdess", fold).test) for fold in range(6)] == [240] * 6


@pytest.fixture(scope="module")
def contents(real):
    """Of each clip what tells its sound: the checksum of its packets where a size comes twice."""
    sizes = Counter(u.path.stat().st_size for u in real)
    return {
        clip_key(u): _packets(u.path) if sizes[u.path.stat().st_size] > 1 else u.clip for u in real
    }


def _packets(path):
    found = hashlib.sha256()
    with av.open(str(path)) as container:
        for packet in container.demux(audio=0):
            found.update(bytes(packet))
    return found.hexdigest()


@needs_corpora
def test_no_sound_crosses_a_real_split(real, contents):
    twins = [n for n in Counter(contents.values()).values() if n > 1]
    assert twins == [2, 2, 2, 2]  # three pairs in CREMA-D, one in RAVDESS
    for protocol, fold in FOLDS:
        split = real_split(real, protocol, fold)
        kept = drop_unsound(split, digests=contents, silent=frozenset())
        train, validation, test = (
            [contents[key] for key in keys(part)]
            for part in (kept.train, kept.validation, kept.test)
        )
        assert len({*train, *validation}) == len(train) + len(validation)
        assert not {*train, *validation} & {*test}
        assert kept.test == split.test
