"""What workers are asked to do, as plain values that travel to them, and how it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.errors import AudioError
from voxemo_scan.scan.options import ScanOptions

if TYPE_CHECKING:
    from voxemo_scan.models.ensemble import Ensemble
    from voxemo_scan.models.judgement import Judgement
    from voxemo_scan.report.document import JSON
    from voxemo_scan.web.pictures.draw import Pictured

LoadEnsemble = Callable[[], "Ensemble"]


class Tools:
    """What a worker has at hand: the model, loaded once."""

    def __init__(self, load: LoadEnsemble) -> None:
        self._load = load

    @cached_property
    def ensemble(self) -> Ensemble:
        """The model."""
        return self._load()


class Job(Protocol):
    """Something that a worker does; ``kind`` names it in metrics."""

    kind: ClassVar[str]

    def do(self, tools: Tools) -> Any:
        """Do it and return what was found, as values that travel back."""


class TooLong(AudioError):  # noqa: N818 - what is wrong with the recording
    """A recording that goes on for longer than is allowed."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Hear a whole recording; ``name`` is what it is called in what is found."""

    kind: ClassVar[str] = "listen"

    path: Path
    name: str
    longest_s: float

    def do(self, tools: Tools) -> dict[str, JSON]:
        """Return the recording's item as ``listen --json`` has it."""
        from voxemo_scan.manifest.model import Scene  # noqa: PLC0415  (workers only)
        from voxemo_scan.report.document import judge  # noqa: PLC0415
        from voxemo_scan.report.json_file import recording_item  # noqa: PLC0415
        from voxemo_scan.scan.analyse import analyse  # noqa: PLC0415
        from voxemo_scan.scan.film import match_voices  # noqa: PLC0415
        from voxemo_scan.scan.task import SceneTask  # noqa: PLC0415

        task = SceneTask(id=self.name, title=self.name, source=self.name, path=self.path, sha256="")
        with _named(self.path, self.name):
            require_short(self.path, longest_s=self.longest_s)
            found = analyse(
                task, ensemble=tools.ensemble, options=ScanOptions(), progress=self._watch
            )
        (result,) = match_voices([found])
        scene = Scene(id=self.name, title=self.name, source=self.name)
        return recording_item(judge(result, scene=scene))

    def _watch(self, stage: str, done: float, _total: float | None) -> None:
        """Stop at a recording that is longer than its header says."""
        if stage == "finding speech" and done > self.longest_s:
            raise too_long(self.longest_s)


@dataclass(frozen=True, slots=True)
class Draw:
    """Draw a recording's spectra, or those of a part of it."""

    kind: ClassVar[str] = "pictures"

    path: Path
    name: str
    start_s: float
    end_s: float
    longest_s: float

    def do(self, tools: Tools) -> Pictured:  # noqa: ARG002 - all jobs are asked alike
        """Return the pictures."""
        from voxemo_scan.web.pictures.draw import pictured  # noqa: PLC0415

        with _named(self.path, self.name):
            require_short(self.path, longest_s=self.longest_s)
            return pictured(self.path, start_s=self.start_s, end_s=self.end_s)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One window with the sound around it: a ``Passage`` as values that need no network.

    ``signal``: float32, [samples], mono, -1..1, 16 kHz; ``window``: its first sample there and the
    one after its last.
    """

    signal: NDArray[np.float32]
    window: tuple[int, int]
    starts_speech: bool
    ends_speech: bool


@dataclass(frozen=True, slots=True)
class Judge:
    """Judge windows of people who are listened to live."""

    kind: ClassVar[str] = "live"

    excerpts: tuple[Excerpt, ...]

    def do(self, tools: Tools) -> Judgement:
        """Return what is heard in the windows, one after the other."""
        from voxemo_scan.models.passage import Passage  # noqa: PLC0415  (loads torch)

        return tools.ensemble.judge(
            [Passage(e.signal, (e.window,), e.starts_speech, e.ends_speech) for e in self.excerpts]
        )


@dataclass(frozen=True, slots=True)
class Explain:
    """Say what in the window at ``at_s`` drove its verdict."""

    kind: ClassVar[str] = "explain"

    path: Path
    name: str
    at_s: float
    longest_s: float

    def do(self, tools: Tools) -> dict[str, JSON]:
        """Return the explanation, with a picture of it, wide and narrow."""
        from voxemo_scan.explain.draw import NARROW, WIDE, image_url, svg_picture  # noqa: PLC0415
        from voxemo_scan.explain.moment import explain_file  # noqa: PLC0415

        with _named(self.path, self.name):
            require_short(self.path, longest_s=self.longest_s)
            found = explain_file(
                self.path, at_s=self.at_s, ensemble=tools.ensemble, end_s=self.longest_s
            )
        pictures = {
            "image": image_url(svg_picture(found, width=WIDE)),
            "narrow": image_url(svg_picture(found, width=NARROW)),
        }
        return {**found.explanation.as_json(), **pictures}


@dataclass(frozen=True, slots=True)
class Measure:
    """Find out how long recordings are."""

    kind: ClassVar[str] = "measure"

    paths: tuple[Path, ...]

    def do(self, tools: Tools) -> list[float | None]:  # noqa: ARG002 - all jobs are asked alike
        """Return each recording's length, seconds; None where it is none or does not tell."""
        from voxemo_scan.audio.container import probe  # noqa: PLC0415

        def length_s(path: Path) -> float | None:
            try:
                return probe(path).duration_s
            except AudioError:
                return None

        return [length_s(path) for path in self.paths]


def too_long(longest_s: float) -> TooLong:
    """Return the error of a recording that is longer than ``longest_s``."""
    return TooLong(
        f"the recording is longer than {longest_s:g} s",
        remedy="cut it, or use `voxemo-scan listen`, which takes any length",
    )


def require_short(path: Path, *, longest_s: float) -> None:
    """Raise ``TooLong`` where a recording says of itself that it is too long."""
    from voxemo_scan.audio.container import probe  # noqa: PLC0415

    told_s = probe(path).duration_s
    if told_s is not None and told_s > longest_s:
        raise too_long(longest_s)


class _named:  # noqa: N801 - reads as a word
    """Has errors speak of an upload by the name that its sender knows, never by its path."""

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = str(path), name

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, AudioError) and self._path in error.message:
            raise type(error)(
                error.message.replace(self._path, self._name), remedy=error.remedy
            ) from None
