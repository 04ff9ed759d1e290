"""Linear heads are fitted to means and held back."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from voxemo_scan.models.head import HeadShape, means_of
from voxemo_scan.training.encoder_fit import Targets
from voxemo_scan.training.encoder_recipe import LinearTraining
from voxemo_scan.training.linear_fit import fit_linear_head

SHAPE = HeadShape(layers=1, states=10, labels=3, familiar=3)
CLIPS = 150


@pytest.fixture(scope="module")
def drawn():
    """Summaries of three emotions in two copies, and what they are to be heard as."""
    rng = np.random.default_rng(0)
    labels = rng.integers(SHAPE.labels, size=CLIPS)
    places = rng.standard_normal((SHAPE.labels, SHAPE.summary))
    copies = [places[labels] + rng.standard_normal((CLIPS, SHAPE.summary)) for _ in range(2)]
    female = torch.from_numpy((copies[0][:, 3] > 0).astype(np.float32))
    female[:20] = float("nan")
    targets = Targets(torch.eye(SHAPE.labels)[labels], female)
    return np.stack(copies).astype(np.float32), labels, targets


def said(head, summaries):
    with torch.no_grad():
        return head.judge(head.standardise(torch.from_numpy(summaries)))


def test_it_is_the_regression_that_scikit_learn_finds(drawn):
    summaries, labels, targets = drawn
    head = fit_linear_head(SHAPE, LinearTraining(penalty=0.1), summaries, targets)
    rows = means_of(torch.from_numpy(summaries), layers=1).flatten(0, 1).numpy()
    rows = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    known = LogisticRegression(C=1.0 / (0.1 * len(rows)), tol=1e-8, max_iter=1000)
    expected = known.fit(rows, np.tile(labels, 2)).predict_proba(rows[:CLIPS])
    found = said(head, summaries[0])[0].softmax(dim=1).numpy()
    np.testing.assert_allclose(found, expected, atol=3e-3)


def test_the_voices_gender_is_told_where_it_is_known(drawn):
    summaries, _, targets = drawn
    head = fit_linear_head(SHAPE, LinearTraining(penalty=0.01), summaries[:1], targets)
    female = said(head, summaries[0])[1]
    assert torch.isfinite(female).all()
    known = ~targets.female.isnan()
    right = (female[known] > 0) == targets.female[known].bool()
    assert right.float().mean() > 0.9


def test_a_penalty_holds_it_back(drawn):
    summaries, _, targets = drawn
    weights = [
        float(fit_linear_head(SHAPE, LinearTraining(penalty=p), summaries, targets)
              .sum.weight.detach().square().sum())
        for p in (0.01, 0.1, 1.0)
    ]  # fmt: skip
    assert weights[0] > 2 * weights[1] > 4 * weights[2] > 0


def test_what_is_unlike_the_training_sounds_strange(drawn):
    summaries, _, targets = drawn
    rng = np.random.default_rng(1)
    flat = summaries.copy()
    flat[..., 5:10] = flat[..., :5] + 0.1 * rng.standard_normal((2, CLIPS, 5))
    flat = flat.astype(np.float32)
    shape = replace(SHAPE, familiar=5)
    head = fit_linear_head(shape, LinearTraining(), flat, targets)

    def strange(rows):
        with torch.no_grad():
            return head.strangeness(head.standardise(torch.from_numpy(rows)))

    usual = strange(flat.reshape(-1, shape.summary))
    assert float(usual.mean()) == pytest.approx(0.0, abs=0.01)
    assert float(usual.std()) == pytest.approx(1.0, abs=0.01)
    assert float(strange(1.5 * flat[0]).mean()) < 2.0
    assert float(strange(summaries[0] + 1.0).min()) > 2.0
    assert torch.isfinite(strange(np.zeros((1, shape.summary), np.float32))).all()
