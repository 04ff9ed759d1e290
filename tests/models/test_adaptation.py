"""A voice's own and its emotions, told apart where both are known because they were drawn."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from voxemo_scan.models.adaptation import EmotionSpace, hear_alone, hear_together

LABELS, DIRECTIONS = 6, 8


def space(*, between=4.0):
    """Return a space in which emotions lie apart in six directions and voices in all."""
    made = EmotionSpace(size=DIRECTIONS, directions=DIRECTIONS, labels=LABELS)
    emotions = np.zeros((LABELS, DIRECTIONS))
    emotions[:, :LABELS] = 2.5 * (np.eye(LABELS) - 1 / LABELS)
    made.emotions.copy_(torch.from_numpy(emotions))
    made.effects.copy_(torch.from_numpy(emotions))
    made.between.fill_(between)
    made.project.copy_(torch.eye(DIRECTIONS))
    made.steadiness.fill_(between)
    return made


def voice(labels, *, seed):
    """Return where windows of one voice lie that shows ``labels``."""
    rng = np.random.default_rng(seed)
    own = 2.0 * rng.standard_normal(DIRECTIONS)
    scatter = rng.standard_normal((len(labels), DIRECTIONS))
    return space().emotions.numpy()[labels] + own + scatter


def right(said, labels):
    return float((said.argmax(axis=1) == labels).mean())


def voices(draw):
    labels = [draw(np.random.default_rng(seed)) for seed in range(30)]
    return [(each, voice(each, seed=seed)) for seed, each in enumerate(labels)]


def mean_right(hear, told):
    return float(np.mean([right(hear(space(), places), labels) for labels, places in told]))


def test_windows_of_many_emotions_are_heard_better_beside_one_another():
    told = voices(lambda rng: rng.integers(LABELS, size=30))
    assert mean_right(hear_together, told) > mean_right(hear_alone, told) + 0.1


def test_the_anger_of_a_voice_that_is_angry_throughout_is_not_taken_away():
    told = voices(lambda rng: np.full(30, rng.integers(LABELS)))
    assert mean_right(hear_together, told) > mean_right(hear_alone, told) - 0.02
    centred = [(labels, places - places.mean(axis=0)) for labels, places in told]
    assert mean_right(hear_together, told) > mean_right(hear_alone, centred) + 0.2


@given(st.integers(1, 12), st.integers(0, 1000))
def test_distributions_sum_to_one_and_do_not_depend_on_the_order(windows, seed):
    rng = np.random.default_rng(seed)
    places = 3.0 * rng.standard_normal((windows, DIRECTIONS))
    said = hear_together(space(), places)
    assert said.sum(axis=1) == pytest.approx(np.ones(windows))
    order = rng.permutation(windows)
    np.testing.assert_allclose(hear_together(space(), places[order]), said[order], atol=1e-9)


def test_a_window_by_itself_tells_nothing_of_its_voice():
    left = space().offsets(torch.ones(1, DIRECTIONS), torch.full((1, LABELS), 1 / LABELS))
    assert left.abs().max() == 0


def test_what_is_a_voices_own_is_found_the_more_surely_the_more_windows_tell_of_it():
    labels = np.arange(240) % LABELS
    own = np.linspace(-2, 2, DIRECTIONS)
    rng = np.random.default_rng(0)
    places = space().emotions.numpy()[labels] + own + rng.standard_normal((240, DIRECTIONS))
    emotions = torch.eye(LABELS)[labels]

    def error(count):
        rows = torch.from_numpy(places[:count]).float()
        found = space().offsets(rows, emotions[:count]).numpy().mean(axis=0)
        return float(np.abs(found - own).mean())

    assert error(240) < 0.1 < error(6)
