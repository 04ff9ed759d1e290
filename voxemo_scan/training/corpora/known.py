"""The corpora that the tool knows: their loaders, licences and homes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from voxemo_scan.errors import UsageError
from voxemo_scan.training.corpora.crema_d import crema_d, is_crema_d
from voxemo_scan.training.corpora.emodb import emodb, is_emodb
from voxemo_scan.training.corpora.own import load_own
from voxemo_scan.training.corpora.ravdess import is_ravdess, ravdess
from voxemo_scan.training.corpora.savee import is_savee, savee
from voxemo_scan.training.corpora.tess import is_tess, tess
from voxemo_scan.training.corpora.utterance import Utterance


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus: how it is read, under which licence and where it is from.

    ``name`` is also the folder's that holds it. ``knows`` says by its path whether a file is one
    of the corpus's. ``clips`` are as many as its authors publish, ``download_mb`` about what
    fetching them takes, 0 where its authors send it on request.
    """

    name: str
    load: Callable[[Path], tuple[Utterance, ...]]
    knows: Callable[[Path], bool]
    clips: int
    download_mb: int
    licence: str
    home: str


CORPORA: Final[Mapping[str, Corpus]] = {
    corpus.name: corpus
    for corpus in (
        Corpus(
            "CREMA-D",
            crema_d,
            is_crema_d,
            clips=7442,
            download_mb=610,
            licence="ODbL 1.0 / DbCL 1.0",
            home="https://github.com/CheyneyComputerScience/CREMA-D",
        ),
        Corpus(
            "RAVDESS",
            ravdess,
            is_ravdess,
            clips=1440,
            download_mb=208,
            licence="CC BY-NC-SA 4.0",
            home="https://zenodo.org/records/1188976",
        ),
        Corpus(
            "TESS",
            tess,
            is_tess,
            clips=2800,
            download_mb=270,
            licence="CC BY-NC-ND 4.0",
            home="https://doi.org/10.5683/SP2/E8H2MF",
        ),
        Corpus(
            "SAVEE",
            savee,
            is_savee,
            clips=480,
            download_mb=0,
            licence="research only, on request",
            home="http://kahlan.eps.surrey.ac.uk/savee/",
        ),
        Corpus(
            "EmoDB",
            emodb,
            is_emodb,
            clips=535,
            download_mb=40,
            licence="free to use, no licence named",
            home="http://emodb.bilderbar.info/",
        ),
    )
}


def find_corpus(name: str) -> Corpus:
    """Return the corpus of this name, written in any case and with or without its hyphen.

    Raises:
        UsageError: there is none.
    """
    for corpus in CORPORA.values():
        if plain_name(corpus.name) == plain_name(name):
            return corpus
    raise UsageError(f"unknown corpus {name!r}", remedy=f"choose {', '.join(CORPORA)}")


def plain_name(name: str) -> str:
    """Return a corpus's name without what people write it differently by."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


def load_corpora(
    data: Path, names: Sequence[str] = ("CREMA-D", "RAVDESS")
) -> tuple[Utterance, ...]:
    """Return every clip of some corpora, of all their labels.

    Args:
        data: the folder that holds a folder of its name for each corpus.
        names: the corpora; what is none of ``CORPORA`` is the path of one's own, a folder or a CSV.

    Raises:
        UsageError: one of them is not there.
    """
    return tuple(utterance for name in names for utterance in _load(data, name))


def _load(data: Path, name: str) -> tuple[Utterance, ...]:
    if name in CORPORA:
        return CORPORA[name].load(data / name)
    if not Path(name).exists():
        raise UsageError(
            f"unknown corpus {name!r}",
            remedy=f"choose {', '.join(CORPORA)}, or give a folder or CSV of your own",
        )
    return load_own(Path(name))
