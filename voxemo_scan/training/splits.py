"""Which clips train, validate and test a protocol, and what keeps them apart."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from voxemo_scan.errors import UsageError
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.signals import ClipKey, clip_key

ORIGIN_VALIDATION_FRACTION: Final = 0.08


@dataclass(frozen=True, slots=True)
class Split:
    """A protocol's parts; no clip is in two of them."""

    protocol: str
    train: tuple[Utterance, ...]
    validation: tuple[Utterance, ...]
    test: tuple[Utterance, ...]


def load_split(protocol: str, utterances: Sequence[Utterance], *, folder: Path) -> Split:
    """Return the parts of ``protocol``.

    Args:
        protocol: ``origin`` or ``unseen-speakers``.
        utterances: the corpora's clips.
        folder: holds the split lists, ``origin.json`` and ``unseen-speakers.json``.

    Raises:
        UsageError: unknown protocol, no such list, or clips of the list are not there.
    """
    if protocol not in _PARTERS:
        raise UsageError(f"unknown protocol {protocol!r}", remedy=f"choose {', '.join(_PARTERS)}")
    return _PARTERS[protocol](utterances, _read_list(folder / f"{protocol}.json"))


def drop_unsound(split: Split, *, digests: Mapping[ClipKey, str], silent: frozenset[ClipKey]) -> Split:
    """Return ``split`` less training and validation clips that would teach or tell wrongly.

    Dropped are silent clips, clips whose very sound also lies under another label or in the test
    part, and all but one of identical clips. The test part stays as published.

    Args:
        split: the parts as listed.
        digests: the checksum of each clip's sound, by clip.
        silent: the clips without sound.
    """
    everyone = (*split.train, *split.validation, *split.test)
    labels: dict[str, set[str]] = defaultdict(set)
    for utterance in everyone:
        labels[digests[clip_key(utterance)]].add(utterance.emotion)
    seen = {digests[clip_key(utterance)] for utterance in split.test}

    def sound(part: Sequence[Utterance]) -> tuple[Utterance, ...]:
        kept = []
        for utterance in part:
            digest = digests[clip_key(utterance)]
            if clip_key(utterance) in silent or digest in seen or len(labels[digest]) > 1:
                continue
            seen.add(digest)
            kept.append(utterance)
        return tuple(kept)

    return Split(split.protocol, sound(split.train), sound(split.validation), split.test)


def _read_list(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"the split list {path} cannot be read",
            remedy="give the folder that holds splits/ as --data",
        ) from error


def _origin(utterances: Sequence[Utterance], lists: Mapping[str, Any]) -> Split:
    """Random clips: the same speakers are on both sides."""
    by_clip = {utterance.clip: utterance for utterance in utterances}
    try:
        train = [by_clip[clip] for clip in lists["train"]]
        test = [by_clip[clip] for clip in lists["test"]]
    except KeyError as error:
        raise UsageError(
            f"clip {error.args[0]} of the origin split is missing", remedy="complete the corpora"
        ) from error
    held = _stratified_sample(train, fraction=ORIGIN_VALIDATION_FRACTION)
    return Split(
        "origin",
        tuple(u for u in train if u.clip not in held),
        tuple(u for u in train if u.clip in held),
        tuple(test),
    )


def _stratified_sample(utterances: Sequence[Utterance], *, fraction: float) -> frozenset[str]:
    """Return the names of ``fraction`` of each emotion's clips, the same ones every time."""
    rng = np.random.default_rng(512)
    chosen: list[str] = []
    for emotion in sorted(Counter(u.emotion for u in utterances)):
        clips = sorted(u.clip for u in utterances if u.emotion == emotion)
        chosen += rng.choice(
            clips, size=max(1, round(fraction * len(clips))), replace=False
        ).tolist()
    return frozenset(chosen)


def _unseen_speakers(utterances: Sequence[Utterance], lists: Mapping[str, Any]) -> Split:
    """Disjoint speakers: none of the test's is heard in training."""
    excluded = frozenset(lists["crema-d-excluded"])
    keys = {"CREMA-D": "crema-d", "RAVDESS": "ravdess"}

    def part(name: str) -> tuple[Utterance, ...]:
        speakers = {(corpus, s) for corpus, key in keys.items() for s in lists[key][name]}
        return tuple(
            u for u in utterances if (u.corpus, u.speaker) in speakers and u.clip not in excluded
        )

    return Split("unseen-speakers", part("train"), part("validation"), part("test"))


_PARTERS: Final[dict[str, Callable[[Sequence[Utterance], Mapping[str, Any]], Split]]] = {
    "origin": _origin,
    "unseen-speakers": _unseen_speakers,
}
PROTOCOLS: Final = tuple(_PARTERS)
