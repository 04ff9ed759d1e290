"""Speech corpora and film lines, where they lie beside the checkout."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"

needs_corpora = pytest.mark.skipif(
    not (SHARED / "data").is_dir(), reason="the speech corpora are not beside this checkout"
)
needs_film = pytest.mark.skipif(
    not (SHARED / "film").is_dir(), reason="the film lines are not beside this checkout"
)
