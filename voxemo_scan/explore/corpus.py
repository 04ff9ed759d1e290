"""Surveys labelled speech: how much of it there is, whose, and how emotions sound in the mean."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.audio.container import probe
from voxemo_scan.audio.decode import decode
from voxemo_scan.errors import AudioError, UsageError
from voxemo_scan.explore.spectra import FFT_SAMPLES, SAMPLING_RATE, bases, power
from voxemo_scan.scan.result import Gender
from voxemo_scan.training.corpora.recognise import Collection
from voxemo_scan.training.corpora.utterance import Utterance
from voxemo_scan.training.labels import LABELS, Label

CLIPS_A_GROUP: Final = 40
"""How many clips of a label and gender a mean spectrum is of, at most."""

UNKNOWN: Final = "unknown"
GROUPS: Final = ("female", "male", UNKNOWN)
_HEARD_DB: Final = 35.0
"""A frame farther under a clip's loudest one counts as pause."""

_LONGEST_S: Final = 30.0

Stage = Callable[[str, float, float | None], None]


@dataclass(frozen=True)
class MeanSpectrum:
    """How the clips of one label and gender sound in the mean.

    ``db``: [128], mel bands, mean over clips; each clip's loudness is taken out first, and its
    pauses are left out. ``error_db``: [128], the standard error of that mean. ``clips``: of how
    many it is the mean.
    """

    label: Label
    gender: str
    db: NDArray[np.float64]
    error_db: NDArray[np.float64]
    clips: int


@dataclass(frozen=True)
class Survey:
    """What a look over labelled speech found.

    ``durations_s`` are those of ``readable``, in the same order; ``unreadable`` maps a file to what
    is wrong with it. ``seed`` chose the clips of the mean spectra.
    """

    name: str
    collections: tuple[Collection, ...]
    readable: tuple[Utterance, ...]
    durations_s: NDArray[np.float64]
    unreadable: dict[Path, str]
    spectra: tuple[MeanSpectrum, ...]
    seed: int

    @property
    def labels(self) -> tuple[Label, ...]:
        """The labels that there are, in the usual order."""
        there = {utterance.label for utterance in self.readable}
        return tuple(label for label in LABELS if label in there)

    @property
    def genders(self) -> tuple[str, ...]:
        """The genders that there are."""
        there = {gender_of(utterance) for utterance in self.readable}
        return tuple(gender for gender in GROUPS if gender in there)

    def counts(self) -> dict[Label, Counter[str]]:
        """Return the clips of each label and gender."""
        found: dict[Label, Counter[str]] = {label: Counter() for label in self.labels}
        for utterance in self.readable:
            found[utterance.label][gender_of(utterance)] += 1
        return found

    def speakers(self) -> dict[tuple[str, str], tuple[int, str]]:
        """Return the clips and gender of each speaker of each corpus, most clips first."""
        counts = Counter((u.corpus, u.speaker) for u in self.readable)
        genders = {(u.corpus, u.speaker): gender_of(u) for u in self.readable}
        order = sorted(counts, key=lambda key: (-counts[key], key))
        return {key: (counts[key], genders[key]) for key in order}


def survey(
    collections: Sequence[Collection],
    *,
    seed: int = 0,
    progress: Stage = lambda _name, _done, _total: None,
) -> Survey:
    """Return what there is to see of labelled speech.

    Lengths are what the files say; only the clips of mean spectra are decoded, ``CLIPS_A_GROUP``
    of each label and gender, chosen by ``seed``.
    """
    utterances = [each for collection in collections for each in collection.utterances]
    durations: dict[Path, float] = {}
    broken: dict[Path, str] = {}
    for done, each in enumerate(utterances, start=1):
        try:
            durations[each.path] = _length_s(each.path)
        except AudioError as error:
            broken[each.path] = error.message
        progress("lengths", done, len(utterances))
    whole = tuple(u for u in utterances if u.path in durations)
    spectra = tuple(_spectra(whole, seed=seed, broken=broken, progress=progress))
    readable = tuple(u for u in whole if u.path not in broken)
    return Survey(
        name=", ".join(dict.fromkeys(c.corpus for c in collections)),
        collections=tuple(collections),
        readable=readable,
        durations_s=np.array([durations[u.path] for u in readable]),
        unreadable=broken,
        spectra=spectra,
        seed=seed,
    )


def choose_example(
    found: Survey, *, label: Label | None, gender: Gender | None, seed: int
) -> Utterance | None:
    """Return a random clip of a label and a gender, of any where None; the same for a seed.

    Raises:
        UsageError: there is none of these.
    """
    fitting = [
        utterance
        for utterance in sorted(found.readable, key=lambda each: (each.corpus, each.clip))
        if label in {None, utterance.label} and gender in {None, utterance.gender}
    ]
    if fitting:
        return random.Random(seed).choice(fitting)
    if label is None and gender is None:
        return None
    wanted = " and ".join(str(each) for each in (label, gender) if each)
    raise UsageError(
        f"{found.name} has no clip that is {wanted}",
        remedy=f"it has {', '.join(found.labels)}; {', '.join(found.genders)}",
    )


def gender_of(utterance: Utterance) -> str:
    """Return the speaker's gender, ``unknown`` where the corpus does not say."""
    return utterance.gender or UNKNOWN


def _length_s(path: Path) -> float:
    media = probe(path)
    if media.audio_codec is None:
        raise AudioError(f"{path} holds no sound")
    if media.duration_s is not None:
        return media.duration_s
    return sum(block.size for block in decode(path)) / SAMPLING_RATE


def _spectra(
    utterances: Sequence[Utterance], *, seed: int, broken: dict[Path, str], progress: Stage
) -> Iterable[MeanSpectrum]:
    """Yield the mean spectrum of each group; what cannot be decoded is added to ``broken``."""
    groups: dict[tuple[Label, str], list[Utterance]] = defaultdict(list)
    for each in sorted(utterances, key=lambda u: (u.corpus, u.clip)):
        groups[each.label, gender_of(each)].append(each)
    rng = random.Random(seed)
    order = sorted(groups, key=lambda key: (LABELS.index(key[0]), GROUPS.index(key[1])))
    for done, key in enumerate(order, start=1):
        chosen = rng.sample(groups[key], min(CLIPS_A_GROUP, len(groups[key])))
        rows = [row for each in chosen if (row := _heard(each.path, broken)) is not None]
        if rows:
            stacked = np.stack(rows)
            spread = stacked.std(axis=0, ddof=1) if len(rows) > 1 else np.full(len(rows[0]), np.inf)
            error = spread / np.sqrt(len(rows))
            yield MeanSpectrum(*key, stacked.mean(axis=0), error, len(rows))
        progress("mean spectra", done, len(order))


def _heard(path: Path, broken: dict[Path, str]) -> NDArray[np.float64] | None:
    """Return a clip's spectrum, dB, [128], without its loudness and pauses; None if silent."""
    try:
        blocks = list(decode(path, end_s=_LONGEST_S))
    except AudioError as error:
        broken[path] = error.message
        return None
    pcm = np.concatenate(blocks)
    return clip_spectrum(pcm.astype(np.float32) / np.float32(32768.0))


def clip_spectrum(signal: NDArray[np.float32]) -> NDArray[np.float64] | None:
    """Return the spectrum, dB, [128], of a signal, float32, [samples], 16 kHz.

    The mean power of the frames that are no pause, in mel bands, over that of all bands; None for
    silence.
    """
    spectrum = power(np.pad(signal, FFT_SAMPLES // 2)).astype(np.float64)
    loud = spectrum.sum(axis=0)
    kept = spectrum[:, loud >= loud.max() * 10 ** (-_HEARD_DB / 10)]
    mel = bases().mel @ kept.mean(axis=1)
    if not mel.sum() > 0.0:
        return None
    return np.asarray(10.0 * np.log10(np.maximum(mel / mel.sum(), 1e-9)))
