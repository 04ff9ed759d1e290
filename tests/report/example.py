"""A report as a scan would make it, from seeded scenes with known leanings.

``python -m tests.report.example FOLDER`` writes it, to look at.
"""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from pathlib import Path

from voxemo_scan.check.verdict import CheckResult
from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.models.identity import ModelInfo
from voxemo_scan.report.document import Report, ReportScene
from voxemo_scan.scan.result import SceneResult, Speaker, Turn, WindowResult

HOSTILE = '<script>alert(1)</script> | [x](javascript:alert(1)) `a` *b* \x1b[31m\u202e & "c"'


def distribution(rng: random.Random, leaning: dict[Emotion, float]) -> tuple[float, ...]:
    raw = [rng.gammavariate(0.4 + 6 * leaning.get(emotion, 0.03), 1.0) for emotion in EMOTIONS]
    return tuple(value / sum(raw) for value in raw)


def segments(rng: random.Random, duration_s: float) -> tuple[tuple[float, float], ...]:
    found, at = [], rng.uniform(0.5, 3.0)
    while at < duration_s - 1:
        end = min(at + rng.uniform(1.5, 14.0), duration_s)
        found.append((round(at, 3), round(end, 3)))
        at = end + rng.uniform(0.4, 6.0)
    return tuple(found)


def windows(
    rng: random.Random, found: tuple[tuple[float, float], ...], leaning: dict[Emotion, float]
) -> tuple[WindowResult, ...]:
    heard = []
    for start, end in found:
        if end - start < 2.24:
            continue
        at = start
        while at + 2.24 <= end:
            female = rng.betavariate(2, 5)
            window = WindowResult(at, round(at + 2.24, 3), distribution(rng, leaning), female)
            heard.append(window)
            at = round(at + 1.12, 3)
    return tuple(heard)


def scanned(
    name: str, title: str, *, leaning: dict[Emotion, float], duration_s: float, seed: int = 1
) -> SceneResult:
    rng = random.Random(seed)
    found = segments(rng, duration_s)
    heard = windows(rng, found, leaning)
    shares = {
        emotion: sum(window.probabilities[index] for window in heard) / len(heard)
        for index, emotion in enumerate(EMOTIONS)
    }
    spread = 0.9 / len(heard) ** 0.5
    female = sum(window.female for window in heard) / len(heard)
    return SceneResult(
        id=name,
        title=title,
        source="https://example.org/watch?v=abc&t=39",
        status="ok",
        range_start_s=39.0,
        range_end_s=39.0 + duration_s,
        duration_s=duration_s,
        speech_s=sum(end - start for start, end in found),
        abstained_s=sum(end - start for start, end in found if end - start < 2.24),
        shares=shares,
        share_ci={
            emotion: (max(share - spread * share**0.5, 0.0), min(share + spread * share**0.5, 1.0))
            for emotion, share in shares.items()
        },
        mean_shares=shares,
        dominant=max(shares, key=shares.__getitem__),
        voices={"female": female, "male": 1 - female},
        segments=found,
        windows=heard,
    )


def with_voices(result: SceneResult, *, film: str, voices: str = "ABC") -> SceneResult:
    """Return ``result`` with voices that take turns, a segment each, the first ones oftener."""
    order = [voices[min(n % 5, len(voices) - 1)] for n in range(len(result.segments))]
    turns = tuple(Turn(*span, voice) for span, voice in zip(result.segments, order, strict=True))
    seconds = {v: sum(t.end_s - t.start_s for t in turns if t.voice == v) for v in voices}
    speakers = [
        Speaker(
            voice,
            ("female", "male", None)[n % 3],
            (0.97, 0.04, 0.5)[n % 3],
            seconds[voice],
            {e: result.shares[EMOTIONS[(m + n) % 6]] for m, e in enumerate(EMOTIONS)},
            0.9,
        )
        for n, voice in enumerate(voices)
    ]
    heard = tuple(
        replace(w, voice=next((t.voice for t in turns if t.start_s <= w.start_s < t.end_s), None))
        for w in result.windows
    )
    ranked = tuple(sorted(speakers, key=lambda speaker: -speaker.speech_s))
    return replace(result, film=film, turns=turns, speakers=ranked, windows=heard)


def one_window() -> SceneResult:
    probabilities = (0.05, 0.8, 0.05, 0.04, 0.03, 0.03)
    shares = dict(zip(EMOTIONS, probabilities, strict=True))
    return SceneResult(
        id="one-word",
        title="One line only",
        source="clips/one-word.wav",
        status="ok",
        duration_s=3.1,
        speech_s=2.24,
        shares=shares,
        share_ci={emotion: (share, share) for emotion, share in shares.items()},
        mean_shares=shares,
        dominant="happy",
        voices={"female": 0.97, "male": 0.03},
        segments=((0.4, 2.64),),
        windows=(WindowResult(0.4, 2.64, probabilities, 0.97),),
    )


def example_report() -> Report:
    return Report(
        manifest_name="Famous scenes",
        manifest_path="manifests/famous-scenes.yaml",
        created="2025-11-21T09:30:00Z",
        version="0.1.0",
        model=ModelInfo("classic pair", "1", {"six.safetensors": "ab" * 32}),
        parameters={"window_s": 2.24, "hop_s": 1.12, "seed": 0},
        scenes=tuple(_scenes()),
    )


def _scenes() -> list[ReportScene]:
    good = scanned(
        "a-few-good-men",
        "A Few Good Men",
        leaning={"angry": 0.5, "disgust": 0.3, "sad": 0.12},
        duration_s=111,
    )
    happy = scanned(
        "elf", "Elf", leaning={"sad": 0.5, "fear": 0.3, "happy": 0.1}, duration_s=64, seed=2
    )
    tender = scanned(
        "steel-magnolias",
        "Steel Magnolias: I'm fine, I can jog all the way to Texas",
        leaning={"sad": 0.7, "angry": 0.2},
        duration_s=184,
        seed=3,
    )
    return [
        ReportScene(
            good,
            (
                CheckResult(
                    "dominant", True, "angry or disgust (tolerance 5 %)", "angry 45.1 %", 8
                ),
                CheckResult("at_least angry", True, "at least 30 % (tolerance 5 %)", "45.1 %", 9),
            ),
            "passed",
            {"angry": 0.47, "disgust": 0.36, "sad": 0.10},
        ),
        ReportScene(
            tender,
            (
                CheckResult("dominant", True, "sad", "sad 61.3 %", 17),
                CheckResult("at_most angry", False, "at most 10 %", "22.7 %", 18),
            ),
            "failed",
            {"sad": 0.80, "fear": 0.10},
        ),
        ReportScene(
            happy,
            (CheckResult("dominant", False, "happy or neutral", "sad 52 %, happy 12 %", 27),),
            "known-failure",
            {"sad": 0.51, "fear": 0.33},
            "The clip's laughter is taken for sobbing.",
        ),
        ReportScene(one_window(), verdict="not-checked"),
        ReportScene(
            SceneResult(
                id="pulp-fiction",
                title="Pulp Fiction",
                source="https://youtu.be/qo5jnBJvGUs?t=26",
                status="failed",
                error="the address answered 404 Not Found",
                remedy="check the address in a browser, or put a file in its place",
            ),
            verdict="no-result",
            published={"angry": 1.0},
        ),
        ReportScene(
            SceneResult(
                id="hush",
                title=HOSTILE,
                source="javascript:alert(1)",
                status="no-speech",
                duration_s=42.0,
            ),
            verdict="not-checked",
        ),
    ]


if __name__ == "__main__":
    from voxemo_scan.report.write import write_report

    for path in write_report(example_report(), folder=Path(sys.argv[1])).values():
        sys.stdout.write(f"{path}\n")
