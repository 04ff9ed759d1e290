"""Corpora, splits, augmentation, training and evaluation."""
