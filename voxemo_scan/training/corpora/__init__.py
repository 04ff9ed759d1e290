"""Labelled speech collections in their original layouts: who says each clip, and how."""

from voxemo_scan.training.corpora.crema_d import crema_d
from voxemo_scan.training.corpora.emodb import emodb
from voxemo_scan.training.corpora.known import CORPORA, Corpus, load_corpora, recognise
from voxemo_scan.training.corpora.own import own_corpus
from voxemo_scan.training.corpora.ravdess import ravdess
from voxemo_scan.training.corpora.savee import savee
from voxemo_scan.training.corpora.tess import tess
from voxemo_scan.training.corpora.utterance import AUDIO_SUFFIXES, Intensity, Utterance, Votes

__all__ = [
    "AUDIO_SUFFIXES",
    "CORPORA",
    "Corpus",
    "Intensity",
    "Utterance",
    "Votes",
    "crema_d",
    "emodb",
    "load_corpora",
    "own_corpus",
    "ravdess",
    "recognise",
    "savee",
    "tess",
]
