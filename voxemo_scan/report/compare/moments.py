"""Whether two runs hear the same emotion at the same moments, which equal shares do not say."""

from __future__ import annotations

from voxemo_scan.report.track import lay_flat, strongest
from voxemo_scan.scan.result import SceneResult


def same_moments(old: SceneResult, new: SceneResult) -> float | None:
    """Return the fraction, 0..1, of the time judged by both at which one emotion is strongest in
    both; None where they judged no moment in common.

    Both must be of the same sound.
    """
    first, second = lay_flat(old.windows), lay_flat(new.windows)
    total_s = same_s = 0.0
    at = other = 0
    while at < len(first) and other < len(second):
        one, two = first[at], second[other]
        shared_s = min(one.end_s, two.end_s) - max(one.start_s, two.start_s)
        if shared_s > 0:
            total_s += shared_s
            same_s += shared_s * (strongest(one.probabilities) == strongest(two.probabilities))
        if one.end_s <= two.end_s:
            at += 1
        else:
            other += 1
    return same_s / total_s if total_s > 0 else None
