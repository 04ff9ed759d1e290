"""Reports of every legal shape, for laws that hold of all of them."""

from __future__ import annotations

from typing import get_args

from hypothesis import strategies as st

from voxemo_scan.check.verdict import CheckResult, Verdict
from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.report.document import Report, ReportScene
from voxemo_scan.scan.result import SceneResult, Speaker, Turn, WindowResult

fractions = st.floats(0, 1)
seconds = st.floats(0, 20_000)
# Lone surrogates too: they are what undecodable bytes of a file name become.
texts = st.text(st.characters(exclude_categories=()), max_size=20)
spans = st.tuples(seconds, seconds).map(lambda pair: (min(pair), max(pair)))


@st.composite
def distributions(draw):
    weights = draw(st.lists(st.floats(1e-3, 1), min_size=6, max_size=6))
    return tuple(weight / sum(weights) for weight in weights)


@st.composite
def windows(draw):
    start, end = draw(spans)
    voice = draw(st.none() | st.sampled_from("ABC"))
    return WindowResult(start, end, draw(distributions()), draw(fractions), voice)


@st.composite
def speakers(draw):
    return tuple(
        Speaker(
            id=letter,
            gender=draw(st.sampled_from(["female", "male", None])),
            female=draw(fractions),
            speech_s=draw(seconds),
            shares=dict(zip(EMOTIONS, draw(distributions()), strict=True)),
            confidence=draw(fractions),
        )
        for letter in "ABC"
    )


turns = st.builds(lambda span, voice: Turn(*span, voice), spans, st.sampled_from("ABC"))


@st.composite
def results(draw):
    status = draw(st.sampled_from(["ok", "no-speech", "failed"]))
    heard = {}
    if status == "ok":
        interval = st.tuples(fractions, fractions).map(sorted).map(tuple)
        heard = {
            "shares": dict(zip(EMOTIONS, draw(distributions()), strict=True)),
            "share_ci": draw(st.dictionaries(st.sampled_from(EMOTIONS), interval)),
            "mean_shares": draw(
                st.just({}) | distributions().map(lambda d: dict(zip(EMOTIONS, d, strict=True)))
            ),
            "dominant": draw(st.none() | st.sampled_from(EMOTIONS)),
            "voices": draw(st.dictionaries(st.sampled_from(["female", "male"]), fractions)),
            "segments": tuple(draw(st.lists(spans, max_size=3))),
            "windows": tuple(draw(st.lists(windows(), max_size=3))),
            "untold": draw(st.none() | texts),
        }
    if status == "ok" and draw(st.booleans()):
        heard |= {
            "speakers": draw(speakers()),
            "turns": tuple(draw(st.lists(turns, max_size=3))),
        }
    return SceneResult(
        id=draw(texts),
        title=draw(texts),
        source=draw(texts),
        status=status,
        film=draw(st.none() | texts),
        range_start_s=draw(seconds),
        range_end_s=draw(st.none() | seconds),
        duration_s=draw(seconds),
        speech_s=draw(seconds),
        abstained_s=draw(seconds),
        error=draw(texts) if status == "failed" else None,
        remedy=draw(st.none() | texts),
        **heard,
    )


checks = st.builds(
    CheckResult,
    rule=st.sampled_from(["dominant", "at_least angry", "at_most happy"]),
    passed=st.booleans(),
    expected=texts,
    found=texts,
    line=st.integers(0, 10_000),
)
scenes = st.builds(
    ReportScene,
    result=results(),
    checks=st.lists(checks, max_size=3).map(tuple),
    verdict=st.sampled_from(get_args(Verdict)),
    published=st.dictionaries(st.sampled_from(EMOTIONS), fractions),
    known_failure=st.none() | texts,
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
reports = st.builds(
    Report,
    manifest_name=texts,
    manifest_path=texts,
    created=st.datetimes().map(lambda moment: f"{moment.isoformat()}Z"),
    version=texts,
    model=st.builds(
        ModelInfo,
        name=texts,
        version=texts,
        sha256=st.dictionaries(texts, st.binary(min_size=32, max_size=32).map(bytes.hex)),
    ),
    parameters=st.dictionaries(texts, values, max_size=3),
    scenes=st.lists(scenes, max_size=4).map(tuple),
)
