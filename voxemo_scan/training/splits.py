"""Which clips train, validate and test a protocol, and what keeps them apart."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from voxemo_scan.errors import UsageError
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.labels import EIGHT, SIX, Label, LabelSet
from voxemo_scan.training.signals import ClipKey, clip_key

TestSound = Literal["recorded", "film-like", "music", "delivery"]
"""Test clips as recorded, through the film chain, under music and noise at several distances, or
said at other tempos and pitches."""

ORIGIN_VALIDATION_FRACTION: Final = 0.08


@dataclass(frozen=True, slots=True)
class Split:
    """A protocol's parts; no clip is in two of them.

    ``added`` are the corpora whose clips were added to the training part; ``merged`` says that the
    validation part was, too.
    """

    protocol: str
    train: tuple[Utterance, ...]
    validation: tuple[Utterance, ...]
    test: tuple[Utterance, ...]
    labels: LabelSet = SIX
    fold: int = 0
    added: tuple[str, ...] = ()
    merged: bool = False

    def merge(self) -> Split:
        """Return the split whose training part holds the validation part, too."""
        train = (*self.train, *self.validation)
        return replace(self, train=train, validation=(), merged=True)


@dataclass(frozen=True, slots=True)
class Protocol:
    """What a protocol is made of.

    ``corpora`` are those whose clips it parts; ``extensible`` says whether clips of other corpora
    may be added to its training part. ``parts_of`` is the protocol whose list of speakers it
    shares, itself if None; ``sound`` is what its test clips are heard as.
    """

    corpora: tuple[str, ...]
    labels: LabelSet = SIX
    folds: int = 1
    extensible: bool = False
    parts_of: str | None = None
    sound: TestSound = "recorded"


PROTOCOLS: Final[dict[str, Protocol]] = {
    "origin": Protocol(("CREMA-D", "RAVDESS")),
    "emobox-cremad": Protocol(("CREMA-D",)),
    "emobox-ravdess": Protocol(("RAVDESS",), labels=EIGHT, folds=6),
    "unseen-speakers": Protocol(("CREMA-D", "RAVDESS"), extensible=True),
    "film-like": Protocol(
        ("CREMA-D", "RAVDESS"), extensible=True, parts_of="unseen-speakers", sound="film-like"
    ),
    "music": Protocol(
        ("CREMA-D", "RAVDESS"), extensible=True, parts_of="unseen-speakers", sound="music"
    ),
    "delivery": Protocol(
        ("CREMA-D", "RAVDESS"), extensible=True, parts_of="unseen-speakers", sound="delivery"
    ),
    "unseen-corpus": Protocol(("CREMA-D", "RAVDESS", "TESS"), parts_of="unseen-speakers"),
}


def find_protocol(name: str) -> Protocol:
    """Return the protocol of this name.

    Raises:
        UsageError: there is none.
    """
    if name not in PROTOCOLS:
        raise UsageError(f"unknown protocol {name!r}", remedy=f"choose {', '.join(PROTOCOLS)}")
    return PROTOCOLS[name]


def load_split(
    protocol: str,
    utterances: Sequence[Utterance],
    *,
    folder: Path,
    fold: int = 0,
    labels: LabelSet | None = None,
) -> Split:
    """Return the parts of a protocol's fold.

    Args:
        protocol: one of ``PROTOCOLS``.
        utterances: the corpora's clips; clips of corpora that are not the protocol's are added
            to the training part.
        folder: holds the split lists, such as ``origin.json``.
        fold: which one, from 0.
        labels: which labels' clips to take; the protocol's own unless given.

    Raises:
        UsageError: unknown protocol or fold, no such list, clips of the list are not there, or
            clips of another corpus for a protocol that has none.
    """
    wanted = find_protocol(protocol)
    if not 0 <= fold < wanted.folds:
        raise UsageError(f"{protocol} has no fold {fold}", remedy=f"choose 0 to {wanted.folds - 1}")
    chosen = labels or wanted.labels
    known = [u for u in utterances if chosen.index(u.label) is not None]
    extra = [u for u in known if u.corpus not in wanted.corpora]
    if extra and not wanted.extensible:
        raise UsageError(
            f"{protocol} is trained on its own training part only",
            remedy=f"leave out the clips of {extra[0].corpus}",
        )
    own = [u for u in known if u.corpus in wanted.corpora]
    lists = _read_list(folder / f"{wanted.parts_of or protocol}.json")
    split = _PARTERS[protocol](own, lists, fold)
    return replace(
        split,
        protocol=protocol,
        train=(*split.train, *extra),
        labels=chosen,
        fold=fold,
        added=tuple(sorted({u.corpus for u in extra})),
    )


def drop_unsound(
    split: Split, *, digests: Mapping[ClipKey, str], silent: frozenset[ClipKey]
) -> Split:
    """Return ``split`` less training and validation clips that would teach or tell wrongly.

    Dropped are silent clips, clips whose very sound also lies under another label or in the test
    part, and all but one of identical clips. The test part stays as published.

    Args:
        split: the parts as listed.
        digests: the checksum of each clip's sound, by clip.
        silent: the clips without sound.
    """
    everyone = (*split.train, *split.validation, *split.test)
    labels: dict[str, set[Label]] = defaultdict(set)
    for utterance in everyone:
        labels[digests[clip_key(utterance)]].add(utterance.label)
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

    return replace(split, train=sound(split.train), validation=sound(split.validation))


def _read_list(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"the split list {path} cannot be read",
            remedy="give the folder that holds splits/ as --data",
        ) from error


def _origin(utterances: Sequence[Utterance], lists: Mapping[str, Any], _fold: int) -> Split:
    """Random clips: the same speakers are on both sides."""
    return _listed("origin", utterances, lists)


def _emobox_cremad(utterances: Sequence[Utterance], lists: Mapping[str, Any], _fold: int) -> Split:
    """EmoBox's fold 1 of CREMA-D: the same speakers are on both sides."""
    return _listed("emobox-cremad", utterances, lists)


def _emobox_ravdess(utterances: Sequence[Utterance], lists: Mapping[str, Any], fold: int) -> Split:
    """EmoBox's folds of RAVDESS: four actors test, a man and a woman of the others validate.

    Each fold has others who validate.
    """
    test = frozenset(lists["folds"][fold])
    everyone = {u.speaker for u in utterances}
    others = sorted(everyone - test)
    women = [u for u in others if int(u) % 2 == 0]
    men = [u for u in others if int(u) % 2 == 1]
    held = {women[fold % len(women)], men[fold % len(men)]}

    def part(actors: Collection[str]) -> tuple[Utterance, ...]:
        return tuple(u for u in utterances if u.speaker in actors)

    return Split("emobox-ravdess", part(everyone - test - held), part(held), part(test))


def _listed(protocol: str, utterances: Sequence[Utterance], lists: Mapping[str, Any]) -> Split:
    """Part clips by lists of names; a sample of the training part validates."""
    by_clip = {utterance.clip: utterance for utterance in utterances}
    try:
        train = [by_clip[clip] for clip in lists["train"]]
        test = [by_clip[clip] for clip in lists["test"]]
    except KeyError as error:
        raise UsageError(
            f"clip {error.args[0]} of the {protocol} split is missing",
            remedy="complete the corpora",
        ) from error
    held = _stratified_sample(train, fraction=ORIGIN_VALIDATION_FRACTION)
    return Split(
        protocol,
        tuple(u for u in train if u.clip not in held),
        tuple(u for u in train if u.clip in held),
        tuple(test),
    )


def _stratified_sample(utterances: Sequence[Utterance], *, fraction: float) -> frozenset[str]:
    """Return the names of ``fraction`` of each emotion's clips, the same ones every time."""
    rng = np.random.default_rng(512)
    chosen: list[str] = []
    for label in sorted({u.emotion for u in utterances if u.emotion}):
        clips = sorted(u.clip for u in utterances if u.emotion == label)
        chosen += rng.choice(
            clips, size=max(1, round(fraction * len(clips))), replace=False
        ).tolist()
    return frozenset(chosen)


def _unseen_speakers(
    utterances: Sequence[Utterance], lists: Mapping[str, Any], _fold: int
) -> Split:
    """Disjoint speakers: none of the test's is heard in training."""
    excluded = frozenset(lists["crema-d-excluded"])
    keys = {"CREMA-D": "crema-d", "RAVDESS": "ravdess"}

    def part(name: str) -> tuple[Utterance, ...]:
        speakers = {(corpus, s) for corpus, key in keys.items() for s in lists[key][name]}
        return tuple(
            u for u in utterances if (u.corpus, u.speaker) in speakers and u.clip not in excluded
        )

    return Split("unseen-speakers", part("train"), part("validation"), part("test"))


def _unseen_corpus(utterances: Sequence[Utterance], lists: Mapping[str, Any], fold: int) -> Split:
    """Test a whole corpus that is not learned from."""
    other = _unseen_speakers([u for u in utterances if u.corpus != "TESS"], lists, fold)
    return replace(other, test=tuple(u for u in utterances if u.corpus == "TESS"))


_PARTERS: Final[dict[str, Callable[[Sequence[Utterance], Mapping[str, Any], int], Split]]] = {
    "origin": _origin,
    "emobox-cremad": _emobox_cremad,
    "emobox-ravdess": _emobox_ravdess,
    "unseen-speakers": _unseen_speakers,
    "film-like": _unseen_speakers,
    "music": _unseen_speakers,
    "delivery": _unseen_speakers,
    "unseen-corpus": _unseen_corpus,
}
