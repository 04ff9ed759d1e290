"""Two reports with known differences between them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, settings

from tests.report.example import example_report, one_window, scanned
from tests.report.strategies import reports
from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.report.compare.compute import compare
from voxemo_scan.report.compare.document import Comparison
from voxemo_scan.report.document import Report, ReportScene
from voxemo_scan.scan.result import SceneResult

HALF = 0.05


def scene(name="a", *, verdict="not-checked", half=HALF, status="ok", **shares) -> ReportScene:
    """A scene of these shares, the rest neutral, each in the middle of its interval."""
    if status != "ok":
        error = "gone" if status == "failed" else None
        result = SceneResult(name, name.upper(), f"{name}.wav", status, error=error)
        return ReportScene(result, verdict=verdict)
    all_of = dict.fromkeys(EMOTIONS, 0.0) | shares
    all_of["neutral"] = 1.0 - sum(shares.values())
    intervals = {e: (max(s - half, 0.0), min(s + half, 1.0)) for e, s in all_of.items()}
    result = SceneResult(
        name, name.upper(), f"{name}.wav", "ok", shares=all_of, share_ci=intervals,
        dominant=max(EMOTIONS, key=all_of.__getitem__),
    )  # fmt: skip
    return ReportScene(result, verdict=verdict)


def report(*scenes: ReportScene, **changes) -> Report:
    return replace(example_report(), scenes=scenes, **changes)


def compared(old: Report, new: Report) -> Comparison:
    return compare(old, new, old_path="old", new_path="new")


def between(old: ReportScene, new: ReportScene) -> Comparison:
    return compared(report(old), report(new))


def lively_pair() -> tuple[Report, Report]:
    """A pair in which everything that can happen to a scene happens."""
    old = example_report()
    angry, sad, elf, word, pulp, hush = old.scenes
    heard = scanned(
        "a-few-good-men", "A Few Good Men", duration_s=111,
        leaning={"angry": 0.6, "disgust": 0.2, "sad": 0.1},
    )  # fmt: skip
    other = scanned(
        "steel-magnolias", sad.result.title, duration_s=184, seed=3,
        leaning={"happy": 0.7, "angry": 0.2},
    )  # fmt: skip
    silent = replace(word.result, status="no-speech", shares={}, share_ci={}, windows=())
    damaged = scene("elf", status="failed", verdict="no-result").result
    mended = replace(one_window(), id=pulp.result.id, title="Pulp Fiction")
    new = replace(
        old,
        version="0.2.0",
        model=ModelInfo("classic pair", "2", {"six.safetensors": "cd" * 32}),
        parameters={"window_s": 2.24, "hop_s": 1.12, "voices": {"tell": True}},
        scenes=(
            replace(angry, result=heard, verdict="failed"),
            replace(sad, result=other),
            replace(elf, result=damaged, verdict="no-result"),
            replace(word, result=silent),
            ReportScene(mended, verdict="passed"),
            ReportScene(scanned("new", "New", leaning={"fear": 0.5}, duration_s=40)),
        ),
    )
    assert hush.result.id not in {s.result.id for s in new.scenes}
    return old, new


def _with_ids(drawn: Report) -> Report:
    scenes = drawn.scenes or (scene(),)
    named = (replace(s, result=replace(s.result, id=f"s{n}")) for n, s in enumerate(scenes))
    return replace(drawn, scenes=tuple(named))


numbered = reports.map(_with_ids)
"""Reports of every legal shape with at least one scene, each scene with an id of its own."""

patient = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
"""Two whole reports take a while to draw."""
