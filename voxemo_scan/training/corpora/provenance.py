"""Where a corpus's files came from, and the checksums by which they are known again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from voxemo_scan.atomic import write_atomic
from voxemo_scan.training.corpora.known import Corpus
from voxemo_scan.training.corpora.transfer import Remote, checksum_of


def provenance_path(folder: Path, name: str) -> Path:
    """Return where the provenance of the corpus ``name`` in ``folder`` is kept: beside it."""
    return folder / f"{name}.sources.json"


def read_first_checksums(path: Path) -> dict[str, str]:
    """Return the checksum of each file whose place publishes none, by address; as first had."""
    try:
        files = json.loads(path.read_text("utf-8"))["files"]
        return {each["url"]: each["checksum"] for each in files if not each["published"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def write_provenance(path: Path, corpus: Corpus, files: Mapping[Remote, Path]) -> None:
    """Write what was downloaded, from where and when; ``published`` says who vouches for it."""
    values = {
        "corpus": corpus.name,
        "licence": corpus.licence,
        "home": corpus.home,
        "fetched": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": [_values(remote, local) for remote, local in files.items()],
    }
    write_atomic(path, json.dumps(values, indent=1) + "\n")


def _values(remote: Remote, local: Path) -> dict[str, Any]:
    return {
        "path": remote.path,
        "url": remote.url,
        "bytes": local.stat().st_size,
        "checksum": remote.checksum or checksum_of(local, "sha256:"),
        "published": remote.checksum is not None,
    }
