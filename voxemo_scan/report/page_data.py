"""What the page's script needs to know of a scene, as JSON that no text can break out of."""

from __future__ import annotations

import base64
import json
from typing import Final

from markupsafe import Markup

from voxemo_scan.report.media.model import SceneMedia
from voxemo_scan.report.score import SILENT, kinds_at
from voxemo_scan.report.track import lay_flat
from voxemo_scan.report.wording import speaker_name
from voxemo_scan.scan.result import SceneResult
from voxemo_scan.text import clean

_ESCAPES: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def page_data(result: SceneResult, media: SceneMedia, *, length_s: float) -> Markup:
    """Return the scene's windows, voices and waveform as JSON, safe inside a script element.

    A window is its start and end in seconds, six whole percents, and its voice's place in
    ``voices`` or -1; ``peaks`` and the ``kinds`` of what is heard there, a letter each, are there
    with a waveform.
    """
    names = [speaker.id for speaker in result.speakers]
    data: dict[str, object] = {
        "length": round(length_s, 3),
        "duration": round(result.duration_s, 3),
        "segments": [[round(start, 3), round(end, 3)] for start, end in result.segments],
        "voices": [clean(speaker_name(speaker)) for speaker in result.speakers],
        "windows": [
            [
                round(window.start_s, 3),
                round(window.end_s, 3),
                [round(100 * p) for p in window.probabilities],
                names.index(window.voice) if window.voice in names else -1,
            ]
            for window in sorted(result.windows, key=lambda w: w.start_s)
        ],
    }
    if media.sound is not None:
        step_s = result.duration_s / len(media.peaks)
        times_s = [(n + 0.5) * step_s for n in range(len(media.peaks))]
        data["peaks"] = base64.b64encode(media.peaks).decode()
        data["kinds"] = "".join(
            "-" if kind == SILENT else kind[0]
            for kind in kinds_at(times_s, result, lay_flat(result.windows))
        )
    text = json.dumps(data, separators=(",", ":"))
    for mark, escape in _ESCAPES.items():
        text = text.replace(mark, escape)
    return Markup(text)
