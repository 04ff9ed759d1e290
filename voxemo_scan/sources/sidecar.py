"""The note beside a downloaded clip: where it came from, and what its bytes are."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import get_type_hints


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What is known of the clip ``file`` (a name in the sidecar's own folder).

    ``size`` is in bytes, ``sha256`` of the bytes, ``date`` when it was fetched (ISO 8601, UTC),
    ``tool`` the programs that fetched it.
    """

    file: str
    address: str
    title: str | None
    uploader: str | None
    duration_s: float | None
    sha256: str
    size: int
    date: str
    tool: str

    def to_json(self) -> str:
        """Return the sidecar as a JSON text."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


def read_sidecar(path: Path) -> Sidecar | None:
    """Return the sidecar at ``path``, or None when it is not there or not to be trusted."""
    try:
        values = json.loads(path.read_text("utf-8"))
        sidecar = Sidecar(**{name: values[name] for name in get_type_hints(Sidecar)})
        return sidecar if _is_sound(sidecar) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_sound(sidecar: Sidecar) -> bool:
    texts = (sidecar.file, sidecar.address, sidecar.sha256)
    return (
        all(isinstance(text, str) and text for text in texts)
        and Path(sidecar.file).name == sidecar.file
        and isinstance(sidecar.size, int)
    )
