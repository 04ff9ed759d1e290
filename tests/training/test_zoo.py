"""Classic machine-learning models: they learn, come back from their files, and leak nothing."""

from dataclasses import replace

import numpy as np
import pytest

from voxemo_scan.errors import MissingError, UsageError
from voxemo_scan.features.summary import SUMMARY_NAMES, frames, summary
from voxemo_scan.training.leaderboard import rank, to_json, to_markdown
from voxemo_scan.training.prepare import prepare
from voxemo_scan.training.recipe import load_recipe, recipe_names
from voxemo_scan.training.run import train_to_file
from voxemo_scan.training.zoo.judge import load_zoo
from voxemo_scan.training.zoo.recipe import ZooRecipe

ZOO = [name for name in recipe_names() if isinstance(load_recipe(name), ZooRecipe)]
RATE = 16_000


def tone(frequency_hz, *, seconds=1.0):
    time_s = np.arange(round(seconds * RATE)) / RATE
    return (0.5 * np.sin(2 * np.pi * frequency_hz * time_s)).astype(np.float32)


def test_a_tone_has_its_chroma_centroid_and_crossings():
    found = dict(zip(SUMMARY_NAMES, summary(tone(440.0)), strict=True))
    chroma = [found[f"chroma {n}"] for n in range(12)]
    assert int(np.argmax(chroma)) == 9  # A, counted from C
    assert found["spectral centroid Hz"] == pytest.approx(440, rel=0.1)
    assert found["zero crossings a sample"] == pytest.approx(2 * 440 / RATE, rel=0.1)


def test_summaries_of_silence_and_of_almost_nothing_are_finite():
    for signal in (np.zeros(8000, np.float32), tone(300.0, seconds=0.02)):
        assert summary(signal).shape == (len(SUMMARY_NAMES),)
        assert np.isfinite(summary(signal)).all()
        assert np.isfinite(frames(signal)).all()
    assert frames(tone(300.0)).shape == (63, 80)


@pytest.fixture(scope="module")
def ready(data, tmp_path_factory):
    found = prepare("unseen-speakers", data=data, cache_folder=tmp_path_factory.mktemp("cache"))
    split = found.split  # in which only men are learned from; let there be women too
    return replace(found, split=replace(split, train=(*split.train, *split.validation)))


def quick(name):
    """Return a recipe of the tool, its search left out and its training short."""
    recipe = load_recipe(name)
    return recipe.model_copy(update={"grid": {}, "epochs": 30, "hidden": 16})


@pytest.mark.parametrize("name", ZOO)
def test_each_learns_tones_that_mean_emotions(name, ready, tmp_path):
    path = train_to_file(quick(name), ready, seed=1, folder=tmp_path)
    model = load_zoo(path)
    clips = [ready.signals.clip(u) for u in ready.split.test]
    truth = model.labels.targets(u.label for u in ready.split.test)
    said = model.judge(clips).probabilities
    np.testing.assert_allclose(said.sum(axis=1), 1.0, atol=1e-6)
    assert (said.argmax(axis=1) == truth).mean() > 0.4
    assert model.parameters > 0
    assert model.name == name


@pytest.mark.parametrize("name", ["forest-pruned", "logistic", "lstm"])
def test_the_same_seed_judges_alike_and_the_test_part_changes_nothing(name, ready, tmp_path):
    changed = replace(ready, split=replace(ready.split, test=ready.split.validation))
    clips = [ready.signals.clip(u) for u in ready.split.validation]
    one, other = (
        load_zoo(train_to_file(quick(name), each, seed=1, folder=tmp_path / str(n)))
        for n, each in enumerate((ready, changed))
    )
    np.testing.assert_array_equal(one.judge(clips).probabilities, other.judge(clips).probabilities)


def test_a_search_chooses_by_folds_of_speakers(ready, tmp_path):
    recipe = load_recipe("neighbours").model_copy(update={"grid": {"n_neighbors": (1, 3)}})
    model = load_zoo(train_to_file(recipe, ready, seed=1, folder=tmp_path))
    assert model.estimators["all"]["model"].n_neighbors in {1, 3}


def test_pruning_keeps_what_was_asked(ready, tmp_path):
    model = load_zoo(train_to_file(quick("forest-pruned"), ready, seed=1, folder=tmp_path))
    assert model.estimators["all"]["prune"].get_support().sum() == 60


def test_forests_by_gender_hear_the_gender_themselves(ready, tmp_path):
    model = load_zoo(train_to_file(quick("forest-per-gender"), ready, seed=1, folder=tmp_path))
    assert set(model.estimators) == {"gender", "female", "male"}
    heard = model.judge([ready.signals.clip(u) for u in ready.split.test])
    assert ((heard.female >= 0) & (heard.female <= 1)).all()


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_another_file_is_refused(tmp_path, content):
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(MissingError, match="holds no model"):
        load_zoo(path)


def test_a_pickle_in_the_place_of_a_model_is_refused(ready, tmp_path):
    """What would run code when it is read is not read."""
    import pickle
    import zipfile

    path = train_to_file(quick("logistic"), ready, seed=1, folder=tmp_path)
    with zipfile.ZipFile(path) as archive:
        description = archive.read("description.json")
    evil = tmp_path / "evil.zip"
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr("description.json", description)
        archive.writestr("all.skops", pickle.dumps(print))
    with pytest.raises(MissingError, match="holds no model"):
        load_zoo(evil)


def test_the_leaderboard_ranks_all(data, tmp_path, monkeypatch):
    monkeypatch.setenv("VOXEMO_CACHE", str(tmp_path / "cache"))
    board = rank("origin", data=data, runs=tmp_path / "runs", labels=6, seed=1)
    assert {entry.evaluation.model for entry in board.entries} == set(ZOO)
    uas = [entry.evaluation.ua for entry in board.entries]
    assert uas == sorted(uas, reverse=True)
    values = to_json(board, command="x")
    assert [model["ua"] for model in values["models"]] == uas
    assert to_markdown(board, command="x").count("\n| ") == len(ZOO) + 1


def test_forests_by_gender_need_both(data, tmp_path):
    men = prepare("unseen-speakers", data=data, cache_folder=tmp_path)
    with pytest.raises(UsageError, match="women and of men"):
        train_to_file(quick("forest-per-gender"), men, seed=1, folder=tmp_path)
