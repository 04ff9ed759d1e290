"""scikit-learn's estimators as recipes ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import SelectFromModel
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from voxemo_scan.training.zoo.recipe import ZooRecipe

_FOLDS = 3
_NEIGHBOURS = 15


def fit_estimator(
    recipe: ZooRecipe,
    summaries: NDArray[np.float32],
    targets: NDArray[np.int64],
    *,
    speakers: Sequence[str],
    seed: int,
) -> Pipeline:
    """Return the recipe's pipeline fitted on training clips alone.

    Args:
        recipe: which one, and the values to try.
        summaries: [clips, features].
        targets: [clips].
        speakers: of each clip; in the search a speaker is on one side only.
        seed: of everything random.
    """
    pipeline = Pipeline(_steps(recipe, seed=seed))
    if recipe.kind == "neighbours":
        pipeline.set_params(model__n_neighbors=min(_NEIGHBOURS, len(targets)))
    groups = len(set(speakers))
    if not recipe.grid or groups < 2:
        return pipeline.fit(summaries, targets)
    search = GridSearchCV(
        pipeline,
        {f"model__{n}": _possible(n, values, len(targets)) for n, values in recipe.grid.items()},
        cv=GroupKFold(min(_FOLDS, groups)),
        scoring="balanced_accuracy",
        error_score="raise",
    )
    search.fit(summaries, targets, groups=np.asarray(speakers))
    best: Pipeline = search.best_estimator_
    return best


def _possible(
    name: str, values: Sequence[int | float | str], clips: int
) -> list[int | float | str]:
    """Return the values that make sense for so few clips: no more neighbours than half of them."""
    if name != "n_neighbors":
        return list(values)
    return [value for value in values if int(value) <= clips // 2] or [1]


def _steps(recipe: ZooRecipe, *, seed: int) -> list[tuple[str, Any]]:
    steps: list[tuple[str, Any]] = []
    if recipe.standardise:
        steps.append(("scale", StandardScaler()))
    if recipe.keep is not None:
        judge = RandomForestClassifier(n_estimators=100, random_state=seed)
        steps.append(("prune", SelectFromModel(judge, max_features=recipe.keep, threshold=-np.inf)))
    return [*steps, ("model", _model(recipe, seed=seed))]


def _model(recipe: ZooRecipe, *, seed: int) -> Any:
    if recipe.kind == "forest":
        return RandomForestClassifier(
            n_estimators=300, min_samples_leaf=2, class_weight="balanced", random_state=seed
        )
    if recipe.kind == "neighbours":
        return KNeighborsClassifier(n_neighbors=_NEIGHBOURS, weights="distance")
    if recipe.kind == "logistic":
        return LogisticRegression(C=0.05, max_iter=1000, class_weight="balanced")
    return MLPClassifier(
        hidden_layer_sizes=(recipe.hidden,), alpha=1.0, max_iter=80, early_stopping=False,
        random_state=seed,
    )  # fmt: skip
