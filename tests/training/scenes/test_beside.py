"""Drawn voices, heard alone and beside their other windows."""

from dataclasses import replace

import numpy as np
import pytest

from voxemo_scan.training.scenes.beside import VOICE_KINDS, measure_voices
from voxemo_scan.training.scenes.draws import MIXES, Kind
from voxemo_scan.training.scenes.figures import VOICES_HEAD, voices_rows
from voxemo_scan.training.scenes.kept import KeptClips

VOICES, EACH = 4, 18


class Listener:
    """Hears nothing alone, and beside one another what the first projected number says.

    Told of windows of two voices at once, it says so.
    """

    adaptive = object()
    window_s = 2.24

    def adapt(self, heard, voices):
        assert set(voices) == {0}
        assert len(set(heard.projected[:, 1])) == 1
        emotions = heard.projected[:, 0].astype(int)
        return replace(heard, probabilities=0.94 * np.eye(6)[emotions] + 0.01)


def kept_clips(*, projected=True):
    emotions = np.arange(VOICES * EACH) % 6
    owners = np.arange(VOICES * EACH) // EACH
    return KeptClips(
        rows=np.full((len(emotions), 6), 1 / 6),
        seconds=np.ones(len(emotions)),
        counts=np.ones(len(emotions), dtype=np.int64),
        emotions=emotions,
        voices=np.array(list("abcd"))[owners],
        projected=np.stack([emotions, owners], axis=1).astype(np.float16) if projected else None,
    )


@pytest.mark.parametrize("mix", list(MIXES))
def test_what_adapting_makes_of_a_voice_is_told_beside_what_is_heard_alone(mix):
    kind = Kind(mix, 10, voices=1)
    found = measure_voices(kept_clips(), kind, ensemble=Listener(), seed=0, voices=40)
    assert found.adapted.right == 1.0
    assert found.alone.right < 0.5
    assert found.adapted.error < 0.08 < found.alone.error + 0.05
    row = dict(zip(VOICES_HEAD, voices_rows([found])[0], strict=True))
    assert row["shares"] == mix
    assert row["right, adapted"] == "100.0%"


def test_an_ensemble_that_does_not_adapt_has_no_figures():
    silent = Listener()
    silent.adaptive = None
    kind = VOICE_KINDS[0]
    assert measure_voices(kept_clips(), kind, ensemble=silent, seed=0, voices=40) is None
    assert (
        measure_voices(kept_clips(projected=False), kind, ensemble=Listener(), seed=0, voices=40)
        is None
    )


def test_voices_are_drawn_from_even_to_all_one_emotion():
    assert {kind.mix for kind in VOICE_KINDS} == set(MIXES)
    assert {kind.voices for kind in VOICE_KINDS} == {1}
