"""Judging labelled clips as a scan judges segments: windows tiled, their distributions averaged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.models.classic_member import ClassicMember
from voxemo_scan.models.ensemble import WINDOW_S, Ensemble
from voxemo_scan.models.judgement import Judgement, join
from voxemo_scan.models.passage import Passage
from voxemo_scan.models.weights import TrainedNetwork
from voxemo_scan.speech.segments import Segment
from voxemo_scan.speech.windows import WindowOptions, tile_segment
from voxemo_scan.training.judge import Clip
from voxemo_scan.training.labels import LabelSet, label_set
from voxemo_scan.training.signals import SAMPLING_RATE

_BATCH: Final = 64


@dataclass(frozen=True)
class EnsembleJudge:
    """An ensemble, or a member of one, that judges clips: a distribution a clip."""

    ensemble: Ensemble | ClassicMember
    name: str = ""
    window_s: float = WINDOW_S

    @property
    def networks(self) -> tuple[TrainedNetwork, ...]:
        """Return its networks."""
        return self.ensemble.networks

    @property
    def labels(self) -> LabelSet:
        """Return the labels that it tells apart."""
        return label_set(self.ensemble.labels)

    @property
    def adapts(self) -> bool:
        """Return whether it can hear clips of one voice beside one another."""
        return isinstance(self.ensemble, Ensemble) and self.ensemble.adaptive is not None

    @property
    def parameters(self) -> int:
        """Return how many trained numbers its networks hold."""
        return sum(p.numel() for n in self.networks for p in n.network.parameters())

    @property
    def sha256(self) -> dict[str, str]:
        """Return the checksum of each network's file."""
        return {f"{n.description.name}-{i}": n.sha256 for i, n in enumerate(self.networks)}

    def passages(self, clips: Sequence[Clip]) -> list[Passage]:
        """Return clips as passages, windows tiling their speech."""
        return [clip_passage(clip, window_s=self.window_s) for clip in clips]

    def judge(self, clips: Sequence[Clip], *, voices: Sequence[str] | None = None) -> Judgement:
        """Return what is heard in clips: the mean of each one's windows.

        If ``voices`` tells whose voice each clip is, windows of a voice are heard beside one
        another by an ensemble that can do so.
        """
        passages = self.passages(clips)
        heard = join(
            [
                self.ensemble.judge(passages[start : start + _BATCH])
                for start in range(0, len(clips), _BATCH)
            ]
        )
        owners = np.repeat(np.arange(len(clips)), [len(p.windows) for p in passages])
        if voices is not None and isinstance(self.ensemble, Ensemble):
            _, numbers = np.unique(voices, return_inverse=True)
            heard = self.ensemble.adapt(heard, numbers[owners])
        probabilities = _means(heard.probabilities, owners)
        if heard.female is None:
            return Judgement(probabilities)
        return Judgement(probabilities, _means(heard.female[:, None], owners)[:, 0])


def clip_passage(clip: Clip, *, window_s: float) -> Passage:
    """Return the clip as a passage, windows tiling its speech as a scan would cut them."""
    segment = Segment(clip.start / SAMPLING_RATE, clip.end / SAMPLING_RATE)
    options = WindowOptions(window_s=window_s, hop_s=window_s / 2, min_window_s=0.0)
    windows = tuple(
        (round(w.start_s * SAMPLING_RATE), round(w.end_s * SAMPLING_RATE))
        for w in tile_segment(segment, options)
    )
    return Passage(clip.signal, windows)


def _means(rows: NDArray[np.float64], owners: NDArray[np.int64]) -> NDArray[np.float64]:
    totals = np.zeros((owners[-1] + 1, rows.shape[1]))
    np.add.at(totals, owners, rows)
    return np.asarray(totals / np.bincount(owners)[:, None])
