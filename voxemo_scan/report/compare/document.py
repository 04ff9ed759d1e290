"""What lies between two reports, as plain values: what every form of it is written from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from voxemo_scan.check.verdict import Verdict
from voxemo_scan.emotions import Emotion
from voxemo_scan.report.document import JSON, Report, ReportScene

Interval = tuple[float, float]

Reach = Literal["within", "outside", "apart", "unknown"]
"""How a change stands to the two 95 % intervals.

``within``: each share lies in the other run's interval. ``outside``: one does not, but the
intervals meet. ``apart``: they do not meet. ``unknown``: a run gave no interval.
"""

State = Literal[
    "measured",
    "added",
    "removed",
    "newly-failed",
    "mended",
    "still-failed",
    "speech-lost",
    "speech-found",
    "no-speech",
]
"""What became of a scene; only ``measured`` ones have shares in both reports."""

DifferenceKind = Literal["program", "model", "weights", "parameter", "manifest", "sound"]

_HELD: frozenset[Verdict] = frozenset({"passed", "unexpected-pass"})
_BROKEN: frozenset[Verdict] = frozenset({"failed", "no-result"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the two runs were not alike in; None where a run does not have it."""

    kind: DifferenceKind
    name: str
    old: JSON
    new: JSON


@dataclass(frozen=True, slots=True)
class Move:
    """One emotion's share of a scene in both runs, fractions, each with its 95 % interval."""

    emotion: Emotion
    old: float
    new: float
    old_ci: Interval | None
    new_ci: Interval | None
    reach: Reach

    @property
    def change(self) -> float:
        """New less old, -1..1."""
        return self.new - self.old


@dataclass(frozen=True, slots=True)
class SceneChange:
    """One scene in both reports, or in one of them.

    ``moves`` are six where ``state`` is ``measured``, else none. ``same_moments`` is the fraction,
    0..1, of the time judged by both runs at which both heard the same emotion strongest; None
    where the runs heard different sound. ``sound`` is what differs in what was heard;
    ``expectations_changed`` says that the verdicts are about different rules.
    """

    id: str
    state: State
    old: ReportScene | None
    new: ReportScene | None
    moves: tuple[Move, ...] = ()
    same_moments: float | None = None
    sound: tuple[Difference, ...] = ()
    expectations_changed: bool = False

    @property
    def shown(self) -> ReportScene:
        """The scene as the newer report that has it tells it."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def largest(self) -> Move | None:
        """The move that is farthest; None where nothing was measured."""
        return max(self.moves, key=lambda move: abs(move.change), default=None)

    @property
    def drift(self) -> float | None:
        """The largest absolute change of any emotion's share, 0..1."""
        return abs(self.largest.change) if self.largest else None

    @property
    def verdicts(self) -> tuple[Verdict | None, Verdict | None]:
        """The verdict in the old report and in the new one."""
        return (self.old.verdict if self.old else None), (self.new.verdict if self.new else None)

    @property
    def broke(self) -> bool:
        """Whether expectations that held do so no longer."""
        old, new = self.verdicts
        return old in _HELD and new in _BROKEN

    @property
    def incomparable(self) -> bool:
        """Whether one run found speech where the other found none: that is no number of points."""
        return self.state in {"speech-lost", "speech-found"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two reports and what lies between them; scenes in the new report's order, removed ones last.

    ``old_path`` and ``new_path`` are where the reports were read, as the user wrote it.
    """

    old: Report
    new: Report
    old_path: str
    new_path: str
    differences: tuple[Difference, ...]
    scenes: tuple[SceneChange, ...]

    @property
    def farthest(self) -> SceneChange | None:
        """The scene that drifted most; None where no scene has shares in both reports."""
        measured = [scene for scene in self.scenes if scene.drift is not None]
        return max(measured, key=lambda scene: scene.drift or 0.0, default=None)

    @property
    def drift(self) -> float | None:
        """The largest absolute change of any emotion's share in any common scene, 0..1."""
        return self.farthest.drift if self.farthest else None
