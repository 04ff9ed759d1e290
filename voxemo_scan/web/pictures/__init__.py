"""Spectra as pictures for the page."""
