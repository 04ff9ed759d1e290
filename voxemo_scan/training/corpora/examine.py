"""Looking a corpus over before it teaches anything: what is in it and what is wrong with it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from voxemo_scan.audio.decode import SAMPLING_RATE
from voxemo_scan.errors import AudioError
from voxemo_scan.progress import NoProgress, Progress
from voxemo_scan.training.corpora.utterance import Utterance
from voxemo_scan.training.signals import SILENCE_PEAK, fingerprint


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Clips of the very same sound; ``labels`` are those that they carry."""

    clips: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def contradicts(self) -> bool:
        """Say whether the same sound is given more than one label."""
        return len(self.labels) > 1


@dataclass(frozen=True)
class Findings:
    """What a look over a corpus found.

    ``counts`` maps speaker to label to clips; ``unreadable`` maps a file to what is wrong with it.
    """

    corpus: str
    clips: int
    duration_s: float
    counts: dict[str, dict[str, int]]
    duplicates: tuple[Duplicate, ...]
    silent: tuple[str, ...]
    unreadable: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Heard:
    digest: str
    samples: int
    peak: int
    error: str = ""


def examine(
    utterances: Sequence[Utterance], *, progress: Progress | None = None
) -> tuple[Findings, ...]:
    """Return what is found in each corpus that ``utterances`` are of; every clip is decoded."""
    told = progress or NoProgress()
    heard: list[_Heard] = []
    for each in _hear_all([u.path for u in utterances]):
        heard.append(each)
        told.stage("corpora", "decoding", done=len(heard), total=len(utterances))
    corpora: dict[str, list[tuple[Utterance, _Heard]]] = defaultdict(list)
    for utterance, each in zip(utterances, heard, strict=True):
        corpora[utterance.corpus].append((utterance, each))
    return tuple(_findings(name, clips) for name, clips in corpora.items())


def _findings(corpus: str, clips: Sequence[tuple[Utterance, _Heard]]) -> Findings:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for utterance, _ in clips:
        counts[utterance.speaker][utterance.label] += 1
    return Findings(
        corpus=corpus,
        clips=len(clips),
        duration_s=sum(each.samples for _, each in clips) / SAMPLING_RATE,
        counts={speaker: dict(labels) for speaker, labels in sorted(counts.items())},
        duplicates=_duplicates(clips),
        silent=tuple(u.clip for u, each in clips if not each.error and each.peak < SILENCE_PEAK),
        unreadable={str(u.path): each.error for u, each in clips if each.error},
    )


def _duplicates(clips: Sequence[tuple[Utterance, _Heard]]) -> tuple[Duplicate, ...]:
    alike: dict[str, list[Utterance]] = defaultdict(list)
    for utterance, each in clips:
        if not each.error and each.peak >= SILENCE_PEAK:
            alike[each.digest].append(utterance)
    return tuple(
        Duplicate(tuple(u.clip for u in same), tuple(sorted({str(u.label) for u in same})))
        for same in alike.values()
        if len(same) > 1
    )


def _hear_all(paths: Sequence[Path]) -> Iterator[_Heard]:
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        yield from pool.map(_hear, paths, chunksize=32)


def _hear(path: Path) -> _Heard:
    try:
        return _Heard(*fingerprint(path))
    except AudioError as error:
        return _Heard("", 0, 0, error.message)
