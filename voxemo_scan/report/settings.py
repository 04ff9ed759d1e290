"""A run's parameters as one list, however deep they lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from voxemo_scan.report.document import JSON


def flat_settings(values: Mapping[str, JSON], *, above: str = "") -> Iterator[tuple[str, JSON]]:
    """Yield each value that is no table, named by the way to it: ``voices.model.stay``."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from flat_settings(value, above=f"{above}{name}.")
        else:
            yield f"{above}{name}", value
