"""Fitted classic models as judges of clips, and their files.

scikit-learn's estimators are kept by skops, which reads no code: only types on its list, and those
named here, are made again. The LSTM is kept as safetensors.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import skops.io
import torch
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from safetensors.torch import load, save

from voxemo_scan.atomic import write_atomic
from voxemo_scan.digest import file_sha256
from voxemo_scan.errors import MissingError
from voxemo_scan.features.summary import frames, summary
from voxemo_scan.models.judgement import Judgement
from voxemo_scan.training.judge import Clip
from voxemo_scan.training.labels import LabelSet, label_set
from voxemo_scan.training.zoo.lstm import FrameLstm
from voxemo_scan.training.zoo.recipe import ZooRecipe

_TRUSTED: Final = (
    "sklearn.tree._tree.Tree",
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
)


class ZooDescription(BaseModel):
    """What a file says of its model."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    recipe: ZooRecipe
    protocol: str
    fold: int
    seed: int


@dataclass(frozen=True)
class ZooModel:
    """A fitted model: estimators by what they are for, or an LSTM.

    The keys are ``all``, or ``gender``, ``female`` and ``male``.
    """

    description: ZooDescription
    estimators: dict[str, Any]
    lstm: FrameLstm | None = None
    sha256: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What reports call it."""
        return self.description.recipe.name

    @property
    def labels(self) -> LabelSet:
        """The labels that it tells apart."""
        return label_set(self.description.recipe.labels)

    @property
    def parameters(self) -> int:
        """How many fitted numbers it holds: weights, a forest's nodes, or kept clips' features."""
        if self.lstm is not None:
            return sum(p.numel() for p in self.lstm.parameters())
        return sum(_size(pipeline["model"]) for pipeline in self.estimators.values())

    def judge(self, clips: Sequence[Clip]) -> Judgement:
        """Return what is heard in clips' speech."""
        if self.lstm is not None:
            return self._judge_frames(clips)
        return self.judge_summaries(np.stack([summary(clip.speech) for clip in clips]))

    def judge_summaries(self, summaries: NDArray[np.float32]) -> Judgement:
        """Return what is heard in clips of these summaries, [clips, 188]."""
        if "all" in self.estimators:
            return Judgement(self._said("all", summaries))
        woman = self.estimators["gender"].predict_proba(summaries)[:, 1]
        women, men = self._said("female", summaries), self._said("male", summaries)
        return Judgement(woman[:, None] * women + (1 - woman[:, None]) * men, woman)

    def _said(self, which: str, summaries: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return probabilities over all labels, also those that the estimator never met."""
        estimator = self.estimators[which]
        said = np.zeros((len(summaries), len(self.labels)))
        said[:, estimator.classes_] = estimator.predict_proba(summaries)
        return said

    def _judge_frames(self, clips: Sequence[Clip]) -> Judgement:
        lstm = self.lstm
        if lstm is None:
            raise ValueError(f"{self.name} hears no frames")
        with torch.inference_mode():
            said = [lstm([torch.from_numpy(frames(clip.speech))]).softmax(dim=1) for clip in clips]
        return Judgement(torch.cat(said).double().numpy())


def save_zoo(model: ZooModel, path: Path) -> None:
    """Write ``model`` to ``path``, a zip of its description and its numbers."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, data: bytes) -> None:
            archive.writestr(zipfile.ZipInfo(name), data)  # a fixed date: same model, same bytes

        put("description.json", model.description.model_dump_json().encode())
        if model.lstm is not None:
            put("lstm.safetensors", save(dict(model.lstm.state_dict())))
        for name, estimator in model.estimators.items():
            put(f"{name}.skops", skops.io.dumps(estimator))
    write_atomic(path, content.getvalue())


def load_zoo(path: Path) -> ZooModel:
    """Read the model at ``path``.

    Raises:
        MissingError: no such file, or not such a file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            description = ZooDescription.model_validate(
                json.loads(archive.read("description.json"))
            )
            names = archive.namelist()
            estimators = {
                name.removesuffix(".skops"): skops.io.loads(archive.read(name), trusted=_TRUSTED)
                for name in names
                if name.endswith(".skops")
            }
            lstm = None
            if "lstm.safetensors" in names:
                recipe = description.recipe
                lstm = FrameLstm(hidden=recipe.hidden, labels=recipe.labels)
                lstm.load_state_dict(load(archive.read("lstm.safetensors")))
                lstm.eval()
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise MissingError(
            f"{path} holds no model of this tool", remedy="train it again with `voxemo-scan train`"
        ) from error
    return ZooModel(description, estimators, lstm, {path.name: file_sha256(path)})


def _size(estimator: Any) -> int:
    if hasattr(estimator, "estimators_"):
        return int(sum(2 * tree.tree_.node_count for tree in estimator.estimators_))
    if hasattr(estimator, "coefs_"):
        return int(sum(c.size for c in (*estimator.coefs_, *estimator.intercepts_)))
    if hasattr(estimator, "coef_"):
        return int(estimator.coef_.size + estimator.intercept_.size)
    return int(estimator.n_samples_fit_ * estimator.n_features_in_)
