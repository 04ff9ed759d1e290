"""Windows of a voice heard beside one another."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from voxemo_scan.models.adaptation import VoiceListener
from voxemo_scan.models.head import HeadShape, WideHead

LABELS, SHAPE = 6, HeadShape(layers=1, states=8, inner=12)
SIZE = 2 * SHAPE.layers * SHAPE.states


def parts(*, seed=0):
    """Return a listener and a head, neither of which has learned, but whose weights all count."""
    torch.manual_seed(seed)
    listener, head = VoiceListener(size=SIZE, labels=LABELS), WideHead(SHAPE).eval()
    with torch.no_grad():
        for values in listener.parameters():
            values.add_(0.3 * torch.randn(values.shape))
        listener.effects.copy_(torch.randn(LABELS, SIZE))
    return listener.eval(), head


def hear(windows, *, seed=0):
    listener, head = parts(seed=seed)
    with torch.inference_mode():
        effects = head.project(listener.effects)
        return listener(head.project(windows)[None], effects, head.decide)[-1][0].softmax(dim=1)


@given(st.integers(1, 12), st.integers(0, 1000))
def test_distributions_sum_to_one_and_do_not_depend_on_the_order(windows, seed):
    rng = np.random.default_rng(seed)
    given_windows = torch.from_numpy(2.0 * rng.standard_normal((windows, SIZE))).float()
    said = hear(given_windows)
    assert said.sum(dim=1).numpy() == pytest.approx(np.ones(windows), abs=1e-5)
    order = rng.permutation(windows)
    np.testing.assert_allclose(hear(given_windows[order]), said[order], atol=1e-5)


def test_what_is_heard_in_a_window_depends_on_the_others():
    windows = torch.randn(5, SIZE, generator=torch.Generator().manual_seed(0))
    changed = torch.cat([windows[:1], windows[1:] + 1.0])
    assert (hear(windows)[0] - hear(changed)[0]).abs().max() > 1e-3


def test_voices_do_not_hear_one_another():
    listener, head = parts()
    windows = torch.randn(2, 4, SIZE, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        effects = head.project(listener.effects)
        both = listener(head.project(windows), effects, head.decide)[-1]
        alone = listener(head.project(windows[1:]), effects, head.decide)[-1]
    torch.testing.assert_close(both[1:], alone)


def test_a_head_says_the_same_of_projected_windows():
    _, head = parts()
    windows = torch.randn(5, SIZE, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(head.decide(head.project(windows)), head.judge(windows)[0])
