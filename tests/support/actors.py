"""A tiny RAVDESS of six actors in six folds, and networks that were trained without one each."""

import json

import numpy as np
import torch

from tests.support.media import write_wav
from voxemo_scan.features.image import ImageOptions
from voxemo_scan.models.networks import ClassicNetwork, ClassicShape
from voxemo_scan.models.weights import ClassicDescription, save_network

RATE = 16_000
ACTORS = ("01", "02", "03", "04", "05", "06")
FREQUENCIES_HZ = {"01": 150, "02": 180, "03": 600, "04": 210, "05": 1200, "06": 2400,
                  "07": 4000, "08": 900}  # fmt: skip


def write_actors(root):
    """Write ``RAVDESS/`` and ``splits/`` under ``root``: one actor tests each fold."""
    for actor in ACTORS:
        folder = root / "RAVDESS" / f"Actor_{actor}"
        folder.mkdir(parents=True)
        for code, frequency_hz in FREQUENCIES_HZ.items():
            rng = np.random.default_rng([int(actor), int(code)])
            time_s = np.arange(RATE // 2) / RATE
            voice = np.sin(2 * np.pi * frequency_hz * rng.uniform(0.9, 1.1) * time_s)
            noisy = 0.3 * voice + 0.01 * rng.standard_normal(len(voice))
            write_wav(folder / f"03-01-{code}-01-01-01-{actor}.wav", noisy)
    (root / "splits").mkdir()
    folds = json.dumps({"folds": [[actor] for actor in ACTORS]})
    (root / "splits" / "emobox-ravdess.json").write_text(folds)
    return root


def write_networks(folder, *, protocol="emobox-ravdess", folds=range(6), merged=False):
    """Write a network of random weights a fold, named ``fold-0/net.safetensors`` and so on."""
    shape = ClassicShape(labels=12, widths=(4, 4, 4, 4))
    paths = []
    for fold in folds:
        torch.manual_seed(fold)
        path = folder / f"fold-{fold}" / "net.safetensors"
        description = ClassicDescription(
            name="net",
            shape=shape,
            image=ImageOptions(),
            protocol=protocol,
            fold=fold,
            merged=merged,
        )
        save_network(ClassicNetwork(shape), path, description=description)
        paths.append(path)
    return paths
