"""Manifests run from the page."""
