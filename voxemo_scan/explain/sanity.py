"""Does the marked part matter? Masks it, and as much elsewhere, and asks the whole model again.

``python -m voxemo_scan.explain.sanity --data DATA`` takes windows of recordings under DATA (every
one has its turn before any has a second), explains each, sinks the marked part of the *sound* into
the background, has the whole ensemble hear that at all its speeds, and does the same with parts of
the same size elsewhere in the window. That the explanation was computed from the picture at one
speed and is tested on sound at all of them keeps the test from confirming itself. (Masking to see
whether what an explanation names matters: Samek et al. 2017.)
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.audio.decode import SAMPLING_RATE, decode
from voxemo_scan.audio.recording import Recording
from voxemo_scan.errors import AudioError, UsageError
from voxemo_scan.explain.grid import CELL_BANDS, CELL_S, FRAME_S, Grid, make_grid
from voxemo_scan.explain.hearing import Hearing, odds, verdict
from voxemo_scan.explain.marked import MOST, Box, best_box, elsewhere
from voxemo_scan.explain.mask import without_part
from voxemo_scan.explain.moment import speech_gain
from voxemo_scan.explain.stretch import Stretch, stretch_at
from voxemo_scan.explain.weigh import STEPS, Baseline, by_gradients, by_occlusion, to_one
from voxemo_scan.scan.options import ScanOptions
from voxemo_scan.speech.detector import SpeechDetector
from voxemo_scan.speech.segments import Segment, find_segments

if TYPE_CHECKING:
    from voxemo_scan.models.ensemble import Ensemble
    from voxemo_scan.models.passage import Passage

ENDINGS: Final = (".wav", ".opus", ".ogg", ".flac", ".mp3", ".m4a", ".mp4", ".webm")
ELSEWHERE: Final = 8
"""Parts of the same size that are masked elsewhere, at most."""


@dataclass(frozen=True, slots=True)
class Method:
    """How cells are weighed: see ``weigh``, ``grid`` and ``marked``."""

    name: str = "occlusion"
    baseline: Baseline = "background"
    steps: int = STEPS
    cell_s: float = CELL_S
    cell_bands: int = CELL_BANDS
    most: float = MOST

    def weigh(self, hearing: Hearing, grid: Grid, *, emotion: int) -> NDArray[np.float64]:
        """Return the weights of cells, [times, bands]."""
        if self.name == "gradients":
            return by_gradients(
                hearing, grid, emotion=emotion, kind=self.baseline, steps=self.steps
            )
        return by_occlusion(hearing, grid, emotion=emotion, kind=self.baseline)


@dataclass(frozen=True, slots=True)
class Trial:
    """By how much the verdict's probability (and its log odds) fall without a part.

    ``marked`` without the marked part, ``elsewhere`` without each part of its size elsewhere;
    ``loudest`` without the loudest of these.
    """

    marked: float
    elsewhere: tuple[float, ...]
    loudest: float
    marked_odds: float
    elsewhere_odds: float

    @property
    def beaten(self) -> float:
        """Return the fraction of parts elsewhere that matter less, 0..1."""
        return float(np.mean([each < self.marked for each in self.elsewhere]))


def try_out(
    stretch: Stretch, ensemble: Ensemble, *, method: Method | None = None, seed: int = 0
) -> Trial | None:
    """Return what masking does to a window's verdict; None where there is no elsewhere."""
    method = method or Method()
    before = verdict(ensemble, stretch)
    emotion = int(before.argmax())
    hearing = Hearing(ensemble, stretch)
    grid = make_grid(*hearing.heard_frames, cell_s=method.cell_s, cell_bands=method.cell_bands)
    weights = to_one(method.weigh(hearing, grid, emotion=emotion))
    box = best_box(weights, most=method.most)
    others = elsewhere(box, shape=grid.shape)
    if not others:
        return None
    loudness = grid.sums(10.0 ** (4.0 * hearing.picture.double().numpy()))
    loudest = max(others, key=lambda other: _inside(loudness, other))
    random.Random(seed).shuffle(others)
    chosen = [box, loudest, *others[:ELSEWHERE]]
    without = ensemble.judge([_masked(stretch, grid, each) for each in chosen])
    after = without.probabilities[[int(n) for n in range(len(chosen))], emotion]
    falls = float(before[emotion]) - after
    odds_falls = odds(float(before[emotion])) - np.array([odds(float(p)) for p in after])
    return Trial(
        marked=float(falls[0]),
        loudest=float(falls[1]),
        elsewhere=tuple(falls[2:].tolist()),
        marked_odds=float(odds_falls[0]),
        elsewhere_odds=float(odds_falls[2:].mean()),
    )


def stretches(
    files: Sequence[Path], ensemble: Ensemble, *, count: int, seed: int = 0
) -> Iterator[Stretch]:
    """Yield windows of recordings, one of each before a second of any; what is none is left."""
    order = list(files)
    random.Random(seed).shuffle(order)
    rng = random.Random(seed)
    left = count
    while left > 0 and order:
        for path in tuple(order):
            if left == 0:
                return
            try:
                yield _any_window(path, ensemble, rng=rng)
            except (AudioError, UsageError):
                order.remove(path)
                continue
            left -= 1


def _any_window(path: Path, ensemble: Ensemble, *, rng: random.Random) -> Stretch:
    options, detector = ScanOptions(), SpeechDetector()
    with Recording() as recording:
        for block in decode(path):
            recording.append(block)
            detector.feed(block)
        segments = find_segments(detector.finish(), duration_s=recording.duration_s)
        return stretch_at(
            _any_time(segments, rng=rng),
            recording,
            segments,
            window_s=ensemble.window_s,
            overlap=options.window_overlap,
            gain=speech_gain(recording, segments, ensemble=ensemble),
        )


def _any_time(segments: Sequence[Segment], *, rng: random.Random) -> float:
    """Return a time, seconds, at which somebody speaks; 0 if nobody does."""
    left_s = rng.random() * sum(each.duration_s for each in segments)
    for segment in segments:
        if left_s <= segment.duration_s:
            return segment.start_s + left_s
        left_s -= segment.duration_s
    return 0.0


def _masked(stretch: Stretch, grid: Grid, box: Box) -> Passage:
    edges_hz = grid.edges_hz()
    frame = round(FRAME_S * SAMPLING_RATE)
    signal = without_part(
        stretch.signal,
        start=grid.frames[box.first_time] * frame,
        end=grid.frames[box.last_time] * frame,
        low_hz=edges_hz[box.first_band],
        high_hz=edges_hz[box.last_band],
        sampling_rate=SAMPLING_RATE,
    )
    return replace(stretch.passage, signal=signal)


def _inside(values: NDArray[np.float64], box: Box) -> float:
    return float(values[box.first_time : box.last_time, box.first_band : box.last_band].sum())


def summary(trials: Sequence[Trial]) -> str:
    """Return what trials come to, in words and figures."""
    marked = np.array([t.marked for t in trials])
    mean = np.array([np.mean(t.elsewhere) for t in trials])
    loudest = np.array([t.loudest for t in trials])
    beaten = np.mean([t.beaten for t in trials])
    odds_marked = np.mean([t.marked_odds for t in trials])
    odds_else = np.mean([t.elsewhere_odds for t in trials])
    return (
        f"{len(trials)} windows: masking the marked part lowers the verdict more than as much "
        f"elsewhere does on average in {np.mean(marked > mean):.0%}, more than the loudest as "
        f"large part elsewhere in {np.mean(marked > loudest):.0%}; it matters more than "
        f"{beaten:.0%} of parts elsewhere. The probability falls by {marked.mean():.3f} "
        f"(elsewhere {mean.mean():.3f}, the loudest {loudest.mean():.3f}), the log odds by "
        f"{odds_marked:.2f} (elsewhere {odds_else:.2f})."
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a folder of recordings")
    parser.add_argument("--windows", type=int, default=48)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--method", choices=["gradients", "occlusion"], default="occlusion")
    parser.add_argument("--baseline", choices=["background", "mean", "floor"], default="background")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--cell-s", type=float, default=CELL_S)
    parser.add_argument("--cell-bands", type=int, default=CELL_BANDS)
    parser.add_argument("--most", type=float, default=MOST)
    asked = parser.parse_args()
    from voxemo_scan.workflow import load_ensemble  # noqa: PLC0415  (a room above this one)

    ensemble = load_ensemble()
    method = Method(
        asked.method, asked.baseline, asked.steps, asked.cell_s, asked.cell_bands, asked.most
    )
    files = sorted(p for p in asked.data.rglob("*") if p.suffix.lower() in ENDINGS)
    run = partial(try_out, ensemble=ensemble, method=method, seed=asked.seed)
    found = map(run, stretches(files, ensemble, count=asked.windows, seed=asked.seed))
    trials = [trial for trial in found if trial is not None]
    print(method)  # noqa: T201
    print(summary(trials) if trials else "there is no speech to try it on")  # noqa: T201


if __name__ == "__main__":
    main()
