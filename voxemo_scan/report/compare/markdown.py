"""``comparison.md``: the comparison as GitHub Flavored Markdown, for pull requests and issues."""

from __future__ import annotations

from voxemo_scan.report.compare import wording
from voxemo_scan.report.compare.document import Comparison, Move, Reach, SceneChange
from voxemo_scan.report.compare.gate import Gate
from voxemo_scan.report.document import Report
from voxemo_scan.report.markdown_text import code, escape, row
from voxemo_scan.text import percent

_REACHES: dict[Reach, str] = {**wording.REACHES, "outside": "outside one", "apart": "**apart**"}


def to_markdown(comparison: Comparison, gate: Gate) -> str:
    """Return the comparison as Markdown; everything from outside is escaped."""
    blocks = [
        f"# {escape(comparison.new.manifest_name)}: two reports compared",
        _runs(comparison),
        _outcome(comparison, gate),
        _summary(comparison),
        "## What differs",
        _differences(comparison),
    ]
    for scene in comparison.scenes:
        blocks += _section(scene)
    blocks += ["## How to read this", wording.DRIFT, wording.INTERVALS, wording.MOMENTS]
    return "\n\n".join(blocks) + "\n"


def _runs(comparison: Comparison) -> str:
    rows = [row(["", "Report", "Made", "Model"]), row(["---"] * 4)]
    rows.append(_run("Old", comparison.old, path=comparison.old_path))
    rows.append(_run("New", comparison.new, path=comparison.new_path))
    return "\n".join(rows)


def _run(name: str, report: Report, *, path: str) -> str:
    return row([name, code(path), escape(report.created), escape(wording.run_line(report))])


def _outcome(comparison: Comparison, gate: Gate) -> str:
    drift = wording.drift_line(comparison)
    lines = [f"**{escape(drift[:1].upper() + drift[1:])}.** {wording.counts_line(comparison)}."]
    lines += [f"- {escape(reason)}" for reason in gate.reasons]
    return "\n\n".join(lines[:1]) + ("\n\n" + "\n".join(lines[1:]) if lines[1:] else "")


def _summary(comparison: Comparison) -> str:
    rows = [row(["Scene", "Largest change", "Intervals", "Same moments", "Verdict"])]
    rows.append(row(["---", "---", "---", "--:", "---"]))
    for scene in comparison.scenes:
        move = scene.largest
        change = wording.largest_line(scene)
        moments = "" if scene.same_moments is None else percent(scene.same_moments)
        reach = _REACHES[move.reach] if move else ""
        verdict = wording.verdict_change(scene)
        shown = f"**{verdict}**" if scene.broke else verdict
        rows.append(row([escape(wording.scene_title(scene)), change, reach, moments, shown]))
    return "\n".join(rows)


def _differences(comparison: Comparison) -> str:
    if not comparison.differences:
        return "Nothing: program, model, weights, options and manifest are the same."
    rows = [row(["", "Old", "New"]), row(["---"] * 3)]
    for each in comparison.differences:
        old, new = (code(wording.value(found)) for found in (each.old, each.new))
        rows.append(row([escape(wording.difference_name(each)), old, new]))
    return "\n".join(rows)


def _section(scene: SceneChange) -> list[str]:
    if not (scene.moves or scene.sound or wording.why_failed(scene)):
        return []
    blocks = [f"## {escape(wording.scene_title(scene))}"]
    if reason := wording.why_failed(scene):
        blocks.append(f"**{wording.failure_lead(scene)}** {escape(reason)}")
    if scene.sound:
        blocks.append(escape(wording.sound_note(scene)))
    if scene.expectations_changed:
        blocks.append("Its expectations are not the same in both reports.")
    return [*blocks, _moves(scene.moves)] if scene.moves else blocks


def _moves(moves: tuple[Move, ...]) -> str:
    rows = [row(["Emotion", "Old", "95 %", "New", "95 %", "Points", "Intervals"])]
    rows.append(row(["---", *["--:"] * 5, "---"]))
    for move in moves:
        old, new = (percent(share, decimals=1) for share in (move.old, move.new))
        spans = wording.span(move.old_ci), wording.span(move.new_ci)
        cells = [move.emotion, old, spans[0], new, spans[1], wording.points(move.change)]
        rows.append(row([*cells, _REACHES[move.reach]]))
    return "\n".join(rows)
