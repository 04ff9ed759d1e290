"""Analysing on many machines: Ray actors, and the place through which clips and results travel."""
