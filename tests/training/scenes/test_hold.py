"""The scenes protocol from corpora to figures on paper."""

import json

import numpy as np
import pytest
import soxr

from tests.support.actors import write_networks
from tests.support.tiny import write_world
from tests.support.voice import SAMPLING_RATE, say
from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.errors import UsageError
from voxemo_scan.models.registry import load_files
from voxemo_scan.training.film.backgrounds import Background, Backgrounds
from voxemo_scan.training.judge import Clip
from voxemo_scan.training.scenes.draws import REFERENCE, Kind
from voxemo_scan.training.scenes.figures import to_json, to_markdown, write_scenes
from voxemo_scan.training.scenes.hold import ScenesPlan, hold_scenes
from voxemo_scan.training.scenes.recipe import SceneRecipe
from voxemo_scan.training.scenes.sounded import SOUNDS, recipes, scan_scenes
from voxemo_scan.training.trial import trained_for

SMALL = ScenesPlan(
    kinds=(REFERENCE, Kind("one emotion", 2), Kind("any", 2, voices=2)), scenes=6, covered=3,
    recipes=(SceneRecipe(name="clean-1-voices-any", clips=3, voices=1),),
)  # fmt: skip


@pytest.fixture(scope="module")
def world(data, tmp_path_factory):
    return write_world(tmp_path_factory.mktemp("world"), data)


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("networks")
    paths = write_networks(folder, protocol="unseen-speakers", folds=[0])
    return trained_for((0,), protocol="unseen-speakers", weights=paths)


@pytest.fixture(scope="module")
def found(world, models, tmp_path_factory):
    cache = tmp_path_factory.mktemp("cache")
    return hold_scenes(models, data=world, cache_folder=cache, plan=SMALL, seed=3)


def test_unseen_speakers_and_tess_are_reported_apart(found):
    assert [(p.pool, p.clips, p.speakers) for p in found.pools] == [
        ("unseen speakers", 18, 2), ("TESS", 12, 2)
    ]  # fmt: skip
    for pool in found.pools:
        assert list(pool.drawn) == ["clean", "film-like"]
        clean, film = pool.drawn.values()
        assert [each.kind for each in clean] == [REFERENCE, Kind("one emotion", 2)]
        assert [each.errors for each in clean] != [each.errors for each in film]
        assert len(pool.sounded) == 1


def test_the_validation_part_is_judged_alone(world, models, tmp_path):
    found = hold_scenes(models, data=world, cache_folder=tmp_path, validation=True, plan=SMALL)
    assert [(p.pool, p.clips) for p in found.pools] == [("validation speakers", 18)]


def test_without_tess_the_rest_is_measured(data, models, tmp_path):
    said = []

    class Listener:
        def stage(self, *_args, **_more):
            pass

        def note(self, message):
            said.append(message)

    world = write_world(tmp_path, data, tess=False)
    found = hold_scenes(
        models, data=world, cache_folder=tmp_path / "cache", plan=SMALL, progress=Listener()
    )
    assert [pool.pool for pool in found.pools] == ["unseen speakers"]
    assert "no scenes of TESS" in said[0]


def test_a_model_that_has_heard_the_clips_is_refused(world, tmp_path):
    merged = write_networks(tmp_path, protocol="unseen-speakers", folds=[0], merged=True)
    models = trained_for((0,), protocol="unseen-speakers", weights=merged)
    with pytest.raises(UsageError, match="learned from the validation part, too"):
        hold_scenes(models, data=world, cache_folder=tmp_path, validation=True, plan=SMALL)
    other = write_networks(tmp_path / "other", protocol="origin", folds=[0])
    models = trained_for((0,), protocol="origin", weights=other)
    with pytest.raises(UsageError, match="was trained on the origin protocol"):
        hold_scenes(models, data=world, cache_folder=tmp_path, plan=SMALL)


def test_figures_are_the_same_on_paper_and_in_json(found, tmp_path):
    write_scenes(found, tmp_path, command="run it")
    values = json.loads((tmp_path / "scenes.json").read_text())
    assert values == json.loads(json.dumps(to_json(found, command="run it"), allow_nan=False))
    text = (tmp_path / "scenes.md").read_text()
    assert text == to_markdown(found, command="run it")
    (reference,) = [k for k in values["pools"][0]["drawn"]["clean"] if k["reference"]]
    row = next(line for line in text.splitlines() if "40 (reference)" in line)
    assert f"| {reference['errors']['em']:.3f} | {reference['errors']['mean']:.3f} |" in row
    assert f"| {reference['coverage']:.1%} |" in row
    assert "## TESS: 12 clips, 2 speakers" in text
    (sounded,) = values["pools"][0]["sounded"]
    assert sounded["error"] == pytest.approx(
        np.mean([abs(sounded["shares"].get(e, 1 / 6) - sounded["true"][e]) for e in EMOTIONS])
    )


def test_recipes_are_of_all_sounds_and_no_more_voices_than_there_are():
    every, few = recipes(), recipes(most_voices=2)
    assert len({r.name for r in every}) == len(every) == 48
    assert {r.voices for r in every} == {2, 3, 4, 6}
    assert {r.voices for r in few} == {2}
    for chosen in (every, few):
        assert {r.name.split("-")[0] for r in chosen} == set(SOUNDS)
        assert {r.concentration for r in chosen} == {10.0, 1.0, 0.0}
    assert any(r.overlap > 0 for r in every)


class Spoken:
    """Real speech, the same for every clip."""

    def __init__(self):
        line = soxr.resample(say("I have told you twice today."), SAMPLING_RATE, 16_000)
        silence = np.zeros(8000)
        self.signal = np.concatenate([silence, line, silence]).astype(np.float32)

    def clip(self, _utterance):
        return Clip(self.signal, 8000, len(self.signal) - 8000)

    def of(self, utterance):
        return self.clip(utterance).speech


def test_scenes_are_scanned_as_any_clip_is(pool, tmp_path):
    ensemble = load_files(write_networks(tmp_path, protocol="unseen-speakers", folds=[0]))
    recipe = SceneRecipe(
        name="music-2-voices-one", clips=5, concentration=0, pause_s=(0.8, 1.0),
        film=SOUNDS["music"],
    )  # fmt: skip
    time_s = np.arange(16_000) / 16_000
    tune = Background("tune", (0.1 * np.sin(2 * np.pi * 300 * time_s)).astype(np.float32))
    (found,) = scan_scenes(
        [recipe], ensemble=ensemble, utterances=pool, signals=Spoken(),
        backgrounds=Backgrounds((tune,), (tune,)), seed=1,
    )  # fmt: skip
    assert found.sound == "music"
    assert found.result.status == "ok"
    assert len(found.result.segments) == 5
    for turn, (start_s, end_s) in zip(found.scene.turns, found.result.segments, strict=True):
        assert start_s == pytest.approx(turn.start_s, abs=0.3)
        assert end_s == pytest.approx(turn.end_s, abs=0.3)
    assert found.found == pytest.approx(1.0, abs=0.2)
    (said,) = [e for e in EMOTIONS if found.scene.shares[e] == 1.0]
    wrong = 1.0 - found.result.shares[said]
    assert found.error() == pytest.approx(2 * wrong / 6)
    assert found.error("mean") == pytest.approx(2 * (1.0 - found.result.mean_shares[said]) / 6)
    assert 0.0 <= found.covered <= 1.0
    assert 0.0 < found.width <= 1.0
