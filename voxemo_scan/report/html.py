"""``report.html``: one file that needs no network.

Without scripts it is whole: tables, inline SVG and plain audio controls. Its own scripts make the
tables sortable and the timelines playable; the Content-Security-Policy names them and the style by
their hashes and allows nothing else. All text from outside passes through Jinja's escaping.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, get_args

from jinja2 import Environment
from markupsafe import Markup

from voxemo_scan.check.verdict import Verdict
from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.report import wording
from voxemo_scan.report.assets import assets
from voxemo_scan.report.document import Report, ReportScene
from voxemo_scan.report.media.model import Media, Picture, SceneMedia, Sound
from voxemo_scan.report.names import unique_names
from voxemo_scan.report.page_data import page_data
from voxemo_scan.report.score import Score, write_score
from voxemo_scan.report.themed import page_templates
from voxemo_scan.report.timeline import BOX_HEIGHT, BOX_WIDTH, Timeline, draw
from voxemo_scan.scan.result import SceneResult
from voxemo_scan.text import clean, clock, percent, whole_percents

_NO_BREAK: Final = "\u00a0"


@dataclass(frozen=True, slots=True)
class _Page:
    """One scene, prepared for its section of the page."""

    scene: ReportScene
    anchor: str
    title: str
    link: str | None
    media: SceneMedia
    figures: dict[Emotion, int]
    elsewhere: dict[str, list[str]]
    voices: dict[str, str]
    timeline: Timeline | None = None
    score: Score | None = None
    words: tuple[wording.Moment, ...] = ()
    data: Markup | None = None


def to_html(report: Report, media: Media | None = None) -> str:
    """Return the report as one self-contained page, with the clips' sound and pictures if given."""
    held = media or {}
    sounding = any(scene.sound for scene in held.values())
    explained = any(scene.moments for scene in held.values())
    verdicts = {scene.verdict for scene in report.scenes}
    anchors = unique_names([scene.result.id for scene in report.scenes])
    text = (
        _environment()
        .get_template("report.html.jinja")
        .render(
            report=report,
            pages=[
                _page(scene, report, anchor=a, media=held.get(scene.result.id, SceneMedia()))
                for scene, a in zip(report.scenes, anchors, strict=True)
            ],
            outcome=wording.outcome(report),
            any_published=any(scene.published for scene in report.scenes),
            any_checked=any(scene.verdict != "not-checked" for scene in report.scenes),
            any_sound=sounding,
            verdicts=[verdict for verdict in get_args(Verdict) if verdict in verdicts],
            assets=assets(sounding=sounding, explained=explained),
        )
    )
    return text.lstrip() + "\n"


def _page(scene: ReportScene, report: Report, *, anchor: str, media: SceneMedia) -> _Page:
    result = scene.result
    page = _Page(
        scene=scene,
        anchor=f"scene-{anchor}",
        title=clean(result.title) or clean(result.source),
        link=wording.web_address(result.source),
        media=media,
        figures=whole_percents(result.shares),
        elsewhere={s.id: wording.elsewhere(report, result, s.id) for s in result.speakers},
        voices={s.id: clean(wording.speaker_name(s)) for s in result.speakers},
    )
    return _drawn(page, result) if result.status == "ok" else page


def _drawn(page: _Page, result: SceneResult) -> _Page:
    """Return ``page`` with what its figures are drawn from."""
    timeline = draw(result)
    if timeline is None:
        return page
    length_s = timeline.length_s
    return replace(
        page,
        timeline=timeline,
        score=write_score(result, length_s=length_s, peaks=page.media.peaks),
        words=wording.moments(result),
        data=page_data(result, page.media, length_s=length_s),
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = page_templates("voxemo_scan.report")
    environment.globals |= {
        "emotions": EMOTIONS,
        "wording": wording,
        "box": {"width": BOX_WIDTH, "height": BOX_HEIGHT},
    }
    environment.filters |= {
        "clean": clean,
        "clock": clock,
        "data_url": _data_url,
        "interval": lambda result, emotion: _unbroken(wording.interval(result, emotion)),
        "intervals": lambda result: _unbroken(wording.listing_with_intervals(result)),
        "listing": lambda result: _unbroken(wording.listing(result)),
        "pct": lambda fraction: f"{100 * fraction:.2f}%",
        "percent": lambda fraction: _unbroken(percent(fraction)),
        "published": lambda figures: _unbroken(wording.published_listing(figures)),
        "range_note": lambda score: wording.range_note(score.mean_range, len(score.turnings)),
        "sentence": _sentence,
        "setting": _setting,
        "source_range": wording.source_range,
        "speaker": wording.speaker_name,
        "speech_time": lambda result: _unbroken(wording.speech_time(result)),
        "thousandths": lambda fraction: f"{1000 * fraction:.1f}",
        "turning": lambda turn: _unbroken(wording.turning(turn)),
        "unbroken": _unbroken,
        "untold": wording.untold_note,
        "voices": lambda result: _unbroken(wording.voices_listing(result)),
        "when": _when,
    }
    return environment


def _unbroken(text: str) -> str:
    """Keep a figure on one line with its per cent sign and what it is a figure of."""
    return re.sub(r" (?=%|\d+ %)", _NO_BREAK, text)


def _data_url(held: Sound | Picture) -> str:
    return f"data:{held.media_type};base64,{base64.b64encode(held.data).decode()}"


def _sentence(text: str) -> str:
    """Return an error's wording as a sentence."""
    ended = text if text.endswith((".", "!", "?")) else f"{text}."
    return ended[:1].upper() + ended[1:]


def _setting(value: Any) -> str:
    return clean(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _when(created: str) -> str:
    """Return ``21 November 2025, 09:30 UTC``, or what is there if it is no such time."""
    try:
        moment = datetime.fromisoformat(created).astimezone(UTC)
    except ValueError:
        return created
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"
