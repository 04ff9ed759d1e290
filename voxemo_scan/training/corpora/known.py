"""The corpora that the tool knows: their loaders, licences and homes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from voxemo_scan.errors import UsageError
from voxemo_scan.training.corpora.crema_d import crema_d
from voxemo_scan.training.corpora.emodb import emodb
from voxemo_scan.training.corpora.own import own_corpus
from voxemo_scan.training.corpora.ravdess import ravdess
from voxemo_scan.training.corpora.savee import savee
from voxemo_scan.training.corpora.tess import tess
from voxemo_scan.training.corpora.utterance import Utterance


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus: how it is read, under which licence and where it is from."""

    name: str
    load: Callable[[Path], tuple[Utterance, ...]]
    licence: str
    home: str


CORPORA: Final[Mapping[str, Corpus]] = {
    corpus.name: corpus
    for corpus in (
        Corpus(
            "CREMA-D",
            crema_d,
            "ODbL 1.0 / DbCL 1.0",
            "https://github.com/CheyneyComputerScience/CREMA-D",
        ),
        Corpus("RAVDESS", ravdess, "CC BY-NC-SA 4.0", "https://zenodo.org/records/1188976"),
        Corpus("TESS", tess, "CC BY-NC-ND 4.0", "https://doi.org/10.5683/SP2/E8H2MF"),
        Corpus(
            "SAVEE", savee, "research only, on request", "http://kahlan.eps.surrey.ac.uk/savee/"
        ),
        Corpus("EmoDB", emodb, "free to use", "http://emodb.bilderbar.info/"),
    )
}


def load_corpora(
    data: Path, names: Sequence[str] = ("CREMA-D", "RAVDESS")
) -> tuple[Utterance, ...]:
    """Return every clip of some corpora.

    Args:
        data: the folder that holds a folder of its name for each corpus.
        names: the corpora; what is none of ``CORPORA`` is the path of one's own, a folder or a CSV.

    Raises:
        UsageError: one of them is not there.
    """
    return tuple(utterance for name in names for utterance in _load(data, name))


def recognise(folder: Path) -> tuple[Utterance, ...]:
    """Return the clips of a folder that holds a corpus in any layout, or several corpora.

    Raises:
        UsageError: there is none in it.
    """
    several = [folder / name for name in CORPORA if (folder / name).is_dir()]
    if several:
        return tuple(u for each in several for u in CORPORA[each.name].load(each))
    if folder.is_dir():
        for corpus in CORPORA.values():
            found = _try(corpus, folder)
            if found:
                return found
    return own_corpus(folder)


def _try(corpus: Corpus, folder: Path) -> tuple[Utterance, ...]:
    try:
        return corpus.load(folder)
    except UsageError:
        return ()


def _load(data: Path, name: str) -> tuple[Utterance, ...]:
    if name in CORPORA:
        return CORPORA[name].load(data / name)
    if not Path(name).exists():
        raise UsageError(
            f"unknown corpus {name!r}",
            remedy=f"choose {', '.join(CORPORA)}, or give a folder or CSV of your own",
        )
    return own_corpus(Path(name))
