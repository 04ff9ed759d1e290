"""What a worker has loaded before it is confined: all networks, so that no job has to load any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voxemo_scan.workflow import load_ensemble

if TYPE_CHECKING:
    from voxemo_scan.models.ensemble import Ensemble


def load_listener(model: str | None, device: str, threads: int) -> Ensemble:
    """Return the ensemble, in a process that computes with ``threads`` threads from now on."""
    from voxemo_scan.scan.cores import keep_to  # noqa: PLC0415  (loads torch)
    from voxemo_scan.speech.detector import FRAME_SAMPLES, detect  # noqa: PLC0415

    ensemble = load_ensemble(model, device)
    keep_to(threads)
    detect(np.zeros(FRAME_SAMPLES, dtype=np.float32))
    return ensemble
