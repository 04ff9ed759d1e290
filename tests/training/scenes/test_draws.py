"""Scenes drawn from kept clips: their truth, and how far estimators are off."""

import numpy as np
import pytest

from tests.support.actors import write_networks
from voxemo_scan.models.registry import load_files
from voxemo_scan.training.clips import EnsembleJudge
from voxemo_scan.training.scenes.draws import KINDS, REFERENCE, Kind, draw_scenes, measure_kind
from voxemo_scan.training.scenes.kept import KeptClips, listen_once


def kept_clips(*, certain=True, clips=240, windows=2, seed=0):
    """Return clips of four voices, each of so many windows that know the emotion or nothing."""
    rng = np.random.default_rng(seed)
    emotions = np.arange(clips) % 6
    rows = np.eye(6)[np.repeat(emotions, windows)]
    rows = 0.97 * rows + 0.005 if certain else np.full_like(rows, 1 / 6)
    return KeptClips(
        rows=rows,
        seconds=rng.uniform(0.5, 2.0, size=clips * windows),
        counts=np.full(clips, windows),
        emotions=emotions,
        voices=np.array(list("abcd"))[np.arange(clips) // 6 % 4],
    )


def scenes_of(kind, kept=None, scenes=20, seed=0):
    return list(draw_scenes(kept or kept_clips(), kind, scenes=scenes, seed=seed))


def test_the_reference_is_among_the_kinds_and_no_kind_twice():
    assert REFERENCE in KINDS
    assert len(set(KINDS)) == len(KINDS)


@pytest.mark.parametrize("clips", [1, 5, 40])
def test_a_scene_holds_its_clips_and_their_truth(clips):
    for scene in scenes_of(Kind("any", clips)):
        assert len(scene.rows) == len(scene.seconds) == 2 * clips
        assert scene.segments.tolist() == np.repeat(np.arange(clips), 2).tolist()
        heard = np.bincount(scene.rows.argmax(axis=1), weights=scene.seconds, minlength=6)
        assert scene.shares == pytest.approx(heard / heard.sum())


def test_mixes_go_from_even_to_one_emotion():
    largest = [
        np.mean([scene.shares.max() for scene in scenes_of(Kind(mix, 100))])
        for mix in ("even", "any", "leaning", "one emotion")
    ]
    assert largest == sorted(largest)
    assert largest[0] < 0.35
    assert largest[3] == pytest.approx(1.0)


def test_the_same_seed_draws_the_same_scenes_and_another_others():
    first, again, other = (scenes_of(REFERENCE, seed=seed)[7].shares.tolist() for seed in (0, 0, 1))
    assert first == again != other


def test_scenes_of_two_voices_hold_no_more():
    kept = kept_clips(windows=1)
    marked = KeptClips(
        rows=kept.rows, seconds=1.0 + (kept.voices[:, None] == list("abcd")).argmax(axis=1),
        counts=kept.counts, emotions=kept.emotions, voices=kept.voices,
    )  # fmt: skip
    for scene in scenes_of(Kind("any", 40, voices=2), marked):
        assert len(set(scene.seconds.tolist())) == 2


def test_certain_clips_leave_nothing_to_err_by_and_unsure_ones_all():
    kind = Kind("any", 20)
    right = measure_kind(kept_clips(), kind, window_s=2.24, seed=0, scenes=10, covered=5)
    blind = measure_kind(
        kept_clips(certain=False), kind, window_s=2.24, seed=0, scenes=10, covered=5
    )
    assert right.errors["counts"] == pytest.approx(0.0, abs=1e-9)
    assert right.errors["em"] < 0.01
    assert right.errors["em"] < right.errors["mean"] + 1e-3
    even = np.mean([np.abs(s.shares - 1 / 6).mean() for s in scenes_of(kind, scenes=10)])
    assert blind.errors["em"] == pytest.approx(even)
    assert blind.errors["mean"] == pytest.approx(even)
    assert (right.scenes, right.covered) == (10, 5)
    assert right.coverage >= 0.9
    assert blind.width > 3 * right.width


def test_clips_are_heard_as_an_evaluation_hears_them(prepared, tmp_path):
    split, signals = prepared
    ensemble = load_files(write_networks(tmp_path, protocol="unseen-speakers", folds=[0]))
    kept = listen_once(ensemble, split.test, signals, name="x")
    assert len(kept.counts) == len(split.test) == len(kept.emotions)
    assert kept.counts.sum() == len(kept.rows) == len(kept.seconds)
    said = EnsembleJudge(ensemble).judge([signals.clip(u) for u in split.test]).probabilities
    owners = np.repeat(np.arange(len(split.test)), kept.counts)
    for number in range(len(split.test)):
        assert kept.rows[owners == number].mean(axis=0) == pytest.approx(said[number], abs=1e-5)
    spoken_s = [len(signals.of(u)) / 16_000 for u in split.test]
    assert np.bincount(owners, weights=kept.seconds) == pytest.approx(spoken_s, abs=1e-3)
    assert set(kept.voices) == {"CREMA-D 1003", "RAVDESS 03"}
