"""What heads see of a stretch, and how much each of them says."""

from dataclasses import replace

import pytest
import torch

from tests.models.conftest import SMALL
from tests.models.test_encoder import noise
from voxemo_scan.models.encoder import EncoderNetwork
from voxemo_scan.models.head import HeadShape, LinearHead, WideHead, means_of
from voxemo_scan.models.quick import Piece, QuickNetwork

SHAPE = HeadShape(layers=2, states=8, inner=12, familiar=4)


@pytest.fixture
def summaries():
    return torch.randn(5, SHAPE.summary, generator=torch.Generator().manual_seed(0))


def with_other_deviations(summaries):
    changed = summaries.clone().view(len(summaries), SHAPE.layers, 2, SHAPE.states)
    changed[:, :, 1] += 1.0
    return changed.flatten(1)


def test_means_are_told_from_deviations(summaries):
    means = means_of(summaries, layers=2)
    assert torch.equal(means, torch.cat([summaries[:, :8], summaries[:, 16:24]], dim=1))
    assert torch.equal(means_of(summaries[0], layers=2), means[0])


@pytest.mark.parametrize("head", [WideHead(replace(SHAPE, deviations=False)), LinearHead(SHAPE)])
def test_a_head_of_means_does_not_see_deviations(head, summaries):
    head.eval()
    assert sum(p.numel() for p in head.parameters()) < sum(
        p.numel() for p in WideHead(SHAPE).parameters()
    )
    said, female = head.judge(head.standardise(summaries))
    again, woman = head.judge(head.standardise(with_other_deviations(summaries)))
    assert torch.equal(said, again)
    assert torch.equal(female, woman)
    other, _ = head.judge(head.standardise(summaries + 1.0))
    assert not torch.allclose(said, other)


def test_a_wide_head_sees_them(summaries):
    head = WideHead(SHAPE).eval()
    said, again = (
        head.judge(head.standardise(each))[0]
        for each in (summaries, with_other_deviations(summaries))
    )
    assert not torch.allclose(said, again)


def network(**changes):
    torch.manual_seed(3)
    return EncoderNetwork(replace(SMALL, **changes)).eval()


def with_strangeness(made, strange):
    """Let all that the network hears sound so strange."""
    linear = made.heads[made.shape.tuned]
    linear.usual.copy_(torch.tensor([-strange * 1e6, 1e6]))
    return made


@pytest.mark.parametrize(("strange", "weight"), [(-9.0, 0.25), (9.0, 0.75), (2.5, 0.5)])
def test_the_stranger_a_stretch_sounds_the_more_a_linear_head_says(strange, weight):
    made = network(linear_weights=(0.25, 0.75), adaptive_heads=2, adaptive_means=1)
    with_strangeness(made, strange)
    assert [type(head).__name__ for head in made.heads] == [
        "WideHead", "DeepHead", "LinearHead", "WideHead", "WideHead",
    ]  # fmt: skip
    assert [head.shape.deviations for head in made.heads[3:]] == [True, False]
    with torch.inference_mode():
        heard = made.hear([noise(32_000), noise(20_000)])
        each = made.logits(heard.states, heard.lengths)
        emotions, female = made.judge(heard.states, heard.lengths)
    rest = (1.0 - weight) / 2
    said = torch.stack([logits.softmax(dim=1) for logits, _ in each[:3]])
    torch.testing.assert_close(
        emotions, rest * (said[0] + said[1]) + weight * said[2], atol=1e-5, rtol=1e-4
    )
    woman = torch.stack([logit.sigmoid() for _, logit in each[:3]])
    torch.testing.assert_close(
        female, rest * (woman[0] + woman[1]) + weight * woman[2], atol=1e-5, rtol=1e-4
    )


@pytest.mark.parametrize(
    "changes",
    [{"linear_weights": (0.2, 0.8)}, {"linear_weights": (0.2, 0.8), "deep_heads": 0}],
)
def test_quickly_heard_it_says_the_same(changes):
    made = network(**changes)
    signal = noise(32_000)
    with torch.inference_mode():
        whole = made.hear([signal])
        heard = QuickNetwork(made).listen([Piece(signal, [(0, int(whole.lengths[0]))])])[0][0]
        found = made.decide(heard.summaries, heard.deep)
        expected = made.judge(whole.states, whole.lengths)
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, atol=2e-2, rtol=2e-2)


def test_without_weights_there_is_no_linear_head():
    made = network()
    assert made.shape.linear_heads == 0
    assert made.shape.tuned == len(made.heads) == 2
    assert network(wide_heads=0, deep_heads=0, adaptive_heads=1).shape.asked_alone == 1
