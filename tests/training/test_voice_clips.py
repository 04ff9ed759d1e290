"""What in clips is the voice's, the emotion's and neither's."""

import numpy as np

from tests.support.voices import drawn_clips
from voxemo_scan.training.voice_clips import part, statistics_of


def test_parts_add_up_to_what_was_parted():
    clips = drawn_clips(seed=2)
    rows, voices = clips.summaries[0], clips.voices
    found = part(rows, voices)
    again = found.voices[voices.owners] + found.emotions[voices.labels] + found.rest
    np.testing.assert_allclose(again, rows, atol=1e-4)
    np.testing.assert_allclose(found.emotions.sum(axis=0), 0, atol=1e-4)


def test_copies_are_standardised_together():
    clips = drawn_clips(seed=2)
    rows = statistics_of(clips).standardise(clips.summaries).reshape(-1, clips.summaries.shape[-1])
    np.testing.assert_allclose(rows.mean(axis=0), 0, atol=1e-3)
    np.testing.assert_allclose(rows.std(axis=0), 1, atol=1e-3)


def test_what_differs_between_voices_is_steady_and_what_does_not_is_not():
    clips = drawn_clips(seed=2, own_in=8)
    steadiness = statistics_of(clips).steadiness
    assert steadiness[:8].min() > 0.3
    assert steadiness[8:].max() < 0.1


def test_some_clips_keep_their_voices_and_count_them_anew():
    clips = drawn_clips(seed=2)
    kept = np.flatnonzero(clips.voices.owners >= 20)
    some = clips.of(kept)
    assert some.voices.count == clips.voices.count - 20
    np.testing.assert_array_equal(some.voices.owners, clips.voices.owners[kept] - 20)
    np.testing.assert_array_equal(some.summaries, clips.summaries[:, kept])
