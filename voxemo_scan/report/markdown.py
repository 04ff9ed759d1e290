"""``report.md``: the report as GitHub Flavored Markdown, for repositories and issue trackers."""

from __future__ import annotations

import json

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.report import wording
from voxemo_scan.report.document import Report, ReportScene
from voxemo_scan.report.markdown_figures import BARS_NOTE, LEGEND, bars, course, squares
from voxemo_scan.report.markdown_text import code, escape, link, row
from voxemo_scan.report.names import unique_names
from voxemo_scan.report.settings import flat_settings
from voxemo_scan.scan.result import SceneResult, Speaker
from voxemo_scan.text import clean, clock, percent


def to_markdown(report: Report) -> str:
    """Return the report as Markdown; everything from outside is escaped."""
    anchors = [f"scene-{name}" for name in unique_names(s.result.id for s in report.scenes)]
    blocks = [
        f"# {escape(report.manifest_name)}: the emotion in the voices",
        _made(report),
        wording.EXPRESSED,
        _summary(report, anchors),
        LEGEND,
    ]
    for scene, anchor in zip(report.scenes, anchors, strict=True):
        blocks += _section(scene, anchor=anchor)
    blocks += ["## How to read this", wording.shares_note(report), BARS_NOTE]
    blocks += ["## How it was made", _folded("Settings and weights", _settings(report))]
    return "\n\n".join(blocks) + "\n"


def _made(report: Report) -> str:
    model = f"{escape(report.model.name)}, version {escape(report.model.version)}"
    tool = f"voxemo-scan {escape(report.version)}"
    return (
        f"Made {escape(report.created)} by {tool} with {model} from {code(report.manifest_path)}."
    )


def _summary(report: Report, anchors: list[str]) -> str:
    published = any(scene.published for scene in report.scenes)
    head = ["Scene", "Shares of speech time", "Strongest", "95 %", "Speech", "Verdict"]
    ruler = ["---", "---", "---", "--:", "--:", "---"]
    rows = [row([*head, *(["Published"] * published)]), row([*ruler, *(["---"] * published)])]
    for scene, anchor in zip(report.scenes, anchors, strict=True):
        after = [wording.published_listing(scene.published)] if published else []
        rows.append(row([*_summary_cells(scene, anchor=anchor), *after]))
    return "\n".join(rows)


def _summary_cells(scene: ReportScene, *, anchor: str) -> list[str]:
    result = scene.result
    verdict = "" if scene.verdict == "not-checked" else wording.VERDICTS[scene.verdict]
    shown = f"**{verdict}**" if scene.verdict in {"failed", "no-result"} else verdict
    if result.status == "ok" and result.dominant is not None:
        heard = [
            _shares(result),
            result.dominant,
            wording.interval(result, result.dominant),
            clock(result.speech_s),
        ]
    else:
        reason = "no speech" if result.status == "no-speech" else "not analysed"
        heard = [reason, "", "", ""]
    return [f"[{_title(result)}](#{anchor})", *heard, shown]


def _shares(result: SceneResult | Speaker) -> str:
    """Return the shares as coloured squares and, under them, in words."""
    return f"{squares(result.shares)}<br>{wording.listing(result).rstrip('.')}"


def _title(result: SceneResult) -> str:
    return escape(result.title) or escape(result.source)


def _section(scene: ReportScene, *, anchor: str) -> list[str]:
    result = scene.result
    blocks = [f'## <a id="{anchor}"></a>{_title(result)}', _facts(result)]
    if result.status == "failed":
        blocks.append(f"**Not analysed:** {escape(result.error or 'no reason given')}")
        blocks += [f"What to do: {escape(result.remedy)}"] if result.remedy else []
    elif result.status == "no-speech":
        blocks.append("**No speech was found**, so there is no voice to judge.")
    else:
        blocks += [f"**{wording.listing(result)}**", _pictures(scene)]
        blocks.append(_folded("All six shares", _figures(scene)))
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


def _pictures(scene: ReportScene) -> str:
    """Return the bars of all six shares and the scene's course, in a code block."""
    lines = bars(scene.result, scene.published)
    timed = course(scene.result)
    return "\n".join(["```text", *lines, *(["", *timed] if timed else []), "```"])


def _folded(title: str, text: str) -> str:
    """Return a part that opens on a click."""
    return f"<details><summary>{title}</summary>\n\n{text}\n\n</details>"


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
        name, speech = escape(wording.speaker_name(speaker)), clock(speaker.speech_s)
        rows.append(row([name, speech, _shares(speaker), percent(speaker.confidence)]))
    return "\n".join(rows)


def _checks(scene: ReportScene) -> str:
    rows = [row(["Rule", "Expected", "Found", "Verdict"]), row(["---"] * 4)]
    for check in scene.checks:
        verdict = "✅ kept" if check.passed else "❌ **missed**"
        texts = [check.rule.replace("_", " "), check.expected, check.found]
        rows.append(row([*(escape(text) for text in texts), verdict]))
    return "\n".join(rows)


def _known(scene: ReportScene, *, reason: str) -> str:
    if scene.verdict == "unexpected-pass":
        return f"Marked as a known failure, yet it passes. The reason given was: {escape(reason)}"
    return f"Known failure: {escape(reason)}"


def _settings(report: Report) -> str:
    rows = [row(["Setting", "Value"]), row(["---", "---"])]
    for name, value in flat_settings(report.parameters):
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        rows.append(row([escape(name), code(clean(shown))]))
    for name, digest in report.model.sha256.items():
        rows.append(row([escape(name), code(f"sha256 {digest}")]))
    return "\n".join(rows)
