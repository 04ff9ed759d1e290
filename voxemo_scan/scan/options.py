"""Everything that a result depends on beside clip and model."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from voxemo_scan.scan.prevalence import Estimator, PrevalenceOptions
from voxemo_scan.scan.shares import BootstrapOptions
from voxemo_scan.scan.voices import VoiceOptions
from voxemo_scan.speech.segments import SpeechOptions


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """How clips are analysed.

    ``window_overlap`` is the fraction, 0..1, of a window that the next one hears again at least;
    ``estimator`` is how windows become shares: ``em`` as prevalence, ``mean`` as plain means.
    A window less likely than ``least_clear``, 0..1, to be clear speech of one voice is set aside.
    ``adapt`` has a voice's windows heard beside one another, where voices are told apart.
    """

    speech: SpeechOptions = field(default_factory=SpeechOptions)
    window_overlap: float = 0.5
    least_clear: float = 0.5
    adapt: bool = True
    estimator: Estimator = "em"
    prevalence: PrevalenceOptions = field(default_factory=PrevalenceOptions)
    bootstrap: BootstrapOptions = field(default_factory=BootstrapOptions)
    voices: VoiceOptions = field(default_factory=VoiceOptions)

    def as_parameters(self) -> dict[str, Any]:
        """Return the options as plain values, for reports and result keys."""
        return asdict(self)
