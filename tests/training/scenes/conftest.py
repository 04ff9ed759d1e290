"""A pool of voices whose clips are tones, each with its own silence around it."""

from pathlib import Path

import numpy as np
import pytest

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.judge import Clip
from voxemo_scan.training.signals import clip_key

RATE = 16_000


class Tones:
    """Clips of 0.3 s silence, a tone, 0.3 s silence; as long and as loud as their names say."""

    def __init__(self, utterances):
        self.keys = {clip_key(u): n for n, u in enumerate(utterances)}

    def clip(self, utterance):
        number = self.keys[clip_key(utterance)]
        length = RATE // 2 + 800 * (number % 7)
        silence = np.zeros(4800, dtype=np.float32)
        loud = 0.02 if utterance.corpus == "quiet" else 0.3
        tone = loud * np.sin(2 * np.pi * (200 + 10 * number) * np.arange(length) / RATE)
        signal = np.concatenate([silence, tone.astype(np.float32), silence])
        return Clip(signal, 4800, 4800 + length)

    def of(self, utterance):
        return self.clip(utterance).speech


@pytest.fixture(scope="session")
def pool():
    """Four voices of one corpus and two of a quiet one: three clips an emotion, one surprised."""
    found = []
    for corpus, speakers in (("loud", "abcd"), ("quiet", "ef")):
        for n, speaker in enumerate(speakers):
            for label in (*EMOTIONS, "surprised"):
                for take in range(1 if label == "surprised" else 3):
                    gender = ("female", "male")[n % 2]
                    name = f"{speaker}-{label}-{take}"
                    found.append(Utterance(corpus, name, Path(name), speaker, gender, label))
    return tuple(found)


@pytest.fixture(scope="session")
def tones(pool):
    return Tones(pool)
