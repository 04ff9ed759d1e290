"""Clips made to sound like film: what each link of the chain does, and that it stays the same."""

import numpy as np
import pytest

from tests.support.actors import write_networks
from tests.support.media import write_wav
from tests.support.shared import SHARED, needs_corpora
from voxemo_scan.audio.level import level_db
from voxemo_scan.errors import UsageError
from voxemo_scan.training.copies import Copy, Variation
from voxemo_scan.training.film.backgrounds import Background, Backgrounds, load_backgrounds, mix
from voxemo_scan.training.film.chain import (
    FilmSound,
    coarsely_quantised,
    in_band,
    in_room,
    softly_clipped,
)
from voxemo_scan.training.film.codec import CODECS, round_trip
from voxemo_scan.training.film.conditions import film_like, under
from voxemo_scan.training.prepare import prepare
from voxemo_scan.training.signals import clip_key
from voxemo_scan.training.trial import Trial, hold, trained_for

RATE = 16_000
SPEECH = slice(4000, 12_000)


def noise(samples, *, seed=0, scale=0.1):
    return (scale * np.random.default_rng(seed).standard_normal(samples)).astype(np.float32)


def tone(frequency_hz, *, samples=RATE):
    return np.sin(2 * np.pi * frequency_hz * np.arange(samples) / RATE).astype(np.float32)


@pytest.fixture(scope="module")
def voice():
    """A second with speech from a quarter to three quarters of it."""
    signal = 0.2 * tone(220.0)
    signal[: SPEECH.start] = 0.0
    signal[SPEECH.stop :] = 0.0
    return signal


@pytest.fixture(scope="module")
def backgrounds():
    return Backgrounds(
        noise=(Background("hum", noise(9000, seed=1)),),
        music=(Background("tune", 0.3 * tone(440.0, samples=5000)),),
    )


@pytest.mark.parametrize("snr_db", [20.0, 0.0, -5.0])
def test_a_background_lies_as_far_under_the_speech_as_asked(voice, snr_db):
    mixed = mix(voice, noise(RATE, seed=3), speech=SPEECH, snr_db=snr_db)
    added = level_db([(mixed - voice)[SPEECH]])
    assert level_db([voice[SPEECH]]) - added == pytest.approx(snr_db, abs=1e-3)


def test_a_background_that_falls_silent_is_not_raised_without_end(voice):
    silent = np.zeros(RATE, dtype=np.float32)
    silent[0] = 1e-3
    mixed = mix(voice, silent, speech=SPEECH, snr_db=0.0)
    assert np.abs(mixed).max() <= 1.0
    assert np.array_equal(mixed[SPEECH], voice[SPEECH])


def test_a_stretch_goes_on_from_the_start(backgrounds):
    (tune,) = backgrounds.music
    stretch = tune.stretch(12_000, np.random.default_rng(0))
    assert np.array_equal(stretch[:5000], stretch[5000:10_000])
    assert sorted(stretch[:5000].tolist()) == sorted(tune.sound.tolist())


def test_a_room_echoes_and_dies_away():
    click = np.zeros(RATE, dtype=np.float32)
    click[100] = 1.0
    heard = in_room(click, np.random.default_rng(0), seconds=0.4, direct_db=0.0)
    assert np.abs(heard[:100]).max() < 1e-6
    early, late = heard[101:1701], heard[4901:6501]  # 0.3 s apart: 45 dB
    assert level_db([early]) - level_db([late]) == pytest.approx(45.0, abs=3.0)
    assert level_db([heard]) == pytest.approx(level_db([click]), abs=0.01)


def test_a_band_keeps_what_lies_in_it():
    inside, below, above = (
        level_db([in_band(tone(hz), low_hz=300.0, high_hz=3000.0)[2000:]]) for hz in (900, 60, 6500)
    )
    assert inside == pytest.approx(level_db([tone(900)]), abs=0.5)
    assert below < inside - 30
    assert above < inside - 25


def test_soft_clipping_keeps_the_peak_and_presses_the_rest():
    signal = 0.25 * tone(100.0)
    pressed = softly_clipped(signal, drive_db=12.0)
    assert np.abs(pressed).max() == pytest.approx(0.25, rel=1e-3)
    assert level_db([pressed]) > level_db([signal]) + 1.0
    assert not softly_clipped(np.zeros(10, np.float32), drive_db=6.0).any()


def test_coarse_steps_are_few():
    coarse = coarsely_quantised(0.3 * tone(50.0), bits=4.0)
    assert len(np.unique(coarse)) <= 17
    assert np.abs(coarse - 0.3 * tone(50.0)).max() <= 0.3 / 2**4 + 1e-6
    assert not coarsely_quantised(np.zeros(10, np.float32), bits=8.0).any()


def test_links_that_are_never_drawn_leave_a_clip_alone(voice, backgrounds):
    none = FilmSound(room=0, music=0, noise=0, band=0, hiss=0, clipping=0, coarse=0)
    assert np.array_equal(none.apply(voice, np.random.default_rng(0), backgrounds), voice)


@pytest.mark.parametrize("seed", range(8))
def test_the_whole_chain_is_sound_of_the_same_length(voice, backgrounds, seed):
    every = FilmSound(room=1, music=1, noise=1, band=1, hiss=1, clipping=1, coarse=1)
    heard = every.apply(voice, np.random.default_rng(seed), backgrounds, speech=SPEECH)
    assert heard.shape == voice.shape
    assert heard.dtype == np.float32
    assert np.isfinite(heard).all()
    loudest_hz = 2 * int(np.abs(np.fft.rfft(heard[SPEECH])).argmax())
    assert min(abs(loudest_hz - 220), abs(loudest_hz - 440)) <= 4  # the voice, or the tune


@pytest.fixture(scope="module")
def ready(data, tmp_path_factory):
    return prepare("film-like", data=data, cache_folder=tmp_path_factory.mktemp("cache"))


def test_a_clip_sounds_the_same_every_time_and_each_differs(ready, backgrounds):
    clips = film_like(ready.signals, backgrounds)
    first, second = ready.split.test[:2]
    assert np.array_equal(clips.clip(first).signal, clips.clip(first).signal)
    assert not np.array_equal(clips.clip(first).signal, ready.signals.clip(first).signal)
    assert not np.array_equal(clips.clip(first).signal, clips.clip(second).signal)
    before, after = ready.signals.clip(first), clips.clip(first)
    assert (before.start, before.end) == (after.start, after.end)
    assert np.array_equal(clips.of(first), after.speech)


def test_only_the_distance_of_a_background_changes(ready, backgrounds):
    for utterance in ready.split.test[:6]:
        clean = ready.signals.clip(utterance).signal
        near, far = (
            under(ready.signals, backgrounds, snr_db=snr).clip(utterance).signal - clean
            for snr in (0.0, 20.0)
        )
        assert near == pytest.approx(10.0 * far, abs=1e-4)
        assert level_db([near]) == pytest.approx(level_db([clean]), abs=0.5)


def test_the_silence_that_files_are_filled_up_with_is_left_out(tmp_path):
    for kind in ("noise", "music"):
        folder = tmp_path / kind / "train"
        folder.mkdir(parents=True)
        padded = np.concatenate([np.zeros(3000), 0.5 * tone(300.0), np.zeros(5000)])
        write_wav(folder / "sound.wav", padded)
        write_wav(folder / "silence.wav", np.zeros(2000))
    found = load_backgrounds(tmp_path, "train")
    assert [b.name for b in found.noise] == ["sound"]
    assert len(found.music[0].sound) == pytest.approx(RATE, abs=5)
    with pytest.raises(UsageError, match="holds no sound"):
        load_backgrounds(tmp_path, "test")


@needs_corpora
def test_no_test_sound_is_among_those_to_train_with():
    parts = [load_backgrounds(SHARED / "data", part) for part in ("train", "test")]
    for kind in ("noise", "music"):
        train, test = ({b.name for b in getattr(part, kind)} for part in parts)
        assert train
        assert test
        assert not train & test
        recordings = [
            {name.split("_")[-1].split("-")[0] for name in names} for names in (train, test)
        ]
        assert kind == "music" or not recordings[0] & recordings[1]


@pytest.mark.parametrize("codec", CODECS)
def test_a_codec_keeps_what_is_said_and_when(codec):
    signal = np.concatenate([np.zeros(6000), 0.4 * tone(500.0)]).astype(np.float32)
    heard = round_trip(signal, codec, bits_per_s=24_000)
    assert heard.shape == signal.shape
    assert heard.dtype == np.float32
    assert not np.array_equal(heard, signal)
    assert level_db([heard[:4000]]) < -50
    assert np.corrcoef(heard[7000:20_000], signal[7000:20_000])[0, 1] > 0.95


def test_copies_may_sound_like_film(ready, backgrounds):
    utterance = ready.split.train[0]
    key, sound = clip_key(utterance), ready.signals.sounds[clip_key(utterance)]
    filmed = Copy(film=FilmSound(music=1.0))
    heard = filmed.of(sound, key=key, backgrounds=backgrounds)
    assert np.array_equal(heard, filmed.of(sound, key=key, backgrounds=backgrounds))
    assert not np.array_equal(heard, Copy().of(sound, key=key))
    with pytest.raises(ValueError, match="need backgrounds"):
        filmed.of(sound, key=key)
    never, always = (
        Variation(varied=0.0, gain_db=0.0, filmed=filmed, film=FilmSound(noise=1.0))
        for filmed in (0.0, 1.0)
    )
    rng = np.random.default_rng(0)
    assert np.array_equal(never.of(sound, rng), sound.whole())
    assert not np.array_equal(always.of(sound, rng, backgrounds), sound.whole())


@pytest.fixture(scope="module")
def world(data, tmp_path_factory):
    """The tiny corpora with noise, music and a third corpus beside them."""
    root = tmp_path_factory.mktemp("world")
    for name in ("CREMA-D", "RAVDESS", "splits"):
        (root / name).symlink_to(data / name)
    for kind, sound in (("noise", noise(RATE)), ("music", 0.3 * tone(440.0))):
        (root / kind / "test").mkdir(parents=True)
        write_wav(root / kind / "test" / "sound.wav", sound.astype(np.float64))
    for label, hz in (("angry", 1200), ("sad", 200), ("neutral", 150)):
        folder = root / "TESS" / f"OAF_{label}"
        folder.mkdir(parents=True)
        write_wav(folder / f"OAF_back_{label}.wav", 0.3 * tone(hz).astype(np.float64))
    return root


@pytest.fixture(scope="module")
def judged(world, tmp_path_factory):
    """Return what untrained networks come to on a protocol."""
    weights = write_networks(
        tmp_path_factory.mktemp("weights"), protocol="unseen-speakers", folds=[0]
    )
    cache = tmp_path_factory.mktemp("cache")

    def judge(protocol):
        models = trained_for((0,), protocol=protocol, weights=weights)
        return hold(models, Trial(protocol), data=world, cache_folder=cache)

    return judge


def test_film_like_clips_are_the_unseen_speakers(judged):
    film, studio = judged("film-like"), judged("unseen-speakers")
    assert film.whole.clips == studio.whole.clips
    assert film.whole.ece != studio.whole.ece


def test_music_is_measured_at_every_distance(judged):
    found = judged("music")
    names = [part.part for part in found.parts]
    assert names == ["as recorded", "20 dB", "10 dB", "5 dB", "0 dB"]
    assert found.ua == found.parts[0].metrics.ua
    assert found.parts[0].metrics.ece == judged("unseen-speakers").whole.ece
    assert len({part.metrics.ece for part in found.parts}) == len(names)


def test_clips_are_judged_at_other_tempos_and_pitches(judged):
    found = judged("delivery")
    names = [part.part for part in found.parts]
    tempos = [f"{tempo} times as fast" for tempo in ("0.65", "0.8", "1.25", "1.5")]
    assert names == ["as recorded", *tempos, "-3 semitones", "+3 semitones"]
    assert found.parts[0].metrics.ece == judged("unseen-speakers").whole.ece
    assert len({part.metrics.ece for part in found.parts}) == len(names)


def test_a_corpus_never_heard_is_tested_whole(judged, world):
    assert judged("unseen-corpus").whole.clips == 3
    split = prepare("unseen-corpus", data=world, cache_folder=world / "cache").split
    assert {u.corpus for u in split.test} == {"TESS"}
    assert "TESS" not in {u.corpus for u in (*split.train, *split.validation)}


def test_no_music_to_measure_with_is_a_usage_error(judged, world, tmp_path):
    for name in ("CREMA-D", "RAVDESS", "splits"):
        (tmp_path / name).symlink_to(world / name)
    weights = write_networks(tmp_path / "weights", protocol="unseen-speakers", folds=[0])
    models = trained_for((0,), protocol="music", weights=weights)
    with pytest.raises(UsageError, match="holds no sound"):
        hold(models, Trial("music"), data=tmp_path, cache_folder=tmp_path / "cache")
