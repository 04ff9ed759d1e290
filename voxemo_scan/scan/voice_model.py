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
_MOST_LINKED: Final = 800
"""Pieces that are joined pair by pair to begin with; of more, evenly chosen ones."""


@dataclass(frozen=True, slots=True)
class VoiceModelOptions:
    """How prints become voices.

    ``evidence`` is how much a print counts, 0..1, since neighbours overlap and a voice's moods last
    longer than a print; ``caution`` is how strongly voices are held to the space's spread, and so
    how much speech a voice needs to be one of its own. It is as many times larger as a clip has
    more prints than ``usual_prints``, up to ``most_cautious`` times: the longer a voice speaks, the
    more of its moods come together that could be taken for a voice. ``stay`` is the probability
    that the next print is of the same voice within a segment, ``stay_after`` after a pause.

    It begins with voices, ``most_voices`` at most, joined from pieces of segments of
    ``piece_prints`` prints at most. Of a print's scatter a piece shares the part ``piece_shared``;
    ``piece_evidence`` is how much a piece counts, 0..1.
    """

    evidence: float = 0.2
    caution: float = 4.0
    usual_prints: int = 150
    most_cautious: float = 3.0
    stay: float = 0.8
    stay_after: float = 0.7
    piece_prints: int = 8
    piece_shared: float = 0.7
    piece_evidence: float = 0.4
    most_voices: int = 30
    rounds: int = 40

    def cautious(self, prints: int) -> float:
        """Return the caution in a clip of so many prints."""
        longer = prints / self.usual_prints
        return self.caution * min(max(1.0, longer), self.most_cautious)


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
    found = _begin(vectors, between=between, begins=begins, options=options)
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


def _begin(
    vectors: Floats, *, between: Floats, begins: NDArray[np.bool_], options: VoiceModelOptions
) -> Floats:
    """Return posteriors to begin with: of the voice that each print's piece was joined to."""
    owners = _pieces(begins, most=options.piece_prints)
    counts = np.bincount(owners)
    own = 1.0 - options.piece_shared
    precisions = options.piece_evidence / (options.piece_shared + own / counts)
    means = np.zeros((len(counts), vectors.shape[1]))
    np.add.at(means, owners, vectors)
    sums = precisions[:, None] * means / counts[:, None]
    labels = _joined(precisions, sums, between=between, most=options.most_voices)[owners]
    count = int(labels.max()) + 1
    found = np.full((len(vectors), count), 0.1)
    found[np.arange(len(vectors)), labels] += 0.9 * count
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def _pieces(begins: NDArray[np.bool_], *, most: int) -> NDArray[np.int64]:
    """Return each print's piece: part of a segment, of about as many prints as its others."""
    starts = np.flatnonzero(begins)
    lengths = np.diff(starts, append=len(begins))
    parts = -(-lengths // most)
    within = np.arange(len(begins)) - np.repeat(starts, lengths)
    of_segment = within * np.repeat(parts, lengths) // np.repeat(lengths, lengths)
    return np.asarray(of_segment + np.repeat(np.cumsum(parts) - parts, lengths), dtype=np.int64)


def _joined(precisions: Floats, sums: Floats, *, between: Floats, most: int) -> NDArray[np.int64]:
    """Return the voice of each piece: pairs are joined as long as that is the likelier.

    Two voices drawn from the space's spread are weighed against one that spoke both; the pair is
    joined that gains most (after Heller and Ghahramani 2005, but for their prior on partitions).

    Args:
        precisions: [pieces], how sure each piece is of its voice, voices' prints scattering by 1.
        sums: [pieces, dims], the pieces' means by their precisions.
        between: [dims], the variance of voices.
        most: how many voices there may be at most.
    """
    chosen = np.arange(0, len(precisions), -(-len(precisions) // _MOST_LINKED))
    weights, totals = precisions[chosen], sums[chosen]
    alone = _evidence(weights, totals, between)
    labels = np.arange(len(chosen))
    alive = np.ones(len(chosen), dtype=np.bool_)

    def gains(one: int) -> Floats:
        together = _evidence(weights + weights[one], totals + totals[one], between)
        gained = np.where(alive, together - alone - alone[one], -np.inf)
        gained[one] = -np.inf
        return np.asarray(gained)

    gained = np.stack([gains(one) for one in range(len(chosen))])
    while alive.sum() > 1:
        one, other = divmod(int(gained.argmax()), len(chosen))
        if gained[one, other] < 0 and alive.sum() <= most:
            break
        weights[one] += weights[other]
        totals[one] += totals[other]
        alone[one] = _evidence(weights[one], totals[one], between)
        labels[labels == other] = one
        alive[other] = False
        gained[other] = gained[:, other] = -np.inf
        gained[one] = gained[:, one] = gains(one)
    voices = np.flatnonzero(alive)
    found = np.empty(len(precisions), dtype=np.int64)
    found[chosen] = np.searchsorted(voices, labels)
    for piece in np.setdiff1d(np.arange(len(precisions)), chosen):
        weight, total = weights[voices] + precisions[piece], totals[voices] + sums[piece]
        found[piece] = int((_evidence(weight, total, between) - alone[voices]).argmax())
    return found


def _evidence(weights: Floats, totals: Floats, between: Floats) -> Floats:
    """Return the log evidence of pieces being one voice's, less what does not depend on voices."""
    scale = 1.0 + np.multiply.outer(weights, between)
    return np.asarray(0.5 * (between * totals**2 / scale - np.log(scale)).sum(axis=-1))


def _explain(
    vectors: Floats, found: Floats, *, between: Floats, options: VoiceModelOptions
) -> tuple[Floats, float]:
    """Return how well each voice explains each print (log), and what the voices cost."""
    caution = options.cautious(len(vectors))
    ratio = options.evidence / caution
    spread = 1.0 / (1.0 + ratio * found.sum(axis=0)[:, None] * between)
    scaled = vectors * np.sqrt(between)
    centres = ratio * spread * (found.T @ scaled)
    lone = -0.5 * (vectors**2).sum(axis=1)
    said = scaled @ centres.T - 0.5 * (spread + centres**2) @ between + lone[:, None]
    cost = 0.5 * caution * float((np.log(spread) - spread - centres**2 + 1).sum())
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
