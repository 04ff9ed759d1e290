"""A listener learns how far a voice is to be heard as it is."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from tests.support.voices import LABELS, drawn_clips
from voxemo_scan.models.head import HeadShape
from voxemo_scan.training.adaptive_fit import fit_adaptive_head
from voxemo_scan.training.encoder_recipe import HeadTraining, Listening
from voxemo_scan.training.listening import deal, draw_voices, fit_listener
from voxemo_scan.training.voice_clips import statistics_of

TRAINING = HeadTraining(heads=1, epochs=12, batch=64)
HEAD = HeadShape(layers=1, states=16, inner=32)
RECIPE = SimpleNamespace(shape=SimpleNamespace(head=HEAD), labels=LABELS, gender_weight=0.0)
SIZE = 2 * HEAD.states
SORT = {"own": 0.8, "emotion": 0.8}
AS_THEY_ARE = Listening(steps=300, learning_rate=6e-3, repeated=0.0, intruded=0.0, moved=0.0)


@pytest.fixture(scope="module")
def clips():
    return drawn_clips(seed=2, size=SIZE, speakers=48, **SORT)


@pytest.fixture(scope="module")
def heard(clips):
    """Return a way to tell how often windows of never-heard voices are heard right."""
    statistics = statistics_of(clips)
    head = fit_adaptive_head(RECIPE, TRAINING, clips, statistics, seed=1, number=0)
    listener = fit_listener(RECIPE, TRAINING, AS_THEY_ARE, clips, statistics, seed=1)
    new = drawn_clips(seed=3, size=SIZE, copies=1, **SORT)
    windows = listener.standardise(torch.from_numpy(new.summaries[0]))

    def right(kept):
        found = {"alone": [], "standardised": [], "together": []}
        for voice in range(new.voices.count):
            own = np.flatnonzero((new.voices.owners == voice) & kept(new.voices.labels, voice))
            labels = torch.from_numpy(new.voices.labels[own])
            with torch.inference_mode():
                given = head.project(windows[own])
                said = {
                    "alone": head.decide(given),
                    "standardised": head.decide(given - given.mean(dim=0)),
                    "together": listener(given[None], head.project(listener.effects), head.decide)[
                        -1
                    ][0],
                }
            for way, logits in said.items():
                found[way].append(float((logits.argmax(dim=1) == labels).float().mean()))
        return {way: float(np.mean(each)) for way, each in found.items()}

    return right


def test_windows_of_many_emotions_are_heard_better_beside_one_another(heard):
    right = heard(lambda labels, _: labels >= 0)
    assert right["together"] > right["alone"] + 0.01


def test_the_anger_of_a_voice_that_is_angry_throughout_is_not_taken_away(heard):
    right = heard(lambda labels, voice: labels == voice % LABELS)
    assert right["together"] > right["alone"] - 0.05
    assert right["together"] > right["standardised"] + 0.5


def test_the_same_seed_makes_the_same_listener(clips):
    short = AS_THEY_ARE.model_copy(update={"steps": 3})
    one, two = (
        fit_listener(RECIPE, TRAINING, short, clips, statistics_of(clips), seed=4).state_dict()
        for _ in range(2)
    )
    assert all(torch.equal(one[name], two[name]) for name in one)


@pytest.fixture(scope="module")
def dealt(clips):
    quick = TRAINING.model_copy(update={"epochs": 1})
    return deal(RECIPE, quick, clips, parts=3, seed=1)


def test_every_voice_is_heard_by_a_head_that_did_not_learn_from_it(clips, dealt):
    assert sum(len(part.rows) for part in dealt) == clips.voices.count
    assert sum(part.windows.shape[1] for part in dealt) == len(clips.voices.owners)
    for part in dealt:
        assert len(part.places) == 2 * (clips.voices.count - len(part.rows))


@pytest.mark.parametrize("one", [0.0, 1.0])
def test_drawn_voices_show_the_mixtures_that_were_asked_for(dealt, one):
    listening = AS_THEY_ARE.model_copy(update={"one": one, "even": 1.0 - one})
    rng = np.random.default_rng(0)
    for _ in range(10):
        drawn = draw_voices(dealt, listening, rng)
        assert drawn.windows.shape[:2] == drawn.labels.shape
        shown = [len(set(labels.tolist())) for labels in drawn.labels]
        if one:
            assert set(shown) == {1}
        elif drawn.labels.shape[1] > 40:
            assert min(shown) >= 5


def test_voices_recorded_elsewhere_are_moved_as_one(dealt):
    def spread(moved):
        listening = AS_THEY_ARE.model_copy(update={"moved": moved, "moved_by": (3.0, 3.0)})
        drawn = draw_voices(dealt, listening, np.random.default_rng(5)).windows
        means, within = drawn.mean(dim=1).var(dim=0), drawn.var(dim=1).mean(dim=0)
        return float(means.sum()), float(within.sum())

    still, moved = spread(0.0), spread(1.0)
    assert moved[0] > 2.0 * still[0]
    assert moved[1] == pytest.approx(still[1], rel=0.3)
