"""Voices told apart, from prints whose voices are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal

from voxemo_scan.scan import voice_model
from voxemo_scan.scan.voice_model import (
    VoiceModelOptions,
    _evidence,
    _joined,
    _listen,
    _pieces,
    voice_posteriors,
)
from voxemo_scan.scan.voices import TimedPrints, VoiceOptions, tell_apart
from voxemo_scan.speech.segments import Segment

BETWEEN = np.full(40, 4.0)


def recording(voices, *, turn=12, rounds=6, seed=0):
    """Return prints of voices that take turns, a segment each, and who says each segment."""
    rng = np.random.default_rng(seed)
    places = rng.normal(scale=2.0, size=(voices, 40))
    said = [n % voices for n in range(voices * rounds)]
    vectors = np.concatenate([places[v] + rng.normal(size=(turn, 40)) for v in said])
    step = 0.28
    segments = [Segment(n * 5.0, n * 5.0 + turn * step) for n in range(len(said))]
    times = np.concatenate([s.start_s + step * (np.arange(turn) + 0.5) for s in segments])
    numbers = np.repeat(np.arange(len(said)), turn)
    return TimedPrints(vectors, times, numbers, BETWEEN), segments, said


@pytest.mark.parametrize("voices", [1, 2, 3, 5])
def test_as_many_voices_are_found_as_speak_and_each_segment_is_one(voices):
    prints, segments, said = recording(voices)
    told = tell_apart(prints, segments, options=VoiceOptions())
    assert len(told.centres) == voices
    assert len(told.turns) == len(segments)
    found = [turn.voice for turn in told.turns]
    assert len(set(zip(found, said, strict=True))) == voices
    assert min(told.confidences) > 0.95


def test_two_voices_in_one_segment_are_parted_where_they_change():
    prints, _, _ = recording(2, turn=20, rounds=3)
    one = TimedPrints(
        prints.vectors[:40], 0.28 * (np.arange(40) + 0.5), np.zeros(40, dtype=int), BETWEEN
    )
    told = tell_apart(one, [Segment(0.0, 11.2)], options=VoiceOptions())
    assert [turn.voice for turn in told.turns] in ([0, 1], [1, 0])
    assert told.turns[0].end_s == pytest.approx(5.6, abs=0.3)


def test_a_voice_that_hardly_speaks_is_none_of_its_own():
    prints, segments, _ = recording(2, turn=12, rounds=3)
    keep = (prints.segments != 1) | (np.arange(len(prints.segments)) % 12 == 0)
    keep &= ~np.isin(prints.segments, [3, 5])
    renumbered = np.unique(prints.segments[keep], return_inverse=True)[1]
    few = TimedPrints(prints.vectors[keep], prints.times_s[keep], renumbered, BETWEEN)
    kept = [Segment(5.0, 5.3) if n == 1 else segments[n] for n in (0, 1, 2, 4)]
    told = tell_apart(few, kept, options=VoiceOptions(shortest_s=1.0))
    assert len(told.centres) == 1
    assert told.seconds(0) == pytest.approx(sum(s.duration_s for s in kept))


def moody(prints, *, seed):
    """Return prints of one voice in six moods that come and go, and where its segments begin."""
    rng = np.random.default_rng(seed)
    between = np.concatenate([np.full(10, 6.0), np.full(50, 0.5)])
    moods = 0.8 * rng.standard_normal((6, 60))
    places = np.sqrt(between) * rng.standard_normal(60) + moods[rng.integers(6, size=prints // 5)]
    vectors = np.repeat(places, 5, axis=0) + rng.standard_normal((prints, 60))
    return vectors, between, np.arange(prints) % 5 == 0


def voices_of(prints, *, seed, **options):
    vectors, between, begins = moody(prints, seed=seed)
    given_options = VoiceModelOptions(**options)
    found = voice_posteriors(vectors, between=between, begins=begins, options=given_options)
    return found.shape[1]


def test_moods_of_one_voice_are_less_often_taken_for_voices_where_it_speaks_for_long():
    always = [voices_of(600, seed=seed, most_cautious=1.0) for seed in range(8)]
    longer = [voices_of(600, seed=seed) for seed in range(8)]
    assert sum(always) > 8
    assert sum(longer) < sum(always)
    assert all(one <= other for one, other in zip(longer, always, strict=True))


def test_caution_grows_with_the_clip_up_to_a_limit():
    options = VoiceModelOptions()
    assert options.cautious(1) == options.cautious(options.usual_prints) == options.caution
    assert options.cautious(2 * options.usual_prints) == pytest.approx(2 * options.caution)
    assert options.cautious(100_000) == pytest.approx(options.most_cautious * options.caution)


def test_one_print_is_one_voice():
    prints = TimedPrints(np.ones((1, 40)), np.array([0.5]), np.array([0]), BETWEEN)
    told = tell_apart(prints, [Segment(0.0, 1.0)], options=VoiceOptions())
    assert [(t.start_s, t.end_s, t.voice) for t in told.turns] == [(0.0, 1.0, 0)]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.integers(1, 15), st.integers(0, 1000))
def test_turns_cover_all_speech_once_in_order_most_speech_first(voices, turn, seed):
    prints, segments, _ = recording(voices, turn=turn, rounds=3, seed=seed)
    told = tell_apart(prints, segments, options=VoiceOptions())
    assert sum(t.end_s - t.start_s for t in told.turns) == pytest.approx(
        sum(s.duration_s for s in segments)
    )
    for before, after in zip(told.turns, told.turns[1:], strict=False):
        assert before.end_s <= after.start_s
    seconds = [told.seconds(n) for n in range(len(told.centres))]
    assert seconds == sorted(seconds, reverse=True)
    assert all(0 <= c <= 1 + 1e-9 for c in told.confidences)


def test_posteriors_are_distributions_and_long_recordings_are_begun_with_a_part(monkeypatch):
    monkeypatch.setattr(voice_model, "_MOST_LINKED", 50)
    prints, _, said = recording(3, turn=60, rounds=12)
    found = voice_posteriors(
        prints.vectors, between=BETWEEN, begins=np.diff(prints.segments, prepend=-1) > 0,
        options=VoiceModelOptions(),
    )  # fmt: skip
    assert found.sum(axis=1) == pytest.approx(1.0)
    assert found.shape[1] == len(set(said))


def test_pieces_are_parts_of_one_segment_of_about_the_same_length():
    begins = np.zeros(30, dtype=bool)
    begins[[0, 1, 10, 18]] = True  # segments of 1, 9, 8 and 12 prints
    pieces = _pieces(begins, most=8)
    assert np.bincount(pieces).tolist() == [1, 5, 4, 8, 6, 6]
    assert (np.diff(pieces) >= 0).all()


@pytest.mark.parametrize("linked", [5, 800])
def test_there_are_never_more_voices_than_there_may_be(monkeypatch, linked):
    monkeypatch.setattr(voice_model, "_MOST_LINKED", linked)
    prints, _, said = recording(6, rounds=2)
    found = voice_posteriors(
        prints.vectors, between=BETWEEN, begins=np.diff(prints.segments, prepend=-1) > 0,
        options=VoiceModelOptions(most_voices=2),
    )  # fmt: skip
    assert found.shape[1] <= 2 < len(set(said))


def test_joined_is_what_is_likelier_one_voice_than_two():
    rng = np.random.default_rng(5)
    between, variance = np.full(2, 9.0), 0.5
    places = np.array([[0.0, 0.0], [0.0, 0.0], [6.0, -5.0]]) + rng.normal(scale=0.3, size=(3, 2))
    precisions = np.full(3, 1.0 / variance)
    found = _joined(precisions, precisions[:, None] * places, between=between, most=30)
    assert found[0] == found[1] != found[2]

    def likelihood(*of):  # of places that one voice spoke, by the whole covariance
        covariance = between[0] + variance * np.eye(len(of))
        return sum(
            multivariate_normal(np.zeros(len(of)), covariance).logpdf(places[list(of), dim])
            for dim in range(2)
        )

    for pair, joins in (((0, 1), True), ((0, 2), False)):
        assert (likelihood(*pair) > sum(likelihood(one) for one in pair)) == joins
        weights, totals = precisions[list(pair)], (precisions[:, None] * places)[list(pair)]
        gain = _evidence(weights.sum(keepdims=True), totals.sum(axis=0, keepdims=True), between)
        gain = gain[0] - _evidence(weights, totals, between).sum()
        assert gain == pytest.approx(likelihood(*pair) - sum(likelihood(one) for one in pair))


@pytest.mark.parametrize(("prints", "voices"), [(1, 1), (1, 3), (2, 2), (7, 3), (50, 4), (82, 5)])
def test_stretches_side_by_side_are_heard_as_print_by_print(prints, voices):
    rng = np.random.default_rng(prints)
    said, weights = 3.0 * rng.normal(size=(prints, voices)), rng.dirichlet(np.ones(voices))
    stay = np.where(rng.uniform(size=prints) < 0.1, 0.5, 0.97)
    found, renewed, likelihood = _listen(said, weights=weights, stay=stay)
    moves = [s * np.eye(voices) + (1.0 - s) * weights for s in stay]
    before, after = [weights * np.exp(said[0])], [np.ones(voices)]
    for n in range(1, prints):
        before.append(before[-1] @ moves[n] * np.exp(said[n]))
        after.insert(0, moves[-n] @ (np.exp(said[-n]) * after[0]))
    total = before[-1].sum()
    entered = [
        np.exp(said[n]) * (1.0 - stay[n]) * weights * before[n - 1].sum() * after[n] / total
        for n in range(1, prints)
    ]
    expected = np.array(before) * np.array(after) / total
    begun = expected[0] + sum(entered)
    np.testing.assert_allclose(found, expected, atol=1e-9)
    np.testing.assert_allclose(renewed, begun / begun.sum(), atol=1e-9)
    assert likelihood == pytest.approx(np.log(total))
