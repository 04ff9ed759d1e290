"""Mel and chroma filters as librosa defines them, read from a file that it has made.

Importing what librosa makes them with takes two seconds of a processor, longer than a short clip's
scan. The file is written anew by

    python -m voxemo_scan.features.filters
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

FILE: Final = Path(__file__).with_name("filters.safetensors")
_MEL: Final = ((16_000, 400, 80), (16_000, 1024, 128))
_CHROMA: Final = ((16_000, 1024, 12),)


def mel_filters(*, sampling_rate: int, fft_samples: int, bands: int) -> Floats:
    """Return ``librosa.filters.mel``: float32, [bands, bins]."""
    found = _made().get(_name("mel", sampling_rate, fft_samples, bands))
    return _mel(sampling_rate, fft_samples, bands) if found is None else found


def chroma_filters(*, sampling_rate: int, fft_samples: int, pitches: int) -> Floats:
    """Return ``librosa.filters.chroma``, A being 440 Hz: float32, [pitches, bins]."""
    found = _made().get(_name("chroma", sampling_rate, fft_samples, pitches))
    return _chroma(sampling_rate, fft_samples, pitches) if found is None else found


@cache
def _made() -> dict[str, Floats]:
    from safetensors.numpy import load_file  # noqa: PLC0415  (only who hears or draws needs it)

    found: dict[str, Floats] = load_file(FILE) if FILE.is_file() else {}
    return found


def _mel(sampling_rate: int, fft_samples: int, bands: int) -> Floats:
    from voxemo_scan.features.compiled import librosa  # noqa: PLC0415  (two seconds; see above)

    found: Floats = librosa.filters.mel(sr=sampling_rate, n_fft=fft_samples, n_mels=bands)
    return found


def _chroma(sampling_rate: int, fft_samples: int, pitches: int) -> Floats:
    from voxemo_scan.features.compiled import librosa  # noqa: PLC0415  (as above)

    found: Floats = librosa.filters.chroma(
        sr=sampling_rate, n_fft=fft_samples, tuning=0.0, n_chroma=pitches
    ).astype(np.float32)
    return found


def make() -> dict[str, Floats]:
    """Return what the file is to hold, by name."""
    made = {_name("mel", *sizes): _mel(*sizes) for sizes in _MEL}
    return made | {_name("chroma", *sizes): _chroma(*sizes) for sizes in _CHROMA}


def _name(kind: str, *sizes: int) -> str:
    return "-".join([kind, *map(str, sizes)])


def main() -> None:
    """Write the file."""
    from safetensors.numpy import save  # noqa: PLC0415

    from voxemo_scan.atomic import write_atomic  # noqa: PLC0415

    write_atomic(FILE, save({name: np.ascontiguousarray(each) for name, each in make().items()}))


if __name__ == "__main__":
    main()
