"""Voices of a film's scenes matched, from prints whose voices are known."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from voxemo_scan.scan.film import match_voices
from voxemo_scan.scan.result import SceneResult, Speaker, Turn, WindowResult

PLACES = np.random.default_rng(1).normal(scale=2.0, size=(6, 40))
EVEN = (1 / 6,) * 6


def speaker(letter, place, *, speech_s, seed):
    centre = PLACES[place] + 0.5 * np.random.default_rng(seed).normal(size=40)
    return Speaker(letter, None, 0.5, speech_s, {}, 1.0, tuple(centre))


def scene(name, places, *, film="a-film", seed=0):
    speakers = tuple(
        speaker("AB"[n], place, speech_s=20.0 - n, seed=[seed, n]) for n, place in enumerate(places)
    )
    return SceneResult(
        id=name, title=name, source=name, status="ok", film=film, speakers=speakers,
        turns=tuple(Turn(float(n), n + 1.0, s.id) for n, s in enumerate(speakers)),
        windows=tuple(
            WindowResult(float(n), n + 1.0, EVEN, 0.5, s.id) for n, s in enumerate(speakers)
        ),
        voice_spread=(4.0,) * 40,
    )  # fmt: skip


def names(results):
    return {result.id: [speaker.id for speaker in result.speakers] for result in results}


SCENES = [scene("one", [0, 1], seed=1), scene("two", [2, 0], seed=2), scene("three", [1], seed=3)]


def test_one_voice_has_one_letter_in_all_scenes_the_most_heard_first():
    found = names(match_voices(SCENES))
    # 19 and 20 s each: the first in the first of their scenes; the third has 20 s
    assert found == {"one": ["A", "B"], "two": ["C", "A"], "three": ["B"]}


def test_turns_and_windows_follow_and_prints_are_left_out():
    for result in match_voices(SCENES):
        assert [turn.voice for turn in result.turns] == [s.id for s in result.speakers]
        assert [w.voice for w in result.windows] == [s.id for s in result.speakers]
        assert all(s.centre == () for s in result.speakers)
        assert result.voice_spread == ()


def test_what_is_found_does_not_depend_on_the_order_of_the_scenes():
    expected = names(match_voices(SCENES))
    for order in itertools.permutations(SCENES):
        assert names(match_voices(order)) == expected


def test_scenes_of_other_films_and_of_none_keep_their_letters():
    alone = [replace(each, film=None) for each in SCENES]
    assert names(match_voices(alone)) == names(alone)
    apart = [replace(each, film=each.id) for each in SCENES]
    assert names(match_voices(apart)) == {"one": ["A", "B"], "two": ["A", "B"], "three": ["A"]}


def test_a_scene_without_voices_is_left_as_it_is():
    silent = SceneResult(id="x", title="x", source="x", status="no-speech", film="a-film")
    assert match_voices([silent, *SCENES])[0] == silent


@settings(max_examples=30, deadline=None)
@given(st.lists(st.permutations(range(3)).map(lambda p: p[:2]), min_size=1, max_size=4))
def test_two_voices_of_one_scene_are_never_one(casts):
    scenes = [scene(f"s{n}", cast, seed=n) for n, cast in enumerate(casts)]
    for result in match_voices(scenes):
        ids = [s.id for s in result.speakers]
        assert len(set(ids)) == len(ids)
