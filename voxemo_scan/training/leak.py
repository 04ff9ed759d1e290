"""Refusing to judge clips that a model has learned from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from voxemo_scan.errors import UsageError
from voxemo_scan.models.weights import AnyDescription
from voxemo_scan.training.corpora import load_corpora
from voxemo_scan.training.signals import ClipKey, clip_key
from voxemo_scan.training.splits import Split, find_protocol, load_split


def refuse_leak(descriptions: Sequence[AnyDescription], split: Split, *, data: Path) -> None:
    """Raise if a network was trained or chosen on clips that ``split`` tests.

    Args:
        descriptions: what each network's file says of its training.
        split: whose test part the networks are to judge.
        data: the folder that holds the corpora and ``splits/``.

    Raises:
        UsageError: one was, so that no honest figure could come of it; or the corpora that
            would tell are not there.
    """
    test = {clip_key(u) for u in split.test}
    own = (split.protocol, split.fold)
    trainings = {(d.protocol, d.fold, d.added): d.name for d in descriptions if d.protocol}
    for (protocol, fold, added), name in trainings.items():
        heard = {clip for clip in test if clip[0] in added}
        if heard:
            raise UsageError(
                f"{name} was trained on all of {', '.join(added)} too, which holds {len(heard)} "
                f"of the {len(test)} clips that the {_named(*own)} tests",
                remedy=f"train one on {split.protocol} without them",
            )
        if (protocol, fold) == own:
            continue
        heard = test & _learned_from(protocol, fold=fold, data=data)
        if heard:
            raise UsageError(
                f"{name} was trained on the {_named(protocol, fold)}, which holds "
                f"{len(heard)} of the {len(test)} clips that the {_named(*own)} tests",
                remedy=f"evaluate it on {protocol}, or train one on {split.protocol}",
            )


def _learned_from(protocol: str, *, fold: int, data: Path) -> set[ClipKey]:
    utterances = load_corpora(data, find_protocol(protocol).corpora)
    other = load_split(protocol, utterances, folder=data / "splits", fold=fold)
    return {clip_key(u) for u in (*other.train, *other.validation)}


def _named(protocol: str, fold: int) -> str:
    several = find_protocol(protocol).folds > 1
    return f"{protocol} protocol's fold {fold}" if several else f"{protocol} protocol"
