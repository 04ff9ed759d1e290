"""The recipe of a classic machine-learning model."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["forest", "neighbours", "logistic", "mlp", "lstm"]


class ZooRecipe(BaseModel):
    """What to fit on summary vectors (the LSTM: on frames).

    ``grid`` lists values to try for parameters of scikit-learn's estimator, chosen by folds of
    training speakers; ``keep`` is how many features stay after pruning by importance;
    ``per_gender`` fits one model for women and one for men, and another that tells which.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    name: str
    labels: Literal[6, 7, 8] = 6
    standardise: bool = True
    per_gender: bool = False
    keep: int | None = Field(default=None, ge=1)
    grid: dict[str, tuple[int | float | str, ...]] = {}
    epochs: int = Field(default=12, ge=1)
    hidden: int = Field(default=128, ge=1)
