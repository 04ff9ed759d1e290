"""Captions, annotations and edit marks of a scene, a format a file, over one list of marks."""
