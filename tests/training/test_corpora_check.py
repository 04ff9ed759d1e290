"""What a look over a folder of speech finds."""

import shutil

import numpy as np
import pytest

from tests.support.corpora import put, put_crema_d
from tests.support.media import write_wav
from tests.support.shared import SHARED, needs_corpora
from voxemo_scan.errors import UsageError
from voxemo_scan.training.corpora import recognise
from voxemo_scan.training.corpora.examine import examine

RAVDESS_CLIP = "Actor_01/03-01-05-01-01-01-01.wav"


def kinds(place, **how):
    return [(each.corpus, each.place) for each in recognise(place, **how)]


@pytest.mark.parametrize(
    ("name", "clips"),
    [
        ("CREMA-D", ["AudioWAV/1001_IEO_ANG_XX.wav"]),
        ("RAVDESS", [RAVDESS_CLIP]),
        ("TESS", ["OAF_angry/OAF_back_angry.wav"]),
        ("SAVEE", ["AudioData/DC/a01.wav"]),
        ("SAVEE", ["DC_a01.wav"]),
        ("EmoDB", ["wav/03a01Wa.wav", "silb/note.wav"]),
        ("somewhere", ["angry/a01.wav"]),
    ],
)
def test_each_layout_is_recognised(tmp_path, name, clips):
    folder = put_crema_d(tmp_path / "somewhere", *clips)
    assert kinds(folder) == [(name, folder)]


def test_a_folder_of_corpora_is_recognised_by_its_subfolders_names(tmp_path):
    put(tmp_path / "ravdess", RAVDESS_CLIP)
    put(tmp_path / "music", "march.wav")
    put(tmp_path / "Actors", "DC_a01.wav")
    (tmp_path / "TESS").mkdir()
    assert kinds(tmp_path) == [("SAVEE", tmp_path / "Actors"), ("RAVDESS", tmp_path / "ravdess")]


def test_a_folder_of_corpora_is_recognised_by_its_files_names(tmp_path):
    put(tmp_path / "one", RAVDESS_CLIP)
    put(tmp_path / "two", "wav/03a01Wa.wav")
    assert kinds(tmp_path) == [("RAVDESS", tmp_path / "one"), ("EmoDB", tmp_path / "two")]


def test_a_corpus_may_be_said(tmp_path):
    put(tmp_path, RAVDESS_CLIP, *(f"angry/holiday{n}.wav" for n in range(3)))
    with pytest.raises(UsageError, match="'Actor_01' is no label"):
        recognise(tmp_path)
    (found,) = recognise(tmp_path, name="ravdess")
    assert [u.label for u in found.utterances] == ["angry"]
    assert len(found.left_over) == 3
    with pytest.raises(UsageError, match="'Actor_01' is no label"):
        recognise(tmp_path, name="own")
    with pytest.raises(UsageError, match="unknown corpus 'IEMOCAP'"):
        recognise(tmp_path, name="IEMOCAP")


def test_what_a_recognised_corpus_lacks_is_said(tmp_path):
    put(tmp_path, "AudioWAV/1001_IEO_ANG_XX.wav")
    with pytest.raises(UsageError, match=r"VideoDemographics.csv"):
        recognise(tmp_path)


def test_nothing_is_recognised_in_nothing(tmp_path):
    with pytest.raises(UsageError, match="nothing at"):
        recognise(tmp_path / "gone")


@pytest.fixture(scope="module")
def flawed(tmp_path_factory):
    """A labelled folder with everything wrong with it, and what is found there."""
    folder = tmp_path_factory.mktemp("data") / "mine"
    rng = np.random.default_rng(0)
    sound = 0.1 * rng.standard_normal(8000)
    for name, samples in {
        "ann/angry/one": sound,
        "bob/happy/same": sound,
        "bob/happy/other": 0.2 * rng.standard_normal(16000),
        "ann/sad/silent": np.zeros(8000),
        "ann/sad/silent-too": np.zeros(8000),
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_wav(folder / f"{name}.wav", samples, sampling_rate=16_000)
    shutil.copy(folder / "bob/happy/other.wav", folder / "bob/happy/other-again.wav")
    write_wav(folder / "bob/happy/other.mp3", 0.2 * rng.standard_normal(16000))
    (folder / "ann/sad/broken.wav").write_text("no sound")
    (found,) = examine(recognise(folder))
    return folder, found


def test_clips_are_counted_by_speaker_and_label(flawed):
    _, found = flawed
    assert found.clips == 7
    assert found.counts == {"ann": {"angry": 1, "sad": 3}, "bob": {"happy": 3}}


def test_the_duration_is_that_of_all_clips(flawed):
    _, found = flawed
    assert found.duration_s == pytest.approx(0.5 + 0.5 + 0.5 + 0.5 + 1.0 + 1.0, abs=0.001)


def test_duplicates_are_found_and_contradictions_named(flawed):
    _, found = flawed
    trap, harmless = sorted(found.duplicates, key=lambda same: same.clips)
    assert trap.clips == ("ann/angry/one", "bob/happy/same")
    assert (trap.labels, trap.contradicts) == (("angry", "happy"), True)
    assert set(harmless.clips) == {"bob/happy/other", "bob/happy/other-again"}
    assert not harmless.contradicts


def test_silent_and_unreadable_clips_are_found(flawed):
    folder, found = flawed
    assert set(found.silent) == {"ann/sad/silent", "ann/sad/silent-too"}
    assert list(found.unreadable) == [str(folder / "ann/sad/broken.wav")]
    assert "is not a media file" in found.unreadable[str(folder / "ann/sad/broken.wav")]


def test_files_that_do_not_count_are_named(tmp_path):
    put(tmp_path, RAVDESS_CLIP, f"copy/{RAVDESS_CLIP}", "Actor_01/holiday.wav")
    (found,) = examine(recognise(tmp_path))
    assert found.clips == 1
    assert found.again == (str(tmp_path / "copy" / RAVDESS_CLIP),)
    assert found.strangers == (str(tmp_path / "Actor_01" / "holiday.wav"),)


def test_duplicates_are_found_by_sound_whatever_the_file(tmp_path):
    sound = 0.1 * np.random.default_rng(0).standard_normal(8000)
    for name in ("angry/a.wav", "angry/b.flac"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        write_wav(tmp_path / name, sound, sampling_rate=16_000)
    (found,) = examine(recognise(tmp_path))
    assert [same.clips for same in found.duplicates] == [("angry/a", "angry/b")]


@needs_corpora
def test_the_traps_of_the_corpora_are_found(tmp_path):
    names = [
        "1076_MTI_SAD_XX", "1013_WSI_SAD_XX", "1013_WSI_DIS_XX", "1017_IWW_ANG_XX",
        "1017_IWW_FEA_XX", "1006_TIE_HAP_XX", "1006_TIE_NEU_XX", "1001_DFA_ANG_XX",
    ]  # fmt: skip
    data = tmp_path / "data"
    for place in ("CREMA-D/AudioWAV", "RAVDESS/Actor_07"):
        (data / place).mkdir(parents=True)
    source = SHARED / "data" / "CREMA-D"
    (data / "CREMA-D" / "VideoDemographics.csv").symlink_to(source / "VideoDemographics.csv")
    for name in names:
        (data / "CREMA-D/AudioWAV" / f"{name}.opus").symlink_to(source / f"AudioWAV/{name}.opus")
    for take in ("01", "02"):
        name = f"Actor_07/03-01-03-01-02-{take}-07.opus"
        (data / "RAVDESS" / name).symlink_to(SHARED / "data" / "RAVDESS" / name)
    crema_d, ravdess = examine(recognise(data))
    assert crema_d.silent == ("1076_MTI_SAD_XX",)
    assert len(crema_d.duplicates) == 3
    assert all(same.contradicts for same in crema_d.duplicates)
    (same,) = ravdess.duplicates
    assert not same.contradicts
