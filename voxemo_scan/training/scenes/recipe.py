"""What scenes are composed of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.training.film.chain import FilmSound, Range


class SceneRecipe(BaseModel):
    """What a scene is composed of.

    ``clips`` are said by ``voices`` of one corpus, ``row`` clips at a time before another voice
    has its turn. ``concentration`` is of the symmetric Dirichlet distribution that the shares of
    emotions are drawn from: large for balanced scenes, small for one-sided ones, 0 for scenes of a
    single emotion. With ``own_shares`` each voice draws shares of its own. ``pause_s`` lies
    between clips; a fraction ``overlap`` of the changes of voice has none, and the next voice
    starts ``overlap_s`` before the last has ended (half of the shorter clip at most). Voices
    differ in level by ``level_db`` to either side. ``film`` says how the whole scene sounds.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    clips: int = Field(ge=1)
    voices: int = Field(default=2, ge=1)
    row: tuple[int, int] = (1, 3)
    concentration: float = Field(default=1.0, ge=0)
    own_shares: bool = False
    pause_s: Range = (0.3, 2.0)
    overlap: float = Field(default=0.0, ge=0, le=1)
    overlap_s: Range = (0.2, 1.0)
    level_db: float = Field(default=3.0, ge=0)
    film: FilmSound | None = None


def draw_shares(concentration: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return shares of the emotions, [6], from a symmetric Dirichlet; of one emotion if 0."""
    if concentration == 0:
        return np.asarray(np.eye(len(EMOTIONS))[int(rng.integers(len(EMOTIONS)))])
    return rng.dirichlet(np.full(len(EMOTIONS), concentration))
