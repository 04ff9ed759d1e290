"""Where voices lie apart is learned from who speaks, not from how or where."""

from __future__ import annotations

import numpy as np
import pytest

from voxemo_scan.training import voices
from voxemo_scan.training.discriminant import discriminants


def speech(speakers, *, prints=30, size=20, seed=0):
    """Return vectors whose first four directions tell speakers and whose next four tell moods."""
    rng = np.random.default_rng(seed)
    places = np.zeros((speakers, size))
    places[:, :4] = 3.0 * rng.normal(size=(speakers, 4))
    who = np.repeat(np.arange(speakers), prints)
    vectors = places[who] + rng.normal(size=(len(who), size))
    vectors[:, 4:8] += 8.0 * rng.normal(size=(len(who), 4))
    return vectors, [str(n) for n in who]


def test_discriminants_look_where_classes_differ_and_scatter_by_one():
    vectors, who = speech(40)
    found, variances = discriminants(
        vectors, classes=who, sources=["a"] * len(who), dims=4, shrinkage=0.0
    )
    length = np.linalg.norm(found, axis=0)
    assert (np.linalg.norm(found[:4], axis=0) > 0.97 * length).all()
    assert variances == pytest.approx([9.0] * 4, rel=0.6)
    projected = vectors @ found
    means = {w: projected[np.array(who) == w].mean(axis=0) for w in set(who)}
    scatter = projected - np.array([means[w] for w in who])
    assert scatter.var(axis=0) == pytest.approx([1.0] * 4, rel=0.05)


def test_how_recordings_differ_counts_for_nothing():
    vectors, who = speech(40)
    sources = ["a" if int(w) < 20 else "b" for w in who]
    vectors[:, 10] += np.where(np.array(sources) == "a", 50.0, -50.0)
    found, _ = discriminants(vectors, classes=who, sources=sources, dims=4, shrinkage=0.0)
    assert np.abs(found[10]).max() < 0.1 * np.abs(found[:4]).max()


def test_a_learned_space_parts_voices_it_never_heard(monkeypatch):
    monkeypatch.setattr(voices, "DIMS", 4)
    heard, who = speech(40)
    space = voices.learn_space(heard.astype(np.float32), speakers=who, corpora=["a"] * len(who))
    new, names = speech(6, seed=5)
    placed = space.place(new.astype(np.float32))
    own = np.array(names)
    centres = np.stack([placed[own == str(n)].mean(axis=0) for n in range(6)])
    nearest = np.linalg.norm(placed[:, None] - centres, axis=2).argmin(axis=1)
    assert (nearest == own.astype(int)).mean() > 0.9
