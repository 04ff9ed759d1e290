"""Training an encoder member's last blocks further."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from voxemo_scan.models.encoder import EncoderNetwork
from voxemo_scan.models.whisper import WhisperShape
from voxemo_scan.training.copies import Variation
from voxemo_scan.training.encoder_recipe import EncoderRecipe, Tuning
from voxemo_scan.training.tune import judge_whole, tune

TUNING = Tuning(blocks=1, epochs=2, batch=4, learning_rate=1e-3, averaging=0.5)


@pytest.fixture(scope="module")
def recipe():
    return EncoderRecipe(
        kind="encoder",
        name="small",
        blocks=2,
        layers=(0, 1, 2),
        inner=16,
        wide={"heads": 1, "epochs": 1, "batch": 6},
        deep={"heads": 1, "epochs": 1, "batch": 6},
    )


@pytest.fixture
def network(recipe):
    """A network of the recipe's parts, narrower than Whisper's."""
    torch.manual_seed(0)
    whisper = WhisperShape(blocks=2, width=64, heads=2, inner=128)
    shape = replace(
        recipe.shape, whisper=whisper, head=replace(recipe.shape.head, states=64, dropout=0.1)
    )
    return EncoderNetwork(shape).eval()


@pytest.fixture
def start(network):
    return {name: tensor.clone() for name, tensor in network.state_dict().items()}


@pytest.fixture
def tuned(network, start, recipe, prepared, tmp_path):
    """Return a function that trains the untrained network further; ``start`` stays what it was."""

    def train(tuning=TUNING, *, folder="run", seed=1, on_epoch=lambda _: None):
        network.load_state_dict(start)
        split, signals = prepared
        made = tune(
            network, recipe, tuning, split, signals,
            seed=seed, folder=tmp_path / folder, on_epoch=on_epoch,
        )  # fmt: skip
        return {name: tensor.clone() for name, tensor in made.state_dict().items()}

    return train


def same(one, other):
    return {name for name in one if torch.equal(one[name], other[name])}


def test_only_the_last_blocks_and_the_heads_are_trained(tuned, start):
    changed = start.keys() - same(start, tuned())
    assert changed
    assert all(name.startswith(("whisper.layers.1.", "heads.")) for name in changed)
    assert any(name.startswith("whisper.layers.1.fc1") for name in changed)
    assert not any("input_" in name for name in changed)


def test_the_loss_falls(tuned, network, prepared):
    split, signals = prepared
    losses = []
    copies = Variation(varied=0.0)
    tuned(
        TUNING.model_copy(update={"blocks": 2, "epochs": 20, "copies": copies}),
        on_epoch=lambda report: losses.append(report.loss),
    )
    assert losses[-1] < 0.9 * losses[0]
    said = judge_whole(network, [signals.whole(u) for u in split.train])
    assert said[:, :6].sum(axis=1) == pytest.approx(np.ones(len(split.train)))


def test_the_same_seed_gives_the_same_weights(tuned):
    one, again, other = tuned(folder="1"), tuned(folder="2"), tuned(folder="3", seed=2)
    assert same(one, again) == one.keys()
    assert same(one, other) != one.keys()


def test_a_killed_run_is_taken_up_where_its_last_epoch_ended(tuned):
    class KilledError(Exception):
        pass

    def kill(report):
        raise KilledError

    whole = tuned(folder="whole")
    with pytest.raises(KilledError):
        tuned(folder="killed", on_epoch=kill)
    epochs = []
    resumed = tuned(folder="killed", on_epoch=lambda report: epochs.append(report.epoch))
    assert epochs == [2]
    assert same(whole, resumed) == whole.keys()


def test_runs_are_averaged_with_each_other_and_with_what_they_started_from(tuned, start):
    alone = tuned(folder="alone")
    half = tuned(TUNING.model_copy(update={"start": 1.0}), folder="half")
    three = tuned(TUNING.model_copy(update={"start": 1.0, "runs": 2}), folder="three")
    for name, tensor in start.items():
        torch.testing.assert_close(half[name], (tensor + alone[name]) / 2)
    second = {name: 3 * three[name] - 2 * half[name] for name in start}
    name = "whisper.layers.1.fc1.weight"
    assert not torch.allclose(second[name], alone[name], atol=1e-5)
    assert not torch.allclose(second[name], start[name], atol=1e-5)


def test_lower_blocks_learn_more_slowly(tuned, start):
    tuning = TUNING.model_copy(update={"blocks": 2, "layer_decay": 0.01, "weight_decay": 0.0})
    made = tuned(tuning)

    def moved(block):
        name = f"whisper.layers.{block}.fc1.weight"
        return (made[name] - start[name]).abs().mean().item()

    assert 0 < moved(0) < 0.1 * moved(1)


def test_heads_that_hear_a_voice_beside_itself_stay_as_they_are(
    network, recipe, prepared, tmp_path
):
    torch.manual_seed(1)
    adaptive = EncoderNetwork(replace(network.shape, adaptive_heads=1)).eval()
    before = {name: tensor.clone() for name, tensor in adaptive.state_dict().items()}
    split, signals = prepared
    made = tune(adaptive, recipe, TUNING, split, signals, seed=1, folder=tmp_path).state_dict()
    changed = before.keys() - same(before, made)
    assert any(name.startswith("heads.1.") for name in changed)
    assert not any(name.startswith(("heads.2.", "listener.")) for name in changed)
