"""What the report says in words, the same in every format."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voxemo_scan.check.verdict import Verdict
from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.report.document import Report
from voxemo_scan.report.track import lay_flat, stretches
from voxemo_scan.scan.result import SWITCHED_OFF, SceneResult, Speaker
from voxemo_scan.text import clean, clock, percent, whole_percents

if TYPE_CHECKING:
    from voxemo_scan.report.turning import Turning

VERDICTS: Final[dict[Verdict, str]] = {
    "passed": "passed",
    "failed": "failed",
    "known-failure": "known failure",
    "unexpected-pass": "unexpected pass",
    "not-checked": "not checked",
    "no-result": "no result",
}
_PLURALS: Final = {
    "known failure": "known failures",
    "unexpected pass": "unexpected passes",
    "no result": "no results",
}

EXPRESSED: Final = (
    "These figures are the emotion expressed in the voices, as an ensemble of networks trained on "
    "acted speech hears it: not what a character feels, nor what a viewer does."
)
_MEAN: Final = (
    "A share is a fraction of speech time: the mean of what the networks hear, window by window. "
    "Its 95 % interval comes from resampling the scene's stretches of speech and from how unsure "
    "the networks are of each: few stretches or unsure networks make it wide. It cannot tell how "
    "far the networks err on sound unlike their training."
)
_PREVALENCE: Final = (
    "A share is a fraction of speech time, estimated as prevalence: the mix of emotions that "
    "explains best what the networks hear, window by window; a plain mean would call every scene "
    "more mixed than it is. Its 95 % interval comes from resampling the scene's stretches of "
    "speech through the same estimate, from how unsure the networks are of each, and from how "
    "differently they hear one voice and another: few stretches or unsure networks make it wide. "
    "It cannot tell how far the networks err on sound unlike their training."
)
COURSE: Final = (
    "Beneath, each emotion has its own line: the mean of what is heard within a few seconds. The "
    "band around it is where that share lies with 95 %, by how unsure the networks are of each "
    "window. The range says as how many equally strong emotions a moment sounds, from 1, all is "
    "one emotion, to 6, all are heard alike: the exponential of the entropy. Unsure networks "
    "raise it, too."
)
TURNING: Final = (
    "A turning point, a dotted line, is where the scene is told best by parting it: what is heard "
    "before and after differs by more than an evenly mixed scene would by chance."
)
_SMALL: Final = 0.1
_SHORTEST_MOMENT_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of the course in words; ``text`` names the emotion, its share and the voice."""

    start_s: float
    emotion: Emotion
    text: str


def shares_note(report: Report) -> str:
    """Return what a share and its interval are, by the estimator that made the report."""
    return _PREVALENCE if report.parameters.get("estimator") == "em" else _MEAN


def ranked(result: SceneResult | Speaker) -> list[Emotion]:
    """Return the emotions, largest share first, equals in the usual order."""
    return sorted(EMOTIONS, key=lambda emotion: -result.shares.get(emotion, 0.0))


def listing(result: SceneResult | Speaker) -> str:
    """Return the shares as prose: ``Angry 47 %, disgust 36 %; other 17 %.``

    Shares under 10 % are gathered as "other"; the figures add up to 100.
    """
    figures = whole_percents(result.shares)
    large = [e for e in ranked(result) if result.shares.get(e, 0.0) >= _SMALL]
    other = sum(figures.values()) - sum(figures[emotion] for emotion in large)
    parts = [", ".join(f"{emotion} {figures[emotion]} %" for emotion in large)]
    if other > 0:
        parts.append(f"other {other} %")
    text = "; ".join(part for part in parts if part)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def listing_with_intervals(result: SceneResult) -> str:
    """Return the shares as ``Angry 47 % (38-55), disgust 36 % (27-44); other 17 %.``"""
    text = listing(result)
    for emotion, (low, high) in result.share_ci.items():
        known = f"({low * 100:.0f}\u2013{high * 100:.0f})"
        text = re.sub(rf"(?i)\b({emotion} \d+ %)", rf"\1 {known}", text)
    return text


def moments(result: SceneResult) -> tuple[Moment, ...]:
    """Return the scene's course in words, a line for each stretch of one emotion."""
    flat = lay_flat(result.windows)
    return tuple(
        Moment(
            part.start_s,
            part.emotion,
            f"{part.emotion} {percent(part.share)}{_spoken(result, part.start_s, part.end_s)}",
        )
        for part in stretches(flat, shortest_s=_SHORTEST_MOMENT_S)
    )


def _spoken(result: SceneResult, start_s: float, end_s: float) -> str:
    """Return who speaks most from ``start_s`` to ``end_s``, as ``, Voice A, a woman``."""
    seconds: dict[str, float] = {}
    for turn in result.turns:
        inside_s = min(turn.end_s, end_s) - max(turn.start_s, start_s)
        if inside_s > 0:
            seconds[turn.voice] = seconds.get(turn.voice, 0.0) + inside_s
    most = max(seconds, key=seconds.__getitem__, default=None)
    return next((f", {speaker_name(s)}" for s in result.speakers if s.id == most), "")


def range_note(mean_range: float, turnings: int) -> str:
    """Return how wide a scene's range is and how often it turns, as a sentence."""
    turns = {0: "no turning point", 1: "one turning point"}.get(
        turnings, f"{turnings} turning points"
    )
    return f"At any moment as if {mean_range:.1f} emotions sounded at once, of 6; {turns}."


def turning(turn: Turning) -> str:
    """Return a turning point as ``angry 21 to 68 %, sad 55 to 14 %``."""
    changes = (
        f"{emotion} {before * 100:.0f} to {percent(after)}"
        for emotion in (turn.rising, turn.falling)
        for before, after in [turn.change(emotion)]
    )
    return ", ".join(changes)


def published_listing(published: dict[Emotion, float]) -> str:
    """Return published figures, largest first, as they were published."""
    order = sorted(published, key=lambda emotion: -published[emotion])
    return ", ".join(f"{emotion} {percent(published[emotion])}" for emotion in order)


def interval(result: SceneResult, emotion: Emotion) -> str:
    """Return a share's 95 % interval as ``38-55 %`` (with a dash), or nothing."""
    if emotion not in result.share_ci:
        return ""
    low, high = result.share_ci[emotion]
    return f"{low * 100:.0f}\u2013{high * 100:.0f} %"


def speech_time(result: SceneResult) -> str:
    """Return ``1:12 of 1:51 is speech (65 %)``."""
    if result.duration_s <= 0:
        return clock(result.speech_s)
    part = percent(min(result.speech_s / result.duration_s, 1.0))
    return f"{clock(result.speech_s)} of {clock(result.duration_s)} is speech ({part})"


def source_range(result: SceneResult) -> str:
    """Return where the clip lies in its source, ``0:39-2:30``, or nothing if it is all of it."""
    if result.range_end_s is not None:
        return f"{clock(result.range_start_s)}\u2013{clock(result.range_end_s)}"
    return f"from {clock(result.range_start_s)}" if result.range_start_s > 0 else ""


def voices_listing(result: SceneResult) -> str:
    """Return whose voices are heard: ``women 32 %, men 68 %`` of speech time."""
    figures = whole_percents(result.voices)
    names = (("female", "women"), ("male", "men"))
    return ", ".join(f"{name} {figures[key]} %" for key, name in names if key in figures)


def speaker_name(speaker: Speaker) -> str:
    """Return what a voice is called: ``Voice A, a woman``."""
    kind = {"female": ", a woman", "male": ", a man", None: ""}[speaker.gender]
    return f"Voice {speaker.id}{kind}"


def untold_note(result: SceneResult) -> str:
    """Return why voices are not told apart, as a sentence; nothing if nobody asked for it."""
    if result.untold is None or result.untold == SWITCHED_OFF:
        return ""
    return f"Voices are not told apart: {result.untold}."


def elsewhere(report: Report, result: SceneResult, voice: str) -> list[str]:
    """Return the titles of the film's other scenes in which a voice is heard, too."""
    others = (scene.result for scene in report.scenes if scene.result.id != result.id)
    return [
        clean(other.title) or clean(other.source)
        for other in others
        if result.film is not None
        and other.film == result.film
        and any(speaker.id == voice for speaker in other.speakers)
    ]


def web_address(source: str) -> str | None:
    """Return ``source`` if it is an http or https address that can be linked, else None."""
    text = clean(source)
    plain = text == source and not any(mark in text for mark in " <>\"'`\\{}|^")
    return text if plain and text.lower().startswith(("http://", "https://")) else None


def outcome(report: Report) -> str:
    """Return how the run went in a few words: ``3 passed, 1 failed, 1 not analysed``."""
    heard = [scene for scene in report.scenes if scene.result.status != "failed"]
    verdicts = [scene.verdict for scene in heard]
    counts = {VERDICTS[v]: verdicts.count(v) for v in VERDICTS if v != "not-checked"}
    counts["not analysed"] = len(report.scenes) - len(heard)
    return ", ".join(
        f"{count} {_PLURALS.get(name, name) if count > 1 else name}"
        for name, count in counts.items()
        if count
    )
