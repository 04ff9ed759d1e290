"""Looking a corpus over before it teaches anything: what is in it and what is wrong with it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from voxemo_scan.audio.decode import SAMPLING_RATE
from voxemo_scan.errors import AudioError
from voxemo_scan.progress import NoProgress, Progress
from voxemo_scan.training.cores import over_cores
from voxemo_scan.training.corpora.recognise import Collection
from voxemo_scan.training.corpora.utterance import Utterance
from voxemo_scan.training.signals import SILENCE_PEAK, fingerprint


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Clips of the very same sound; ``labels`` are those that they carry."""

    clips: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def contradicts(self) -> bool:
        """Say whether the same sound is given more than one label: what it teaches is wrong."""
        return len(self.labels) > 1


@dataclass(frozen=True)
class Findings:
    """What a look over a corpus found.

    ``counts`` maps speaker to label to clips; ``unreadable`` maps a clip's file to what is wrong
    with it. ``again`` are files of clips that another file is counted for, ``strangers`` audio
    files whose names are not the corpus's.
    """

    corpus: str
    place: Path
    clips: int
    duration_s: float
    counts: dict[str, dict[str, int]]
    duplicates: tuple[Duplicate, ...]
    silent: tuple[str, ...]
    unreadable: dict[str, str]
    again: tuple[str, ...]
    strangers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Heard:
    digest: str
    samples: int
    peak: int
    error: str = ""


def examine(
    collections: Sequence[Collection], *, progress: Progress | None = None
) -> tuple[Findings, ...]:
    """Return what is found in each collection; every clip is decoded, over all cores."""
    paths = [u.path for collection in collections for u in collection.utterances]
    heard = _watched(over_cores(_hear, paths), len(paths), progress or NoProgress())
    return tuple(_findings(each, list(islice(heard, len(each.utterances)))) for each in collections)


def _watched(heard: Iterator[_Heard], total: int, progress: Progress) -> Iterator[_Heard]:
    for done, each in enumerate(heard, start=1):
        progress.stage("corpora", "decoding", done=done, total=total)
        yield each


def _hear(path: Path) -> _Heard:
    try:
        return _Heard(*fingerprint(path))
    except AudioError as error:
        return _Heard("", 0, 0, error.message)


def _findings(collection: Collection, heard: Sequence[_Heard]) -> Findings:
    clips = list(zip(collection.utterances, heard, strict=True))
    readable = [(clip, each) for clip, each in clips if not each.error]
    names = {utterance.path.stem.lower() for utterance in collection.utterances}
    left_over = [(path.stem.lower() in names, str(path)) for path in collection.left_over]
    return Findings(
        corpus=collection.corpus,
        place=collection.place,
        clips=len(clips),
        duration_s=sum(each.samples for each in heard) / SAMPLING_RATE,
        counts=_counts(collection.utterances),
        duplicates=_duplicates(readable),
        silent=tuple(clip.clip for clip, each in readable if each.peak < SILENCE_PEAK),
        unreadable={str(clip.path): each.error for clip, each in clips if each.error},
        again=tuple(path for known, path in left_over if known),
        strangers=tuple(path for known, path in left_over if not known),
    )


def _counts(utterances: Sequence[Utterance]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for utterance in utterances:
        counts[utterance.speaker][utterance.label] += 1
    return {speaker: dict(sorted(labels.items())) for speaker, labels in sorted(counts.items())}


def _duplicates(clips: Sequence[tuple[Utterance, _Heard]]) -> tuple[Duplicate, ...]:
    alike: dict[str, list[Utterance]] = defaultdict(list)
    for utterance, each in clips:
        if each.peak >= SILENCE_PEAK:
            alike[each.digest].append(utterance)
    return tuple(
        Duplicate(tuple(u.clip for u in same), tuple(sorted({str(u.label) for u in same})))
        for same in alike.values()
        if len(same) > 1
    )
