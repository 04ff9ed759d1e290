"""Whose voice each print is: a hidden Markov model whose states are voices.

Bayesian clustering of a sequence of voiceprints (VBx: Landini, Profant, Diez and Burget 2022).
Voices are drawn from the space's own spread, and one that explains too little to be worth its
place fades, so that the number of voices comes out of the data.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_TINY: Final = 1e-300
_MOST_LINKED: Final = 1500
"""Prints that are clustered pair by pair to begin with; of more, evenly chosen ones."""


@dataclass(frozen=True, slots=True)
class VoiceModelOptions:
    """How prints become voices.

    ``evidence`` is how much a print counts, 0..1, since neighbours overlap and a voice's moods last
    longer than a print; ``caution`` is how strongly voices are held to the space's spread, and so
    how much speech a voice needs to be one of its own. ``stay`` is the probability that the next
    print is of the same voice within a segment, ``stay_after`` after a pause. It begins with
    ``voices`` voices, and one more for every ``prints_a_voice``, ``most_voices`` at most.
    """

    evidence: float = 0.1
    caution: float = 2.0
    stay: float = 0.8
    stay_after: float = 0.7
    voices: int = 8
    prints_a_voice: int = 400
    most_voices: int = 30
    rounds: int = 40

    def first_voices(self, prints: int) -> int:
        """Return how many voices to begin with."""
        return min(self.voices + prints // self.prints_a_voice, self.most_voices, prints)


def voice_posteriors(
    vectors: Floats, *, between: Floats, begins: NDArray[np.bool_], options: VoiceModelOptions
) -> Floats:
    """Return the probability of each voice for each print, [prints, voices]; none lies idle.

    Args:
        vectors: [prints, dims], in order of time; a voice's prints scatter by 1.
        between: [dims], the variance of voices.
        begins: [prints], whether a print is the first of a segment.
        options: how prints become voices.
    """
    found = _begin(vectors, voices=options.first_voices(len(vectors)))
    weights = np.full(found.shape[1], 1.0 / found.shape[1])
    stay = np.where(begins, options.stay_after, options.stay)
    bound = -np.inf
    for _ in range(options.rounds):
        said, divergence = _explain(vectors, found, between=between, options=options)
        found, weights, likelihood = _listen(said, weights=weights, stay=stay)
        before, bound = bound, likelihood + divergence
        if bound - before < 1e-4:
            break
    alive = np.unique(found.argmax(axis=1))
    return np.asarray(found[:, alive] / found[:, alive].sum(axis=1, keepdims=True))


def _begin(vectors: Floats, *, voices: int) -> Floats:
    """Return posteriors to begin with, by Ward's clustering of the prints' directions."""
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415  (a quarter of a second)

    if voices <= 1:
        return np.ones((len(vectors), 1))
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    directions = vectors / lengths
    chosen = directions[:: -(-len(vectors) // _MOST_LINKED)]
    labels = fcluster(linkage(chosen, method="ward"), voices, "maxclust") - 1
    count = int(labels.max()) + 1
    centres = np.stack([chosen[labels == n].mean(axis=0) for n in range(count)])
    nearest = (directions**2).sum(1)[:, None] - 2 * directions @ centres.T + (centres**2).sum(1)
    found = np.full((len(vectors), count), 0.1)
    found[np.arange(len(vectors)), nearest.argmin(axis=1)] += 0.9 * count
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def _explain(
    vectors: Floats, found: Floats, *, between: Floats, options: VoiceModelOptions
) -> tuple[Floats, float]:
    """Return how well each voice explains each print (log), and what the voices cost."""
    ratio = options.evidence / options.caution
    spread = 1.0 / (1.0 + ratio * found.sum(axis=0)[:, None] * between)
    scaled = vectors * np.sqrt(between)
    centres = ratio * spread * (found.T @ scaled)
    lone = -0.5 * (vectors**2).sum(axis=1)
    said = scaled @ centres.T - 0.5 * (spread + centres**2) @ between + lone[:, None]
    cost = 0.5 * options.caution * float((np.log(spread) - spread - centres**2 + 1).sum())
    return options.evidence * said, cost


def _listen(said: Floats, *, weights: Floats, stay: Floats) -> tuple[Floats, Floats, float]:
    """Return posteriors, the voices' weights and the log likelihood (forward and backward).

    The prints are dealt into stretches that are gone through side by side: first for what each
    makes of any beginning, then, all beginnings and endings known, for what is heard in it.
    """
    count, voices = said.shape
    size = math.isqrt(count - 1) + 1
    peaks = said.max(axis=1, keepdims=True)
    chances, stays = np.exp(said - peaks), np.append(0.0, stay[1:])
    filled = -(-count // size) * size - count  # by prints of which nothing is heard
    dealt = np.concatenate([chances, np.ones((filled, voices))]).reshape(-1, size, voices)
    staying = np.concatenate([stays, np.ones(filled)]).reshape(-1, size, 1)

    def onward(came: Floats, chance: Floats, stayed: Floats) -> Floats:
        entered = (1.0 - stayed) * came.sum(axis=-1, keepdims=True) * weights
        return np.asarray(chance * (stayed * came + entered))

    across = np.tile(np.eye(voices), (len(dealt), 1, 1))
    for n in range(size):
        across = onward(across, dealt[:, n, None], staying[:, n, None])
        across /= np.maximum(across.sum(axis=(1, 2), keepdims=True), _TINY)
    came, behind = np.empty((len(dealt), voices)), np.ones((len(dealt), voices))
    came[0] = weights
    for n in range(1, len(dealt)):
        came[n] = _to_one(came[n - 1] @ across[n - 1])
        behind[-n - 1] = _to_one(across[-n] @ behind[-n])
    forward, backward, scales = np.empty_like(dealt), np.empty_like(dealt), np.empty_like(staying)
    for n in range(size):
        came = onward(came, dealt[:, n], staying[:, n])
        scales[:, n] = np.maximum(came.sum(axis=-1, keepdims=True), _TINY)
        forward[:, n] = came = came / scales[:, n]
    for n in reversed(range(size)):
        backward[:, n] = behind
        ahead = dealt[:, n] * behind
        behind = staying[:, n] * ahead + (1.0 - staying[:, n]) * (ahead @ weights)[:, None]
        behind = _to_one(behind)
    there, back = (each.reshape(-1, voices)[:count] for each in (forward, backward))
    found = _to_one(there * back)
    back = back / np.maximum((there * back).sum(axis=1, keepdims=True), _TINY)
    scale = scales.reshape(-1, 1)[:count]
    entered = (1.0 - stays[1:, None]) * weights * chances[1:] * back[1:] / scale[1:]
    renewed = found[0] + entered.sum(axis=0)
    return found, renewed / renewed.sum(), float(np.log(scale).sum() + peaks.sum())


def _to_one(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(rows.sum(axis=-1, keepdims=True), _TINY))
