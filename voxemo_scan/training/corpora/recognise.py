"""Telling which corpora a folder holds by what their files are called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from voxemo_scan.errors import UsageError
from voxemo_scan.training.corpora.known import CORPORA, Corpus, find_corpus, plain_name
from voxemo_scan.training.corpora.own import load_own
from voxemo_scan.training.corpora.utterance import Utterance, audio_files

OWN = "own"
"""What to say instead of a corpus's name for a labelled folder or table."""


@dataclass(frozen=True)
class Collection:
    """A corpus as it lies in a folder (or a table)."""

    corpus: str
    place: Path
    utterances: tuple[Utterance, ...]

    @cached_property
    def left_over(self) -> tuple[Path, ...]:
        """The audio files of the folder that are none of its clips."""
        used = {utterance.path for utterance in self.utterances}
        files = audio_files(self.place) if self.place.is_dir() else ()
        return tuple(path for path in files if path not in used)


def recognise(place: Path, *, name: str | None = None) -> tuple[Collection, ...]:
    """Return what a folder holds: a corpus in its layout, several corpora, or one of one's own.

    A folder of several holds a subfolder that is called as a corpus, or subfolders of files of
    at least two. Otherwise the folder is the corpus that most of its audio files are called as,
    or else one whose folders are labels.

    Args:
        place: the folder, or a CSV table.
        name: which corpus it is, or ``own``; found out unless given.

    Raises:
        UsageError: there is none in it, or it lacks something.
    """
    if name is not None and plain_name(name) != OWN:
        return (_read(find_corpus(name), place),)
    if name is not None or not place.is_dir():
        return (_read_own(place),)
    several = dict(_several(place))
    if several:
        return tuple(_read(corpus, folder) for folder, corpus in several.items())
    corpus = _guess(audio_files(place))
    return (_read(corpus, place),) if corpus else (_read_own(place),)


def _read(corpus: Corpus, place: Path) -> Collection:
    return Collection(corpus.name, place, corpus.load(place))


def _read_own(place: Path) -> Collection:
    if not place.exists():
        raise UsageError(f"there is nothing at {place}", remedy="give a folder or a CSV")
    utterances = load_own(place)
    return Collection(utterances[0].corpus, place, utterances)


def _several(place: Path) -> Iterator[tuple[Path, Corpus]]:
    """Yield the subfolders that are corpora, none unless ``place`` is a folder of corpora."""
    by_name = {plain_name(corpus.name): corpus for corpus in CORPORA.values()}
    named, guessed = {}, {}
    for folder in sorted(path for path in place.iterdir() if path.is_dir()):
        files = audio_files(folder)
        if files and plain_name(folder.name) in by_name:
            named[folder] = by_name[plain_name(folder.name)]
        elif corpus := _guess(files):
            guessed[folder] = corpus
    if named or len({corpus.name for corpus in guessed.values()}) > 1:
        yield from sorted((named | guessed).items(), key=lambda item: item[0])


def _guess(files: Sequence[Path]) -> Corpus | None:
    """Return the corpus that most of the files are called as, None if less than half are."""
    counts = {name: sum(map(corpus.knows, files)) for name, corpus in CORPORA.items()}
    name = max(counts, key=lambda each: counts[each])
    return CORPORA[name] if files and 2 * counts[name] >= len(files) else None
