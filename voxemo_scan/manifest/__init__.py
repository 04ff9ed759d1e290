"""Manifests: YAML to validated values, errors with file, line and column."""
