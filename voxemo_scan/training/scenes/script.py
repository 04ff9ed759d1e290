"""Who says what in a composed scene, and in which order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from voxemo_scan.emotions import EMOTIONS, Emotion
from voxemo_scan.errors import UsageError
from voxemo_scan.training.corpora import Utterance
from voxemo_scan.training.scenes.recipe import SceneRecipe, draw_shares
from voxemo_scan.training.signals import clip_key

Cast = Mapping[str, Sequence[Utterance]]
"""A scene's voices by name, each with all the clips that it may say."""


def speaker_name(utterance: Utterance) -> str:
    """Return what tells a speaker from all others, of other corpora too."""
    return f"{utterance.corpus} {utterance.speaker}"


def draw_cast(utterances: Sequence[Utterance], *, voices: int, rng: np.random.Generator) -> Cast:
    """Return ``voices`` speakers of one corpus, which is drawn by how many speakers it has."""
    pools: dict[str, dict[str, list[Utterance]]] = defaultdict(lambda: defaultdict(list))
    for utterance in sorted(utterances, key=clip_key):
        if utterance.emotion is not None:
            pools[utterance.corpus][speaker_name(utterance)].append(utterance)
    enough = {corpus: pool for corpus, pool in pools.items() if len(pool) >= voices}
    if not enough:
        raise UsageError(
            f"no corpus has {voices} voices to compose a scene of",
            remedy="give the folder that holds whole corpora as --data",
        )
    corpora = sorted(enough)
    sizes = np.array([len(enough[corpus]) for corpus in corpora])
    pool = enough[corpora[int(rng.choice(len(corpora), p=sizes / sizes.sum()))]]
    names = rng.choice(sorted(pool), size=voices, replace=False).tolist()
    return {name: pool[name] for name in names}


def write_script(recipe: SceneRecipe, cast: Cast, rng: np.random.Generator) -> list[Utterance]:
    """Return who says what, in order; no clip is said twice while the voice has others."""
    names = list(cast)
    own = [draw_shares(recipe.concentration, rng) for _ in names]
    shares = dict(zip(names, own if recipe.own_shares else own[:1] * len(own), strict=True))
    fresh = {name: list(rng.permutation(len(clips))) for name, clips in cast.items()}
    script: list[Utterance] = []
    name = ""
    while len(script) < recipe.clips:
        name = str(rng.choice([other for other in names if other != name] or names))
        for _ in range(int(rng.integers(recipe.row[0], recipe.row[1] + 1))):
            emotion = EMOTIONS[int(rng.choice(len(EMOTIONS), p=shares[name]))]
            script.append(_take(cast[name], fresh[name], emotion, rng))
    return script[: recipe.clips]


def _take(
    clips: Sequence[Utterance], fresh: list[int], emotion: Emotion, rng: np.random.Generator
) -> Utterance:
    """Return a clip of ``emotion``, of any if there is none, and take it from the ``fresh``."""
    if not any(clip.emotion == emotion for clip in clips):
        return clips[int(rng.integers(len(clips)))]
    if not any(clips[n].emotion == emotion for n in fresh):
        fresh += [n for n in rng.permutation(len(clips)) if clips[n].emotion == emotion]
    chosen = next(n for n in fresh if clips[n].emotion == emotion)
    fresh.remove(chosen)
    return clips[chosen]
