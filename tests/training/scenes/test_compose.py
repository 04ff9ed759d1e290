"""Composed scenes: who speaks when, how loud, over what, and the same every time."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxemo_scan.audio.level import level_db
from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.errors import UsageError
from voxemo_scan.training.film.backgrounds import Background, Backgrounds
from voxemo_scan.training.film.chain import FilmSound
from voxemo_scan.training.scenes.compose import VOICE_LEVEL_DB, compose
from voxemo_scan.training.scenes.recipe import SceneRecipe

RATE = 16_000
MUSIC = FilmSound(room=0, music=1, music_snr_db=(10, 10), noise=0, band=0, hiss=0, clipping=0,
                  coarse=0)  # fmt: skip

recipes = st.builds(
    SceneRecipe,
    name=st.sampled_from(["one", "two"]),
    clips=st.integers(1, 25),
    voices=st.integers(1, 4),
    concentration=st.sampled_from([0, 0.3, 1, 10]),
    own_shares=st.booleans(),
    overlap=st.sampled_from([0, 0.5, 1]),
)


def scene(pool, tones, seed=0, backgrounds=None, **recipe):
    return compose(
        SceneRecipe(name="a", **recipe), utterances=pool, signals=tones, backgrounds=backgrounds,
        seed=seed,
    )  # fmt: skip


def stretch(found, turn):
    return found.signal[round(turn.start_s * RATE) : round(turn.end_s * RATE)]


@settings(max_examples=40, deadline=None)
@given(recipe=recipes, seed=st.integers(0, 99))
def test_any_scene_holds_its_turns_and_tells_the_truth(pool, tones, recipe, seed):
    found = compose(recipe, utterances=pool, signals=tones, seed=seed)
    assert len(found.turns) == recipe.clips
    assert 1 <= len(found.speakers) <= recipe.voices
    assert len({name.split()[0] for name in found.speakers}) == 1
    assert sum(found.shares.values()) == pytest.approx(1.0)
    assert [t.start_s for t in found.turns] == sorted(t.start_s for t in found.turns)
    assert np.abs(found.signal).max() <= 1.0
    for turn in found.turns:
        assert 0 <= turn.start_s < turn.end_s <= len(found.signal) / RATE
        assert level_db([stretch(found, turn)]) > -50
    if recipe.concentration == 0 and not recipe.own_shares:
        assert max(found.shares.values()) == 1.0


def test_a_scene_is_the_same_whatever_the_order_of_the_clips(pool, tones):
    first = scene(pool, tones, clips=12, voices=3)
    again = scene(pool[::-1], tones, clips=12, voices=3)
    assert first.turns == again.turns
    assert np.array_equal(first.signal, again.signal)
    assert scene(pool, tones, seed=1, clips=12, voices=3).turns != first.turns


def test_pauses_lie_between_clips_as_asked_and_hold_silence(pool, tones):
    found = scene(pool, tones, clips=20, pause_s=(0.7, 0.9))
    for before, after in pairwise(found.turns):
        assert 0.7 - 1e-4 <= after.start_s - before.end_s <= 0.9 + 1e-4
        middle = round((before.end_s + after.start_s) / 2 * RATE)
        assert not found.signal[middle - 100 : middle + 100].any()


def test_voices_overlap_where_they_change_and_nowhere_else(pool, tones):
    found = scene(pool, tones, clips=30, voices=2, overlap=1.0, overlap_s=(0.1, 0.2))
    changes = 0
    for before, after in pairwise(found.turns):
        gap_s = after.start_s - before.end_s
        if before.speaker == after.speaker:
            assert gap_s > 0
        else:
            changes += 1
            assert -0.2 - 1e-4 <= gap_s <= -0.1 + 1e-4
    assert changes > 5


def test_quiet_recordings_come_in_as_loud_as_others(pool, tones):
    quiet = [u for u in pool if u.corpus == "quiet"]
    for clips in (quiet, [u for u in pool if u.corpus == "loud"]):
        found = scene(clips, tones, clips=10, voices=2, level_db=0.0)
        assert level_db([stretch(found, t) for t in found.turns]) == pytest.approx(
            VOICE_LEVEL_DB, abs=0.1
        )


def test_no_clip_is_said_twice_while_there_are_others(pool, tones):
    own = [u for u in pool if u.speaker == "a" and u.emotion]
    seen = []

    class Spy:
        of = tones.of

        def clip(self, utterance):
            seen.append(utterance.clip)
            return tones.clip(utterance)

    compose(
        SceneRecipe(name="a", clips=3, voices=1, concentration=0), utterances=own, signals=Spy(),
        seed=4,
    )  # fmt: skip
    assert len(set(seen)) == 3


def test_each_voice_may_have_an_emotion_of_its_own(pool, tones):
    found = [
        scene(pool, tones, seed=seed, clips=20, voices=4, concentration=0, own_shares=True)
        for seed in range(6)
    ]
    for each in found:
        assert all(
            len({t.emotion for t in each.turns if t.speaker == s}) == 1 for s in each.speakers
        )
    assert any(len({t.emotion for t in each.turns}) > 1 for each in found)


def test_balanced_scenes_hold_all_emotions(pool, tones):
    shares = scene(pool, tones, clips=200, voices=4, concentration=1e6).shares
    assert [shares[e] for e in EMOTIONS] == pytest.approx([1 / 6] * 6, abs=0.09)


def test_music_lies_under_the_whole_scene_as_far_as_asked(pool, tones):
    hum = 0.3 * np.sin(2 * np.pi * 90 * np.arange(RATE) / RATE)
    backgrounds = Backgrounds((), (Background("hum", hum.astype(np.float32)),))
    plain = scene(pool, tones, clips=6)
    under = scene(pool, tones, backgrounds=backgrounds, clips=6, film=MUSIC)
    assert under.turns == plain.turns
    bed = under.signal - plain.signal
    speech = level_db([stretch(plain, t) for t in plain.turns])
    assert speech - level_db([bed]) == pytest.approx(10.0, abs=0.2)
    with pytest.raises(ValueError, match="need backgrounds"):
        scene(pool, tones, clips=6, film=MUSIC)


def test_more_voices_than_any_corpus_has_are_a_usage_error(pool, tones):
    with pytest.raises(UsageError, match="no corpus has 5 voices"):
        scene(pool, tones, clips=6, voices=5)
