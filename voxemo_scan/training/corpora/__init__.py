"""Labelled speech collections in their original layouts: who says each clip, and how."""

from voxemo_scan.training.corpora.crema_d import crema_d
from voxemo_scan.training.corpora.emodb import emodb
from voxemo_scan.training.corpora.known import CORPORA, Corpus, find_corpus, load_corpora
from voxemo_scan.training.corpora.own import load_own
from voxemo_scan.training.corpora.ravdess import ravdess
from voxemo_scan.training.corpora.recognise import Collection, recognise
from voxemo_scan.training.corpora.savee import savee
from voxemo_scan.training.corpora.tess import tess
from voxemo_scan.training.corpora.utterance import AUDIO_SUFFIXES, Intensity, Utterance, Votes

__all__ = [
    "AUDIO_SUFFIXES",
    "CORPORA",
    "Collection",
    "Corpus",
    "Intensity",
    "Utterance",
    "Votes",
    "crema_d",
    "emodb",
    "find_corpus",
    "load_corpora",
    "load_own",
    "ravdess",
    "recognise",
    "savee",
    "tess",
]
