"""What setting windows aside costs and gains."""

import numpy as np
import pytest

from voxemo_scan.training.abstention import THRESHOLDS, Heard, hear, sorts_of, to_markdown
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.film.backgrounds import Background, Backgrounds
from voxemo_scan.training.judge import Clip

RATE = 16_000


class Speech:
    """Clips of two seconds of noise, each speaker's another, speech from half a second on."""

    def clip(self, utterance):
        rng = np.random.default_rng(int(utterance.speaker))
        signal = (0.1 * rng.standard_normal(2 * RATE)).astype(np.float32)
        return Clip(signal, RATE // 2, 2 * RATE)

    def of(self, utterance):
        return self.clip(utterance).speech


def utterances(tmp_path, count=3):
    return [
        Utterance(
            path=tmp_path / f"{n}.wav", corpus="C", clip=str(n), speaker=str(n), gender=None,
            label="angry",
        )
        for n in range(count)
    ]  # fmt: skip


@pytest.fixture
def backgrounds():
    rng = np.random.default_rng(7)
    sound = (0.1 * rng.standard_normal(5 * RATE)).astype(np.float32)
    return Backgrounds(noise=(Background("n", sound),), music=(Background("m", sound),))


def test_the_more_is_asked_the_less_is_kept_and_what_is_kept_is_told():
    heard = Heard("s", np.array([0.2, 0.4, 0.6, 0.8]), np.array([False, False, True, True]))
    assert heard.at(0.0) == (1.0, 0.5)
    assert heard.at(0.5) == (0.5, 1.0)
    kept, right = heard.at(0.9)
    assert kept == 0.0
    assert np.isnan(right)
    assert [heard.at(t)[0] for t in THRESHOLDS] == sorted(
        (heard.at(t)[0] for t in THRESHOLDS), reverse=True
    )
    assert "| s | 4 | 100 / 50 |" in to_markdown([heard])


def test_every_sort_of_sound_differs_from_the_clip_but_as_recorded(tmp_path, backgrounds):
    clips = utterances(tmp_path)
    sorts = sorts_of(Speech(), backgrounds, clips)
    assert len(sorts) == 7
    recorded = sorts.pop("as recorded").clip(clips[0])
    for speech in sorts.values():
        changed = speech.clip(clips[0])
        assert (changed.start, changed.end) == (recorded.start, recorded.end)
        assert np.abs(changed.signal - recorded.signal).max() > 1e-3


def test_deeper_backgrounds_lie_louder_under_the_speech(tmp_path, backgrounds):
    clips = utterances(tmp_path)
    sorts = sorts_of(Speech(), backgrounds, clips)
    plain = Speech().clip(clips[0]).signal

    def added(sort):
        return float(np.square(sorts[sort].clip(clips[0]).signal - plain).mean())

    assert added("music or noise, -10 dB") > added("music or noise, 5 dB") > 0


def test_an_ensemble_that_cannot_tell_says_so(tmp_path):
    from voxemo_scan.workflow import load_ensemble

    with pytest.raises(ValueError, match="does not tell clear speech"):
        hear(load_ensemble("classic"), utterances(tmp_path), Speech(), sort="s")
