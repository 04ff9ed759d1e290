"""Training an encoder member: from a file of initial weights to a file that judges clips."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from voxemo_scan.errors import MissingError, UsageError
from voxemo_scan.models.registry import load_files
from voxemo_scan.models.weights import load_description
from voxemo_scan.models.whisper import WhisperBlocks, WhisperShape
from voxemo_scan.training.clips import EnsembleJudge
from voxemo_scan.training.copies import Copy
from voxemo_scan.training.encoder_fit import Batch, Targets, make_targets, mix_up
from voxemo_scan.training.encoder_recipe import EncoderRecipe, Tuning
from voxemo_scan.training.initial import initial_file, load_initial
from voxemo_scan.training.labels import SIX
from voxemo_scan.training.prepare import prepare
from voxemo_scan.training.recipe import load_recipe
from voxemo_scan.training.run import train_to_file
from voxemo_scan.training.signals import Sound


@pytest.fixture(scope="module")
def initial(tmp_path_factory):
    """A Whisper encoder of one block with random weights, in the names of the original."""
    torch.manual_seed(0)
    blocks = WhisperBlocks(WhisperShape(blocks=1))
    path = tmp_path_factory.mktemp("initial") / "model.safetensors"
    save_file({f"model.encoder.{n}": t.half() for n, t in blocks.state_dict().items()}, path)
    return path


@pytest.fixture(scope="module")
def recipe():
    return EncoderRecipe(
        kind="encoder",
        name="small",
        blocks=1,
        layers=(0, 1),
        inner=32,
        copies=(Copy(), Copy(speed=1.1, margin=0.8, gain_db=6.0)),
        wide={"heads": 1, "epochs": 8, "batch": 6},
        deep={"heads": 1, "epochs": 8, "batch": 6},
    )


@pytest.fixture(scope="module")
def ready(data, tmp_path_factory):
    return prepare("unseen-speakers", data=data, cache_folder=tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def trained(recipe, ready, initial, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained")
    return train_to_file(recipe, ready, seed=1, folder=folder, encoder=str(initial))


def test_it_learns_what_can_be_learned(trained, ready):
    judge = EnsembleJudge(load_files([trained]))
    heard = judge.judge([ready.signals.clip(u) for u in ready.split.test])
    truth = SIX.targets(u.label for u in ready.split.test)
    assert (heard.probabilities.argmax(axis=1) == truth).mean() > 0.5
    assert heard.female.shape == (len(truth),)


def test_the_same_seed_gives_the_same_file(trained, recipe, ready, initial, tmp_path):
    again = train_to_file(recipe, ready, seed=1, folder=tmp_path, encoder=str(initial))
    assert again.read_bytes() == trained.read_bytes()
    other = train_to_file(recipe, ready, seed=2, folder=tmp_path / "2", encoder=str(initial))
    assert other.read_bytes() != trained.read_bytes()


def test_its_blocks_can_be_trained_further(trained, recipe, ready, initial, tmp_path):
    tuning = Tuning(blocks=1, epochs=1, batch=6, start=1.0)
    further = recipe.model_copy(update={"tuning": tuning})
    path = train_to_file(further, ready, seed=1, folder=tmp_path, encoder=str(initial))
    before, after = load_file(trained), load_file(path)
    name = "whisper.layers.0.fc1.weight"
    assert not torch.equal(before[name], after[name])
    torch.testing.assert_close(before["whisper.conv1.weight"], after["whisper.conv1.weight"])
    assert load_description(path).recipe["tuning"]["blocks"] == 1
    heard = EnsembleJudge(load_files([path])).judge(
        [ready.signals.clip(u) for u in ready.split.test]
    )
    truth = SIX.targets(u.label for u in ready.split.test)
    assert (heard.probabilities.argmax(axis=1) == truth).mean() > 0.5


def test_it_can_learn_from_the_validation_part_too(trained, recipe, ready, initial, tmp_path):
    split = ready.split.merge()
    assert len(split.train) == len(ready.split.train) + len(ready.split.validation)
    merged = replace(ready, split=split)
    path = train_to_file(recipe, merged, seed=1, folder=tmp_path, encoder=str(initial))
    assert load_description(path).merged
    assert not load_description(trained).merged
    before, after = load_file(trained), load_file(path)
    assert not torch.equal(before["heads.0.input_mean"], after["heads.0.input_mean"])
    with pytest.raises(UsageError, match="not trained without a validation part"):
        train_to_file(load_recipe("logistic"), merged, seed=1, folder=tmp_path)


def test_nothing_of_the_test_part_reaches_the_weights(trained, recipe, data, initial, tmp_path):
    """Learned from clips whose test part is another one, the file is the same."""
    ready = prepare("unseen-speakers", data=data, cache_folder=tmp_path / "cache")
    changed = replace(ready, split=replace(ready.split, test=ready.split.validation))
    again = train_to_file(recipe, changed, seed=1, folder=tmp_path, encoder=str(initial))
    before, after = load_file(trained), load_file(again)
    assert before.keys() == after.keys()
    for name, tensor in before.items():
        torch.testing.assert_close(after[name], tensor, msg=name)


def test_the_file_says_how_it_was_made(trained, recipe):
    description = load_description(trained)
    assert description.kind == "encoder"
    assert description.protocol == "unseen-speakers"
    assert description.recipe == recipe.model_dump(mode="json")


def test_initial_weights_are_taken_by_name_of_their_tensors(initial):
    blocks, sha256 = load_initial(initial, WhisperShape(blocks=1))
    original = load_file(initial)
    torch.testing.assert_close(blocks.conv1.weight, original["model.encoder.conv1.weight"].float())
    assert len(sha256) == 64


def test_too_few_blocks_are_refused(initial):
    with pytest.raises(MissingError, match="no Whisper encoder of 2 blocks"):
        load_initial(initial, WhisperShape(blocks=2))


def test_a_local_file_needs_no_network(initial):
    assert initial_file(str(initial)) == initial


def test_a_model_is_had_from_the_hub_by_name(initial, tmp_path):
    """The hub's own client fetches the file from a server that answers as the hub does."""
    import os
    import subprocess
    import sys

    from tests.support.hub import hub

    with hub({"openai/whisper-base": {"model.safetensors": initial.read_bytes()}}) as address:
        environment = os.environ | {"HF_ENDPOINT": address, "HF_HOME": str(tmp_path)}
        code = (
            "from voxemo_scan.training.initial import initial_file\n"
            "print(initial_file('openai/whisper-base'))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        fetched = done.stdout.strip().splitlines()[-1]
    assert str(tmp_path) in fetched
    from pathlib import Path

    assert Path(fetched).read_bytes() == initial.read_bytes()


def test_a_model_that_is_nowhere_is_a_clear_error(monkeypatch):
    with pytest.raises(MissingError, match="not to be had") as caught:
        initial_file("no such/name at all")
    assert "--encoder" in caught.value.remedy


def sound(samples, *, start, end):
    rng = np.random.default_rng(0)
    return Sound(rng.integers(-9000, 9000, samples).astype(np.int16), start, end, "x")


def test_a_copy_is_cut_only_where_there_is_no_speech():
    clip = sound(32_000, start=8000, end=24_000)
    assert np.array_equal(Copy().of(clip, key=("a", "b")), clip.whole())
    cut = Copy(margin=1.0).of(clip, key=("a", "b"))
    speech = clip.speech()
    assert len(speech) <= len(cut) < len(clip.pcm)
    at = np.flatnonzero(np.isclose(cut[: len(cut) - len(speech) + 1], speech[0]))
    assert any(np.allclose(cut[n : n + len(speech)], speech) for n in at)


def test_a_faster_copy_is_shorter_and_each_clip_has_its_own():
    clip = sound(32_000, start=8000, end=24_000)
    assert len(Copy(speed=1.25).of(clip, key=("a", "b"))) == pytest.approx(25_600, abs=2)
    louder = Copy(gain_db=6.0)
    one, two = (np.abs(louder.of(clip, key=("a", name))).max() for name in "bc")
    assert one != two
    assert np.array_equal(louder.of(clip, key=("a", "b")), louder.of(clip, key=("a", "b")))


def test_votes_soften_targets(ready, recipe):
    from voxemo_scan.training.corpora import Votes

    angry = next(u for u in ready.split.train if u.label == "angry")
    voted = replace(angry, votes=Votes((2, 0, 0, 6, 0, 0)))
    soft = recipe.model_copy(update={"votes": 0.5})
    assert make_targets(soft, [angry]).emotions.tolist() == [[0, 0, 0, 1, 0, 0]]
    assert make_targets(soft, [voted]).emotions.tolist() == [[0.125, 0, 0, 0.875, 0, 0]]


def test_blends_keep_what_is_to_be_heard_a_distribution():
    rng = np.random.default_rng(0)
    targets = Targets(torch.eye(6), torch.tensor([0.0, 1, 0, 1, 0, 1]))
    batch = Batch(torch.randn(6, 2, 5, 3), torch.tensor([5, 4, 5, 3, 5, 5]), targets)
    blended = mix_up(batch, 0.4, rng)
    torch.testing.assert_close(blended.wanted.emotions.sum(1), torch.ones(6))
    assert (blended.lengths <= batch.lengths).all()
    assert mix_up(batch, 0.0, rng) is batch


def test_the_recipes_of_the_tool_can_be_read():
    assert load_recipe("encoder6").shape.head.labels == 6
    assert load_recipe("encoder8").shape.head.labels == 8
