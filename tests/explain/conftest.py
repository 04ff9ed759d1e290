"""An encoder that anybody can make, and a spoken stretch for it."""

import numpy as np
import pytest
import torch

from voxemo_scan.audio.decode import decode
from voxemo_scan.audio.recording import Recording
from voxemo_scan.explain.stretch import stretch_at
from voxemo_scan.models.encoder import EncoderNetwork, EncoderShape
from voxemo_scan.models.ensemble import Ensemble
from voxemo_scan.models.head import HeadShape
from voxemo_scan.models.judgement import Calibration
from voxemo_scan.models.registry import load_files
from voxemo_scan.models.weights import EncoderDescription, save_network
from voxemo_scan.models.whisper import WhisperShape
from voxemo_scan.speech.segments import Segment

SMALL = EncoderShape(
    whisper=WhisperShape(blocks=1, width=16, heads=2, inner=32),
    layers=(1,),
    head=HeadShape(layers=1, states=16, inner=8),
    wide_heads=1,
    deep_heads=1,
)


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """A small untrained encoder, calibrated: what is tested here does not depend on training."""
    torch.manual_seed(3)
    network = EncoderNetwork(SMALL)
    path = tmp_path_factory.mktemp("weights") / "small.safetensors"
    save_network(
        network, path, description=EncoderDescription(kind="encoder", name="small", shape=SMALL)
    )
    loaded = load_files([path])
    calibration = Calibration(temperature=0.05, leanings=(0.3, -0.2, 0.1, 0.0, -0.3, 0.1))
    return Ensemble(loaded.voices, info=loaded.info, calibration=calibration, speech_level_db=-24.0)


@pytest.fixture(scope="session")
def segments(spoken):
    return tuple(Segment(start, end) for start, end in spoken[1])


@pytest.fixture(scope="session")
def recording(spoken):
    with Recording() as held:
        for block in decode(spoken[0]):
            held.append(block)
        yield held


@pytest.fixture(scope="session")
def stretch(recording, segments):
    return stretch_at(2.0, recording, segments, window_s=2.24, overlap=0.5, gain=np.float32(1.0))
