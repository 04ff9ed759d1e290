"""What heads see of a stretch."""

from dataclasses import replace

import pytest
import torch

from tests.models.conftest import SMALL
from voxemo_scan.models.encoder import EncoderNetwork
from voxemo_scan.models.head import HeadShape, WideHead

SHAPE = HeadShape(layers=2, states=8, inner=12)
MEANS = replace(SHAPE, deviations=False)


@pytest.fixture
def summaries():
    return torch.randn(5, SHAPE.summary, generator=torch.Generator().manual_seed(0))


def with_other_deviations(summaries):
    changed = summaries.clone().view(len(summaries), SHAPE.layers, 2, SHAPE.states)
    changed[:, :, 1] += 1.0
    return changed.flatten(1)


def test_a_head_of_means_does_not_see_deviations(summaries):
    head, other = WideHead(MEANS).eval(), WideHead(SHAPE).eval()
    assert head.layers[1].in_features == other.layers[1].in_features // 2
    said, female = head.judge(head.standardise(summaries))
    again, woman = head.judge(head.standardise(with_other_deviations(summaries)))
    assert torch.equal(said, again)
    assert torch.equal(female, woman)
    assert not torch.allclose(said, head.judge(head.standardise(summaries + 1.0))[0])


def test_a_wide_head_sees_them(summaries):
    head = WideHead(SHAPE).eval()
    said, again = (
        head.judge(head.standardise(each))[0]
        for each in (summaries, with_other_deviations(summaries))
    )
    assert not torch.allclose(said, again)


def test_a_head_of_means_says_the_same_of_projected_windows(summaries):
    head = WideHead(MEANS).eval()
    standardised = head.standardise(summaries)
    torch.testing.assert_close(head.decide(head.project(standardised)), head.judge(standardised)[0])


def test_the_last_adaptive_heads_see_means_alone():
    torch.manual_seed(3)
    made = EncoderNetwork(replace(SMALL, adaptive_heads=3, adaptive_means=2)).eval()
    assert made.shape.asked_alone == 2
    assert [head.shape.deviations for head in made.heads] == [True, True, True, False, False]
    stretches = torch.randn(4, SMALL.head.summary)
    with torch.inference_mode():
        assert made.project(stretches).shape == (4, 3, SMALL.head.inner)
        said = made.judge_voice(made.project(stretches)[:, None], torch.full((4, 6), 1 / 6))
    torch.testing.assert_close(said.sum(dim=1), torch.ones(4))
