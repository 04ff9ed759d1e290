"""``report.md``: the report as GitHub Flavored Markdown, for repositories and issue trackers."""

from __future__ import annotations

import json
from typing import Final

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.report import wording
from voxemo_scan.report.document import Report, ReportScene
from voxemo_scan.report.markdown_text import code, escape, link, row
from voxemo_scan.scan.result import SceneResult
from voxemo_scan.text import clean, clock, percent, whole_percents

_BAR_WIDTH: Final = 30
_EIGHTHS: Final = " ▏▎▍▌▋▊▉"


def to_markdown(report: Report) -> str:
    """Return the report as Markdown; everything from outside is escaped."""
    blocks = [
        f"# {escape(report.manifest_name)}: the emotion in the voices",
        _made(report),
        f"{wording.EXPRESSED} {wording.shares_note(report)}",
        _summary(report),
    ]
    for scene in report.scenes:
        blocks += _section(scene)
    blocks += ["## How it was made", _settings(report)]
    return "\n\n".join(blocks) + "\n"


def _made(report: Report) -> str:
    model = f"{escape(report.model.name)}, version {escape(report.model.version)}"
    tool = f"voxemo-scan {escape(report.version)}"
    return (
        f"Made {escape(report.created)} by {tool} with {model} from {code(report.manifest_path)}."
    )


def _summary(report: Report) -> str:
    head = ["Scene", "Shares of speech time", "Strongest", "95 %", "Speech", "Verdict", "Published"]
    rows = [row(head), row(["---", "---", "---", "--:", "--:", "---", "---"])]
    return "\n".join([*rows, *(row(_summary_cells(scene)) for scene in report.scenes)])


def _summary_cells(scene: ReportScene) -> list[str]:
    result = scene.result
    verdict = "" if scene.verdict == "not-checked" else wording.VERDICTS[scene.verdict]
    after = [verdict, wording.published_listing(scene.published)]
    if result.status == "ok" and result.dominant is not None:
        heard = [
            wording.listing(result).rstrip("."),
            result.dominant,
            wording.interval(result, result.dominant),
            clock(result.speech_s),
        ]
    else:
        reason = "no speech" if result.status == "no-speech" else "not analysed"
        heard = [reason, "", "", ""]
    return [_title(result), *heard, *after]


def _title(result: SceneResult) -> str:
    return escape(result.title) or escape(result.source)


def _section(scene: ReportScene) -> list[str]:
    result = scene.result
    blocks = [f"## {_title(result)}", _facts(result)]
    if result.status == "failed":
        blocks.append(f"**Not analysed:** {escape(result.error or 'no reason given')}")
        blocks += [f"What to do: {escape(result.remedy)}"] if result.remedy else []
    elif result.status == "no-speech":
        blocks.append("**No speech was found**, so there is no voice to judge.")
    else:
        blocks += [wording.listing(result), _bars(result), _figures(scene)]
        voices = wording.voices_listing(result)
        blocks += [f"Voices: {voices} of speech time."] if voices else []
        blocks += [_speakers(result)] if result.speakers else []
        blocks += [note] if (note := wording.untold_note(result)) else []
    if result.status != "ok" and scene.published:
        blocks.append(f"Published elsewhere: {wording.published_listing(scene.published)}.")
    blocks += [_checks(scene)] if scene.checks else []
    if scene.known_failure is not None:
        blocks.append(_known(scene, reason=scene.known_failure))
    return blocks


def _facts(result: SceneResult) -> str:
    address = wording.web_address(result.source)
    facts = [
        escape(result.film or ""),
        link(address) if address else code(result.source),
        wording.source_range(result),
    ]
    if result.status == "ok":
        facts.append(wording.speech_time(result))
        if result.abstained_s >= 0.5:
            facts.append(f"no verdict on {clock(result.abstained_s)}")
    return "; ".join(fact for fact in facts if fact)


def _bars(result: SceneResult) -> str:
    """Return a bar of block characters per emotion, in a code block."""
    figures = whole_percents(result.shares)
    lines = [
        f"{emotion:<8} {_bar(result.shares[emotion]):<{_BAR_WIDTH}} {figures[emotion]:>3} %"
        for emotion in EMOTIONS
    ]
    return "\n".join(["```text", *lines, "```"])


def _bar(share: float) -> str:
    eighths = round(min(max(share, 0.0), 1.0) * _BAR_WIDTH * 8)
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()


def _figures(scene: ReportScene) -> str:
    """Return all six shares to a tenth of a percent, none gathered."""
    result = scene.result
    head = ["Emotion", "Share", "95 % interval", *(["Published"] if scene.published else [])]
    rows = [row(head), row(["---", *["--:"] * (len(head) - 1)])]
    for emotion in EMOTIONS:
        cells = [emotion, percent(result.shares[emotion], decimals=1)]
        cells.append(wording.interval(result, emotion))
        if scene.published:
            published = scene.published.get(emotion)
            cells.append("" if published is None else percent(published))
        rows.append(row(cells))
    return "\n".join(rows)


def _speakers(result: SceneResult) -> str:
    """Return the voices told apart, most speech first."""
    head = ["Voice", "Speech", "Shares of its speech time", "Confidence"]
    rows = [row(head), row(["---", "--:", "---", "--:"])]
    for speaker in result.speakers:
        name, heard = wording.speaker_name(speaker), wording.listing(speaker).rstrip(".")
        rows.append(
            row([escape(name), clock(speaker.speech_s), heard, percent(speaker.confidence)])
        )
    return "\n".join(rows)


def _checks(scene: ReportScene) -> str:
    rows = [row(["Rule", "Expected", "Found", "Verdict"]), row(["---"] * 4)]
    for check in scene.checks:
        verdict = "kept" if check.passed else "**missed**"
        texts = [check.rule.replace("_", " "), check.expected, check.found]
        rows.append(row([*(escape(text) for text in texts), verdict]))
    return "\n".join(rows)


def _known(scene: ReportScene, *, reason: str) -> str:
    if scene.verdict == "unexpected-pass":
        return f"Marked as a known failure, yet it passes. The reason given was: {escape(reason)}"
    return f"Known failure: {escape(reason)}"


def _settings(report: Report) -> str:
    rows = [row(["Setting", "Value"]), row(["---", "---"])]
    for name, value in report.parameters.items():
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        rows.append(row([escape(name), code(clean(shown))]))
    for name, digest in report.model.sha256.items():
        rows.append(row([escape(name), code(f"sha256 {digest}")]))
    return "\n".join(rows)
