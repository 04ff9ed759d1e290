"""Clips judged once and kept, so that many scenes can be drawn from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.models.ensemble import Ensemble
from voxemo_scan.models.judgement import Judgement, join
from voxemo_scan.progress import NoProgress, Progress
from voxemo_scan.speech.windows import Window, speech_weights
from voxemo_scan.training.clips import clip_passage
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.labels import SIX, label_set
from voxemo_scan.training.levels import SpeechOf
from voxemo_scan.training.narrow import narrow
from voxemo_scan.training.scenes.script import speaker_name
from voxemo_scan.training.signals import SAMPLING_RATE

_BATCH: Final = 32


@dataclass(frozen=True)
class KeptClips:
    """What an ensemble heard in clips, and what is true of them.

    ``rows``: [windows, 6], distributions; ``seconds``: [windows], the speech that each stands for;
    ``counts``: int, [clips], how many windows each clip has, one clip's after the other's.
    ``emotions``: int, [clips], places in ``EMOTIONS``; ``voices``: [clips], the speakers' names.
    ``projected``: as in a ``Judgement``, by which windows can be heard beside one another; None
    from an ensemble that does not do so.
    """

    rows: NDArray[np.float64]
    seconds: NDArray[np.float64]
    counts: NDArray[np.int64]
    emotions: NDArray[np.int64]
    voices: NDArray[np.str_]
    projected: NDArray[np.float16] | None = None


def listen_once(
    ensemble: Ensemble,
    utterances: Sequence[Utterance],
    speech: SpeechOf,
    *,
    name: str,
    progress: Progress | None = None,
) -> KeptClips:
    """Return what ``ensemble`` hears in each clip's windows, as a scan would cut them.

    Raises:
        UsageError: it does not know one of the six emotions.
    """
    heard: list[Judgement] = []
    seconds, counts = [], []
    for first in range(0, len(utterances), _BATCH):
        batch = utterances[first : first + _BATCH]
        passages = [clip_passage(speech.clip(u), window_s=ensemble.window_s) for u in batch]
        said = narrow(ensemble.judge(passages), heard=label_set(ensemble.labels), wanted=SIX)
        heard.append(replace(said, prints=None))
        for passage in passages:
            windows = [Window(a / SAMPLING_RATE, b / SAMPLING_RATE) for a, b in passage.windows]
            seconds.append(speech_weights(windows))
            counts.append(len(windows))
        (progress or NoProgress()).stage(name, "listening", done=len(counts), total=len(utterances))
    all_heard = join(heard)
    return KeptClips(
        rows=all_heard.probabilities,
        seconds=np.concatenate(seconds),
        counts=np.array(counts, dtype=np.int64),
        emotions=SIX.targets(u.label for u in utterances),
        voices=np.array([speaker_name(u) for u in utterances]),
        projected=all_heard.projected,
    )
