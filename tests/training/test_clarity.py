"""What is no clear speech, learned; and an encoder member that knows it, from recipe to verdict."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from tests.support.tiny import write_world
from voxemo_scan.models.registry import load_files
from voxemo_scan.models.whisper import WhisperBlocks, WhisperShape
from voxemo_scan.training.clarity import fit_clarity, unclear
from voxemo_scan.training.clips import EnsembleJudge
from voxemo_scan.training.combine import calibrate
from voxemo_scan.training.copies import Copy
from voxemo_scan.training.encoder_recipe import EncoderRecipe
from voxemo_scan.training.film.backgrounds import Background, Backgrounds
from voxemo_scan.training.judge import Clip
from voxemo_scan.training.labels import SIX
from voxemo_scan.training.prepare import prepare
from voxemo_scan.training.run import train_to_file


@pytest.fixture(scope="module")
def ready(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    write_world(folder, data, tess=False)
    return prepare("unseen-speakers", data=folder, cache_folder=tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def trained(ready, tmp_path_factory):
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("clarity")
    blocks = WhisperBlocks(WhisperShape(blocks=1)).state_dict()
    save_file({f"model.encoder.{n}": t.half() for n, t in blocks.items()}, folder / "whisper")
    recipe = EncoderRecipe(
        kind="encoder", name="small", blocks=1, layers=(0, 1), inner=32,
        copies=(Copy(), Copy(speed=1.1, margin=0.8, gain_db=6.0)),
        wide={"heads": 1, "epochs": 8, "batch": 6}, deep={"heads": 0, "epochs": 1, "batch": 6},
        adaptive={"heads": 1, "epochs": 8, "batch": 6}, clarity=12, mixture=3,
        listening={"parts": 2, "steps": 20},
        speeds=(1.0, 1.1),
    )  # fmt: skip
    path = train_to_file(recipe, ready, seed=1, folder=folder, encoder=str(folder / "whisper"))
    return load_files([path])


def test_every_sort_of_sound_is_made_alike_by_the_same_seed(ready):
    rng = np.random.default_rng(0)
    sound = rng.standard_normal(40_000).astype(np.float32)
    backgrounds = Backgrounds((Background("n", sound),), (Background("m", sound[::-1]),))

    def made():
        return list(unclear(ready.split.train, ready.signals, backgrounds, seed=3, each=4))

    first, again = made(), made()
    assert len(first) == 20
    assert all(len(sound) and np.isfinite(sound).all() for sound in first)
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_is_clear_is_told_from_what_is_not():
    rng = np.random.default_rng(0)
    clear = rng.standard_normal((300, 8)).astype(np.float32) + 1.0
    other = rng.standard_normal((100, 8)).astype(np.float32) - 1.0
    layer = fit_clarity(clear[:200], other[:70])
    with torch.inference_mode():
        said = layer(torch.from_numpy(np.concatenate([clear[200:], other[70:]])))[:, 0] > 0
    assert said[:100].float().mean() > 0.9
    assert said[100:].float().mean() < 0.1


def test_a_trained_member_says_how_clear_windows_are(trained, ready):
    judge = EnsembleJudge(trained)
    rng = np.random.default_rng(0)
    clips = [ready.signals.clip(u) for u in ready.split.test]
    hiss = 0.1 * rng.standard_normal((len(clips), 32_000)).astype(np.float32)
    noise = [Clip(each, 0, len(each)) for each in hiss]
    speech, other = (trained.judge(judge.passages(sounds)).clear for sounds in (clips, noise))
    assert ((speech > 0) & (speech < 1)).all()
    assert np.median(speech) > np.median(other)


def test_clips_of_a_voice_are_heard_beside_one_another(trained, ready):
    clips = [ready.signals.clip(u) for u in ready.split.test]
    voices = [u.speaker for u in ready.split.test]
    judge = EnsembleJudge(trained)
    alone, beside = judge.judge(clips), judge.judge(clips, voices=voices)
    assert judge.adapts
    assert beside.probabilities.sum(axis=1) == pytest.approx(np.ones(len(clips)))
    assert not np.allclose(alone.probabilities, beside.probabilities)
    order = np.random.default_rng(0).permutation(len(clips))
    turned = judge.judge([clips[n] for n in order], voices=[voices[n] for n in order])
    np.testing.assert_allclose(turned.probabilities, beside.probabilities[order], atol=1e-4)


def test_where_emotions_lie_in_voices_is_learned_with_the_rest(trained, ready):
    network = trained.adaptive
    assert network.mixture.directions.shape == (2 * 2 * 512, 3)
    assert bool(network.mixture.directions.abs().sum(dim=0).gt(0).all())
    passages = EnsembleJudge(trained).passages([ready.signals.clip(u) for u in ready.split.test])
    heard = trained.judge(passages)
    speeds, numbers = 2, 32 + 3
    assert heard.projected.shape == (len(heard.probabilities), speeds, numbers)


def test_windows_of_no_known_voice_stay_as_they_were_heard(trained, ready):
    heard = trained.judge(
        EnsembleJudge(trained).passages([ready.signals.clip(ready.split.test[0])])
    )
    unknown = np.full(len(heard.probabilities), -1)
    np.testing.assert_array_equal(trained.adapt(heard, unknown).probabilities, heard.probabilities)


def test_what_is_heard_beside_one_another_is_calibrated_by_itself(trained, ready):
    utterances = (*ready.split.validation, *ready.split.test)
    fitted = calibrate(trained, utterances, ready.signals, labels=SIX)
    assert fitted.adapted.leanings
    assert fitted.adapted != fitted.calibration


def test_a_voices_gender_is_heard_at_its_own_speed(trained, ready):
    clips = [ready.signals.clip(u) for u in ready.split.test]
    (network,) = trained.networks
    as_spoken = load_at(trained, speeds=(1.0,))
    both = EnsembleJudge(trained).judge(clips)
    alone = EnsembleJudge(as_spoken).judge(clips)
    faster = EnsembleJudge(load_at(trained, speeds=(1.1,))).judge(clips)
    # Speeds are encoded together, and some processors round products of other sizes otherwise.
    rounded = 2e-3
    np.testing.assert_allclose(both.female, alone.female, atol=rounded)
    assert np.abs(faster.female - alone.female).max() > 5 * rounded
    assert network.description.speeds == (1.0, 1.1)
    assert not np.allclose(both.probabilities, alone.probabilities)


def load_at(ensemble, *, speeds):
    """Return the ensemble with networks that hear at other speeds."""
    (voice,) = ensemble.voices
    networks = [
        replace(n, description=n.description.model_copy(update={"speeds": speeds}))
        for n in ensemble.networks
    ]
    return type(ensemble)([replace(voice, member=type(voice.member)(networks))], info=ensemble.info)
