"""Two encoder networks that are joined: each one's heads say what they said."""

import sys
from dataclasses import replace

import pytest
import torch

from tests.models.conftest import SMALL
from tests.models.test_encoder import noise
from voxemo_scan.errors import UsageError
from voxemo_scan.models.encoder import EncoderNetwork
from voxemo_scan.models.head import HeadShape
from voxemo_scan.models.weights import EncoderDescription, load_network, save_network
from voxemo_scan.models.whisper import WhisperShape
from voxemo_scan.training.join import join, main

WIDE = replace(
    SMALL,
    whisper=WhisperShape(blocks=3, width=32, heads=2, inner=64),
    layers=(0, 1, 2, 3),
    head=HeadShape(layers=4, states=32, inner=16),
    wide_heads=2,
    deep_heads=0,
    adaptive_heads=1,
    clarity=True,
)


def untrained(shape, seed):
    torch.manual_seed(seed)
    network = EncoderNetwork(shape).eval()
    for head in network.heads:
        head.input_mean.normal_()
        head.input_scale.uniform_(0.5, 2.0)
    return network


@pytest.fixture
def narrow():
    return untrained(SMALL, 1)


@pytest.fixture
def wide():
    return untrained(WIDE, 2)


@pytest.fixture
@torch.no_grad()
def hearing():
    """A narrow network that hears voices, with numbers of its own everywhere."""
    shape = replace(SMALL, adaptive_heads=1, clarity=True, mixture=2)
    network = untrained(shape, 3)
    network.clarity.weight.normal_()
    network.listener.input_mean.normal_()
    network.listener.input_scale.uniform_(0.5, 2.0)
    network.listener.effects.normal_()
    network.mixture.directions.normal_()
    network.mixture.effects.normal_()
    return network


@torch.inference_mode()
@pytest.mark.parametrize("heads", [False, True])
def test_heads_say_what_they_said_over_the_blocks_that_are_left(narrow, wide, heads):
    joined = join(narrow, wide, heads=heads)
    deep = SMALL.deep_heads if heads else 0
    count = 2 + SMALL.wide_heads if heads else 2
    assert joined.shape == replace(
        WIDE, wide_heads=count, deep_heads=deep, adaptive_heads=0, clarity=False
    )
    sound = noise(20_000)
    heard, own = joined.hear([sound]), narrow.hear([sound])
    torch.testing.assert_close(heard.states[:, 1:3], own.states)  # the narrow one's blocks
    said = joined.logits(heard.states, heard.lengths)
    few = narrow.logits(own.states, own.lengths)
    many = wide.logits(heard.states, heard.lengths)[:2]
    order = [few[0], *many, few[1]] if heads else many
    for found, expected in zip(said, order, strict=True):
        torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)


@torch.inference_mode()
def test_what_hears_voices_and_clear_speech_is_the_narrow_ones(hearing, wide):
    joined = join(hearing, wide)
    assert torch.equal(joined.whisper.layers[2].fc1.weight, wide.whisper.layers[2].fc1.weight)
    summaries = torch.randn(5, 4, 2 * 32)
    mine, own = summaries.flatten(1), summaries[:, 1:3].flatten(1)
    torch.testing.assert_close(joined.clear(mine), hearing.clear(own))
    projected = joined.project(mine)
    torch.testing.assert_close(projected, hearing.project(own), atol=1e-5, rtol=1e-5)
    heard = torch.rand(5, SMALL.head.labels).softmax(dim=1)
    torch.testing.assert_close(
        joined.judge_voice(projected[:, None], heard),
        hearing.judge_voice(projected[:, None], heard),
    )


@pytest.mark.parametrize(
    "odd",
    [
        replace(SMALL, layers=(1, 2), head=replace(SMALL.head, inner=8)),
        replace(SMALL, whisper=WhisperShape(blocks=2, width=64, heads=2, inner=64)),
    ],
)
def test_what_does_not_fit_is_refused(odd, wide):
    with pytest.raises(UsageError, match="do not fit"):
        join(EncoderNetwork(odd), wide)


def test_a_wide_one_that_lacks_a_layer_is_refused(narrow):
    blind = replace(WIDE, layers=(0, 1, 3), head=replace(WIDE.head, layers=3))
    with pytest.raises(UsageError, match="do not fit"):
        join(narrow, EncoderNetwork(blind))


def written(network, path, *, protocol="unseen-speakers"):
    description = EncoderDescription(
        kind="encoder", name=path.stem, shape=network.shape, speeds=(1.0, 1.1), protocol=protocol
    )
    save_network(network, path, description=description)
    return path


def test_the_command_writes_a_file_that_says_what_it_is_of(narrow, wide, tmp_path, monkeypatch):
    files = [written(narrow, tmp_path / "n.safetensors"), written(wide, tmp_path / "w.safetensors")]
    out = tmp_path / "both.safetensors"
    monkeypatch.setattr(sys, "argv", ["join", *map(str, files), "-o", str(out)])
    main()
    found = load_network(out).description
    assert (found.name, found.protocol, found.speeds) == ("both", "unseen-speakers", (1.0, 1.1))
    assert found.shape == replace(WIDE, adaptive_heads=0, clarity=False)


def test_the_command_asks_both_ones_heads(narrow, wide, tmp_path, monkeypatch):
    files = [written(narrow, tmp_path / "n.safetensors"), written(wide, tmp_path / "w.safetensors")]
    out = tmp_path / "both.safetensors"
    monkeypatch.setattr(sys, "argv", ["join", "--heads", *map(str, files), "-o", str(out)])
    main()
    assert load_network(out).description.shape.wide_heads == 2 + SMALL.wide_heads


def test_the_command_refuses_networks_of_two_protocols(narrow, wide, tmp_path, monkeypatch):
    one = written(narrow, tmp_path / "n.safetensors", protocol="origin")
    other = written(wide, tmp_path / "w.safetensors")
    monkeypatch.setattr(sys, "argv", ["join", str(one), str(other), "-o", str(tmp_path / "x")])
    with pytest.raises(SystemExit, match="same protocol"):
        main()
    assert not (tmp_path / "x").exists()
