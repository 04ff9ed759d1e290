"""Holds a scene's result against what the manifest says it should show.

Shares and tolerances are fractions of speech time, 0..1. A tolerance of 5 % means five
percentage points, always in the scene's favour:

- ``at_least angry 30 %`` passes from 25 %,
- ``at_most happy 10 %`` passes up to 15 %,
- ``dominant angry or disgust`` passes when the larger of the two is the largest share or at most
  five points behind it.

The bounds themselves pass: differences under 1e-9 are rounding, not evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from voxemo_scan.emotions import Emotion
from voxemo_scan.errors import ExitCode
from voxemo_scan.scan.result import SceneResult, Status
from voxemo_scan.text import percent, percent_apart

if TYPE_CHECKING:
    from voxemo_scan.manifest.model import Expectation, Scene

Verdict = Literal[
    "passed", "failed", "known-failure", "unexpected-pass", "not-checked", "no-result"
]
"""What the checks of one scene come to.

``not-checked``: no expectations, or checking was switched off. ``no-result``: expectations could
not be held against anything, because the scene failed or holds no speech.
"""

_ROUNDING: Final = 1e-9
_NOTHING_FOUND: Final[dict[Status, str]] = {"no-speech": "no speech", "failed": "not analysed"}


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One rule of a scene and what came of it.

    ``rule`` is ``dominant``, ``at_least angry``, ``at_most happy`` and so on; ``expected`` and
    ``found`` are for people to read; ``line`` is the rule's line in the manifest (1-based).
    """

    rule: str
    passed: bool
    expected: str
    found: str
    line: int


def check_scene(result: SceneResult, scene: Scene) -> tuple[CheckResult, ...]:
    """Return one result per rule of ``scene.expect``; none when it expects nothing.

    A scene that failed or holds no speech passes none of its rules.
    """
    if scene.expect is None:
        return ()
    nothing = _NOTHING_FOUND.get(result.status)
    return tuple(
        CheckResult(
            rule=rule,
            passed=passed and nothing is None,
            expected=expected,
            found=nothing or found,
            line=scene.rule_lines.get(rule.replace(" ", "."), scene.line),
        )
        for rule, passed, expected, found in _rules(result.shares, expect=scene.expect)
    )


def scene_verdict(
    checks: tuple[CheckResult, ...], *, known_failure: str | None = None, status: Status = "ok"
) -> Verdict:
    """Return what a scene's checks come to.

    A known failure excuses rules that fail and scenes without speech; it does not excuse a scene
    that could not be analysed.
    """
    if not checks:
        return "not-checked"
    if status == "failed":
        return "no-result"
    if all(check.passed for check in checks):
        return "passed" if known_failure is None else "unexpected-pass"
    if known_failure is not None:
        return "known-failure"
    return "no-result" if status == "no-speech" else "failed"


def exit_code(outcomes: Iterable[tuple[Status, Verdict]]) -> ExitCode:
    """Return the exit code of a run from its scenes' statuses and verdicts.

    A scene that could not be analysed (3) outranks a failed expectation (1): the run is not whole.
    Known failures and unexpected passes keep 0.
    """
    seen = list(outcomes)
    if any(status == "failed" for status, _ in seen):
        return ExitCode.SCENE_FAILED
    if any(verdict in {"failed", "no-result"} for _, verdict in seen):
        return ExitCode.CHECK_FAILED
    return ExitCode.OK


def _rules(
    shares: dict[Emotion, float], *, expect: Expectation
) -> Iterator[tuple[str, bool, str, str]]:
    """Yield rule, passed, expected and found for each rule."""
    slack = expect.tolerance + _ROUNDING
    allowed = f" (tolerance {_short(expect.tolerance)})" if expect.tolerance else ""
    if expect.dominant:
        yield _dominant(shares, accepted=expect.dominant, slack=slack, allowed=allowed)
    for emotion, bound in expect.at_least.items():
        share = shares.get(emotion, 0.0)
        found = percent_apart(share, bound=bound - expect.tolerance)
        expected = f"at least {_short(bound)}{allowed}"
        yield f"at_least {emotion}", share >= bound - slack, expected, found
    for emotion, bound in expect.at_most.items():
        share = shares.get(emotion, 0.0)
        found = percent_apart(share, bound=bound + expect.tolerance)
        expected = f"at most {_short(bound)}{allowed}"
        yield f"at_most {emotion}", share <= bound + slack, expected, found


def _dominant(
    shares: dict[Emotion, float], *, accepted: tuple[Emotion, ...], slack: float, allowed: str
) -> tuple[str, bool, str, str]:
    largest = max(shares, key=shares.__getitem__, default=accepted[0])
    nearest = max(accepted, key=lambda emotion: shares.get(emotion, 0.0))
    top, near = shares.get(largest, 0.0), shares.get(nearest, 0.0)
    found = f"{nearest} {percent(near, decimals=1)}"
    if near < top:
        ahead = f"{largest} {percent_apart(top, bound=near)}"
        found = f"{ahead}, {nearest} {percent_apart(near, bound=top)}"
    return "dominant", top - near <= slack, f"{' or '.join(accepted)}{allowed}", found


def _short(fraction: float) -> str:
    """Return a percentage as the manifest writes it: ``30 %``, ``12.5 %``."""
    return f"{round(fraction * 100, 6):g} %"
