"""Training an encoder member's last blocks together with the heads over them, from the start."""

from dataclasses import replace

import pytest
import torch

from voxemo_scan.models.encoder import EncoderNetwork
from voxemo_scan.models.whisper import WhisperShape
from voxemo_scan.training.copies import Variation
from voxemo_scan.training.encoder_recipe import EncoderRecipe, Joint
from voxemo_scan.training.joint import hear_copies, train_jointly
from voxemo_scan.training.spectrograms import load_spectrograms

COPIES = (Variation(number=2),)
JOINT = Joint(
    blocks=1, epochs=2, heads_alone=0.5, batch=4, learning_rate=1e-3, averaging=0.5, copies=COPIES
)


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


@pytest.fixture(scope="module")
def bank(prepared, tmp_path_factory):
    split, signals = prepared
    clips = (*split.train, *split.validation)
    return load_spectrograms(clips, signals, COPIES, cache_folder=tmp_path_factory.mktemp("bank"))


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
def learn(recipe, prepared, bank, tmp_path):
    """Return a function that trains a network."""

    def train(network, joint=JOINT, *, folder="run", seed=1, on_epoch=lambda _: None):
        split, _ = prepared
        return train_jointly(
            network, recipe, joint, split, bank,
            seed=seed, folder=tmp_path / folder, on_epoch=on_epoch,
        )  # fmt: skip

    return train


@pytest.fixture
def tuned(network, start, learn):
    """Return a function that trains the untrained network; ``start`` stays what it was."""

    def train(*arguments, **options):
        network.load_state_dict(start)
        made = learn(network, *arguments, **options)
        return {name: tensor.clone() for name, tensor in made.state_dict().items()}

    return train


def same(one, other):
    return {name for name in one if torch.equal(one[name], other[name])}


def test_only_the_last_blocks_and_the_heads_are_trained(tuned, start):
    changed = start.keys() - same(start, tuned())
    assert changed
    assert all(name.startswith(("whisper.layers.1.", "heads.")) for name in changed)
    assert any(name.startswith("whisper.layers.1.fc1") for name in changed)
    assert any(name.endswith("input_mean") for name in changed)


def test_the_loss_falls(tuned, network, prepared, bank):
    split, _ = prepared
    losses = []
    tuned(
        JOINT.model_copy(update={"blocks": 2, "epochs": 20, "averaging": 0.9}),
        on_epoch=lambda report: losses.append(report.loss),
    )
    assert losses[-1] < 0.9 * losses[0]
    truth = split.labels.targets(u.label for u in split.train)
    with torch.inference_mode():
        said = [network.judge(*each)[0] for each in hear_copies(network, bank, split.train, copy=0)]
    assert (torch.cat(said).argmax(dim=1).numpy() == truth).mean() > 0.6


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


def test_a_finished_run_is_not_made_again(tuned):
    whole = tuned()
    epochs = []
    again = tuned(on_epoch=lambda report: epochs.append(report.epoch))
    assert not epochs
    assert same(whole, again) == whole.keys()
    other = tuned(seed=2, on_epoch=lambda report: epochs.append(report.epoch))
    assert epochs == [1, 2]
    assert same(whole, other) != whole.keys()


def test_heads_learn_alone_at_first(tuned, start):
    made = tuned(JOINT.model_copy(update={"heads_alone": 2.0, "weight_decay": 0.0}))
    rounded = {name: tensor.half().float() for name, tensor in start.items()}
    changed = {n for n in start if not {n} <= same(start, made) | same(rounded, made)}
    assert changed
    assert all(name.startswith("heads.") for name in changed)


def test_lower_blocks_learn_more_slowly(tuned, start):
    joint = JOINT.model_copy(
        update={"blocks": 2, "layer_decay": 0.01, "weight_decay": 0.0, "heads_alone": 0.0}
    )
    made = tuned(joint)

    def moved(block):
        name = f"whisper.layers.{block}.fc1.weight"
        return (made[name] - start[name]).abs().mean().item()

    assert 0 < moved(0) < 0.1 * moved(1)


def test_heads_that_hear_a_voice_beside_itself_stay_as_they_are(network, learn):
    torch.manual_seed(1)
    adaptive = EncoderNetwork(replace(network.shape, adaptive_heads=1)).eval()
    before = {name: tensor.clone() for name, tensor in adaptive.state_dict().items()}
    made = learn(adaptive).state_dict()
    changed = before.keys() - same(before, made)
    assert any(name.startswith("heads.1.") for name in changed)
    assert not any(name.startswith(("heads.2.", "listener.")) for name in changed)
