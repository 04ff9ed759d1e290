"""voxemo-scan: which emotions the voices in film scenes carry."""

__version__ = "0.1.0"
