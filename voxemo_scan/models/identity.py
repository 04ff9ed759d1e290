"""Which model spoke: its name, version and the checksums of its weight files."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model as reports and result keys name it; ``sha256`` maps weight file to checksum."""

    name: str
    version: str
    sha256: dict[str, str] = field(default_factory=dict)
