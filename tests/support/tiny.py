"""Tiny corpora in the layouts of CREMA-D, RAVDESS and TESS, whose emotions are tones."""

import json

import numpy as np

from tests.support.media import write_wav
from voxemo_scan.emotions import EMOTIONS

RATE = 16_000
CREMA_D = {"NEU": 150, "HAP": 600, "SAD": 200, "ANG": 1200, "FEA": 2400, "DIS": 4000}
RAVDESS = {"01": 150, "03": 600, "04": 200, "05": 1200, "06": 2400, "07": 4000, "08": 900}


def _clip(frequency_hz, *, seed):
    rng = np.random.default_rng(seed)
    time_s = np.arange(RATE) / RATE
    voice = np.sin(2 * np.pi * frequency_hz * rng.uniform(0.95, 1.05) * time_s)
    return 0.3 * voice + 0.01 * rng.standard_normal(RATE)


def write_corpora(root):
    """Write ``CREMA-D/``, ``RAVDESS/`` and ``splits/`` under ``root`` as a user would have them."""
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


def write_world(root, data, *, tess=True):
    """Put the tiny corpora, with noise, music and TESS beside them, under ``root``."""
    for name in ("CREMA-D", "RAVDESS", "splits"):
        (root / name).symlink_to(data / name)
    time_s = np.arange(16_000) / 16_000
    for kind in ("noise", "music"):
        for part in ("train", "test"):
            (root / kind / part).mkdir(parents=True)
            write_wav(root / kind / part / "sound.wav", 0.2 * np.sin(2 * np.pi * 300 * time_s))
    for speaker in ("OAF", "YAF") if tess else ():
        for label in EMOTIONS:
            folder = root / "TESS" / f"{speaker}_{label}"
            folder.mkdir(parents=True)
            hz = 100 + 200 * EMOTIONS.index(label)
            tone = 0.3 * np.sin(2 * np.pi * hz * time_s)
            write_wav(folder / f"{speaker}_back_{label}.wav", tone)
    return root
