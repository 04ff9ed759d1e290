"""Manifests of every kind, for the laws that hold for all of them."""

from pathlib import Path

from hypothesis import strategies as st

from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.manifest.model import Expectation, Manifest, Scene
from voxemo_scan.manifest.names import ID_PATTERN, RESERVED

ids = st.from_regex(ID_PATTERN, fullmatch=True).filter(
    lambda text: text not in RESERVED and text.isascii() and not text.endswith("\n")
)
lines = (
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
paths = lines.map("./".__add__) | st.sampled_from(["a.wav", "../映画 1.mkv", "# x.wav", "-", "~"])
addresses = st.sampled_from(["https://youtu.be/9FnO3igOkOk", "http://[::1]:80/a?b=c#d"])
milliseconds = st.integers(0, 359_999_998)
emotions = st.sampled_from(EMOTIONS)


@st.composite
def shares(draw: st.DrawFn, *, most: float = 1.0) -> dict[Emotion, float]:
    chosen = draw(st.lists(emotions, unique=True, max_size=6))
    limit = most / max(len(chosen), 1)
    return {emotion: draw(st.floats(0, limit)) for emotion in chosen}


@st.composite
def expectations(draw: st.DrawFn) -> Expectation:
    dominant = tuple(draw(st.lists(emotions, unique=True, min_size=1, max_size=3)))
    at_least = draw(shares())
    at_most = {emotion: draw(st.floats(share, 1)) for emotion, share in at_least.items()}
    if len(at_most) == len(EMOTIONS):
        at_most = {}
    tolerance = draw(st.floats(0, 1))
    return Expectation(dominant=dominant, at_least=at_least, at_most=at_most, tolerance=tolerance)


@st.composite
def scenes(draw: st.DrawFn, *, scene_id: str) -> Scene:
    start = draw(st.none() | milliseconds)
    end = draw(st.none() | st.integers((start or 0) + 1, 359_999_999))
    expect = draw(st.none() | expectations())
    return Scene(
        id=scene_id,
        title=draw(lines),
        source=draw(paths | addresses),
        film=draw(st.none() | ids),
        start_s=None if start is None else start / 1000,
        end_s=None if end is None else end / 1000,
        expect=expect,
        published=draw(shares()),
        known_failure=draw(st.none() | lines) if expect else None,
    )


@st.composite
def manifests(draw: st.DrawFn) -> Manifest:
    chosen = draw(st.lists(ids, unique=True, min_size=1, max_size=3))
    return Manifest(
        name=draw(lines),
        path=Path("m.yaml"),
        scenes=tuple(draw(scenes(scene_id=scene_id)) for scene_id in chosen),
    )
