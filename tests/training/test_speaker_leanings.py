"""What validation speakers make networks lean to beyond what speakers at large do."""

from pathlib import Path

import numpy as np
import pytest

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.encoder_recipe import EncoderRecipe
from voxemo_scan.training.signals import clip_key
from voxemo_scan.training.speaker_leanings import compare_speakers
from voxemo_scan.training.splits import Split
from voxemo_scan.training.states import StateBank

SPEAKERS, CLIPS = 16, 24
SAD = EMOTIONS.index("sad")


def clips_of(part, count):
    return tuple(
        Utterance("A", f"{part}{n}-{c}", Path(f"{n}-{c}"), f"{part}{n}", None, EMOTIONS[c % 6])
        for n in range(count)
        for c in range(CLIPS)
    )


@pytest.fixture(scope="module")
def recipe():
    return EncoderRecipe(
        kind="encoder", name="small", blocks=1, layers=(1,), inner=16,
        wide={"heads": 1, "epochs": 12, "batch": 32}, deep={"heads": 0, "epochs": 1, "batch": 2},
    )  # fmt: skip


def beyond(recipe, *, sadder):
    """What is found where validation speakers sound so much sadder than they are."""
    rng = np.random.default_rng(0)
    emotions = rng.standard_normal((6, 512))
    split = Split("unseen-speakers", clips_of("t", SPEAKERS), clips_of("v", 6), ())
    rows, ranges = [], {}
    for utterance in (*split.train, *split.validation):
        of = emotions[EMOTIONS.index(utterance.label)]
        if utterance.speaker.startswith("v"):
            of = of + sadder * (emotions[SAD] - emotions.mean(axis=0))
        ranges[clip_key(utterance)] = (0, 3 * len(ranges), 3 * len(ranges) + 3)
        rows.append(of + 5.0 * rng.standard_normal(512) + 0.1 * rng.standard_normal((3, 512)))
    bank = StateBank((np.concatenate(rows).astype(np.float16),), ranges)
    return compare_speakers(recipe, split, [bank], parts=4, seed=1)


def test_speakers_who_sound_sad_by_nature_are_found_out(recipe):
    found = beyond(recipe, sadder=0.5)
    assert int(np.argmax(found)) == SAD
    assert found[SAD] > 0.5
    assert found == beyond(recipe, sadder=0.5)


def test_of_speakers_like_the_others_nothing_is_found(recipe):
    assert np.abs(beyond(recipe, sadder=0.0)).max() < 0.3
