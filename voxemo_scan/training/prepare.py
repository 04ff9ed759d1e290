"""A protocol's clips and their sound, ready to train on or to judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from voxemo_scan.progress import Progress
from voxemo_scan.training.corpora import Utterance, load_corpora
from voxemo_scan.training.labels import LabelSet
from voxemo_scan.training.signals import Signals, load_signals
from voxemo_scan.training.splits import Split, drop_unsound, find_protocol, load_split


@dataclass(frozen=True)
class Prepared:
    """A protocol's parts, less unsound training clips, with the corpora that they are of."""

    split: Split
    utterances: tuple[Utterance, ...]
    signals: Signals
    cache_folder: Path
    data: Path


def prepare(
    protocol: str,
    *,
    data: Path,
    cache_folder: Path,
    fold: int = 0,
    extra: Sequence[str] = (),
    labels: LabelSet | None = None,
    progress: Progress | None = None,
) -> Prepared:
    """Return a protocol's parts and the clips' sound.

    Args:
        protocol: its name.
        data: the folder that holds the corpora and ``splits/``.
        cache_folder: where decoded sound is kept.
        fold: which fold of the protocol.
        extra: corpora whose clips are added to the training part.
        labels: which labels' clips to take; the protocol's own unless given.
        progress: is told how far the decoding is.

    Raises:
        UsageError: the corpora or split lists under ``data`` are not there.
    """
    names = (*find_protocol(protocol).corpora, *extra)
    utterances = load_corpora(data, names)
    split = load_split(protocol, utterances, folder=data / "splits", fold=fold, labels=labels)
    signals = load_signals(utterances, cache_folder=cache_folder, progress=progress)
    sound = drop_unsound(split, digests=signals.digests, silent=signals.silent)
    return Prepared(sound, utterances, signals, cache_folder, data)
