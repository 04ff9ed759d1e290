"""A tiny corpus in the layouts of CREMA-D and RAVDESS, whose emotions are tones."""

import numpy as np
import pytest

from tests.support.media import write_wav
from voxemo_scan.training.prepare import prepare

RATE = 16_000
CREMA_D = {"NEU": 150, "HAP": 600, "SAD": 200, "ANG": 1200, "FEA": 2400, "DIS": 4000}
RAVDESS = {"01": 150, "03": 600, "04": 200, "05": 1200, "06": 2400, "07": 4000, "08": 900}


def _clip(frequency_hz, *, seed):
    rng = np.random.default_rng(seed)
    time_s = np.arange(RATE) / RATE
    voice = np.sin(2 * np.pi * frequency_hz * rng.uniform(0.95, 1.05) * time_s)
    return 0.3 * voice + 0.01 * rng.standard_normal(RATE)


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """``CREMA-D/``, ``RAVDESS/`` and ``splits/`` as a user would have them."""
    import json

    root = tmp_path_factory.mktemp("data")
    crema_d, ravdess = root / "CREMA-D", root / "RAVDESS"
    (crema_d / "AudioWAV").mkdir(parents=True)
    (crema_d / "VideoDemographics.csv").write_text(
        "ActorID,Age,Sex,Race,Ethnicity\n"
        '1001,51,"Male","x","y"\n1002,21,"Female","x","y"\n1003,30,"Female","x","y"\n'
    )
    seed = 0
    for speaker in ("1001", "1002", "1003"):
        for line in ("IEO", "TIE"):
            for code, frequency_hz in CREMA_D.items():
                seed += 1
                path = crema_d / "AudioWAV" / f"{speaker}_{line}_{code}_XX.wav"
                write_wav(path, _clip(frequency_hz, seed=seed))
    for actor in ("01", "02", "03"):
        (ravdess / f"Actor_{actor}").mkdir(parents=True)
        for code, frequency_hz in RAVDESS.items():
            seed += 1
            path = ravdess / f"Actor_{actor}" / f"03-01-{code}-01-01-01-{actor}.wav"
            write_wav(path, _clip(frequency_hz, seed=seed))
    (root / "splits").mkdir()
    unseen = {
        "crema-d": {"train": ["1001"], "validation": ["1002"], "test": ["1003"]},
        "crema-d-excluded": ["1001_TIE_DIS_XX"],
        "ravdess": {"train": ["01"], "validation": ["02"], "test": ["03"]},
    }
    (root / "splits" / "unseen-speakers.json").write_text(json.dumps(unseen))
    names = sorted(p.stem for p in root.rglob("*.wav") if "-08-" not in p.stem)
    origin = {"train": names[:36], "test": names[36:]}
    (root / "splits" / "origin.json").write_text(json.dumps(origin))
    return root


@pytest.fixture(scope="session")
def prepared(data, tmp_path_factory):
    """The ``unseen-speakers`` parts of the tiny corpus, and its signals."""
    found = prepare(
        "unseen-speakers", data=data, cache_folder=tmp_path_factory.mktemp("corpora-cache")
    )
    return found.split, found.signals
