"""The recipe of an encoder member."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from voxemo_scan.models.encoder import EncoderShape
from voxemo_scan.models.head import HeadShape
from voxemo_scan.models.whisper import WhisperShape
from voxemo_scan.training.copies import Copy, Variation


class HeadTraining(BaseModel):
    """How heads of one kind are trained: how many, and their epochs, batches and rates."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    heads: int = Field(ge=0)
    epochs: int = Field(ge=1)
    batch: int = Field(ge=2)
    learning_rate: float = Field(default=1e-3, gt=0)
    weight_decay: float = Field(default=1e-2, ge=0)
    label_smoothing: float = Field(default=0.1, ge=0, lt=1)
    mixup_alpha: float = Field(default=0.4, ge=0)


class Listening(BaseModel):
    """How the listener learns that hears a voice's windows beside one another.

    The speakers are dealt into ``parts``. Of the voices drawn of them ``even`` have emotions in
    equal parts, ``one`` a single emotion and the rest any mixture; ``repeated`` are heard again
    and again, ``intruded`` have windows of another speaker, and ``moved`` are shifted
    ``moved_by`` times the way from one voice to another.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    parts: int = Field(default=3, ge=2)
    steps: int = Field(default=3000, ge=1)
    learning_rate: float = Field(default=2e-3, gt=0)
    weight_decay: float = Field(default=1e-3, ge=0)
    even: float = Field(default=0.35, ge=0, le=1)
    one: float = Field(default=0.25, ge=0, le=1)
    repeated: float = Field(default=0.2, ge=0, le=1)
    intruded: float = Field(default=0.2, ge=0, le=1)
    moved: float = Field(default=0.5, ge=0, le=1)
    moved_by: tuple[float, float] = (0.3, 2.5)


class Tuning(BaseModel):
    """How the last blocks are trained further, together with the heads over them.

    ``blocks`` are trained, from the last one down, each at ``layer_decay`` of the rate of the one
    above it; the heads at ``head_rate`` times the last block's. ``averaging`` is how much of the
    running average of the weights stays at each step. Every epoch hears other copies of the clips,
    drawn by ``copies``. Of ``runs`` that differ in their seed the weights are averaged, the weights
    that all started from counting as ``start`` runs.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    blocks: int = Field(default=2, ge=1)
    epochs: int = Field(default=4, ge=1)
    batch: int = Field(default=32, ge=2)
    learning_rate: float = Field(default=5e-5, gt=0)
    layer_decay: float = Field(default=0.8, gt=0, le=1)
    head_rate: float = Field(default=5.0, ge=0)
    averaging: float = Field(default=0.99, ge=0, lt=1)
    weight_decay: float = Field(default=1e-2, ge=0)
    label_smoothing: float = Field(default=0.1, ge=0, lt=1)
    mixup_alpha: float = Field(default=0.4, ge=0)
    copies: Variation = Variation()
    runs: int = Field(default=1, ge=1)
    start: float = Field(default=0.0, ge=0)


class Joint(BaseModel):
    """How the last blocks are trained together with the heads over them, from the start.

    ``blocks`` are trained, from the last one down, each at ``layer_decay`` of the rate of the one
    above it, after the heads have learned for ``heads_alone`` epochs by themselves.
    ``averaging`` is how much of the running average of the weights, which is kept, stays at each
    step. ``copies`` are what is heard beside the clips as they are, all of them as often.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    blocks: int = Field(default=2, ge=1)
    epochs: int = Field(default=12, ge=1)
    heads_alone: float = Field(default=2.0, ge=0)
    batch: int = Field(default=64, ge=2)
    learning_rate: float = Field(default=1.5e-4, gt=0)
    layer_decay: float = Field(default=0.8, gt=0, le=1)
    head_learning_rate: float = Field(default=1e-3, gt=0)
    averaging: float = Field(default=0.995, ge=0, lt=1)
    weight_decay: float = Field(default=1e-2, ge=0)
    label_smoothing: float = Field(default=0.1, ge=0, lt=1)
    mixup_alpha: float = Field(default=0.4, ge=0)
    copies: tuple[Variation, ...] = (Variation(),)


class EncoderRecipe(BaseModel):
    """Training of heads over an encoder's frozen blocks, and of its last blocks with them.

    ``initial`` names the encoder's weights: a model of the Hugging Face hub or a local file.
    ``votes`` is how much of a clip's target is taken from what listeners chose, where they were
    asked; ``wide`` and ``deep`` say how heads of either kind are trained and how many, each from
    its own seed, to be averaged. ``adaptive`` says how wide heads are trained that can hear a voice
    by what is left when its own is taken off; where emotions lie in a voice is found along
    ``mixture`` directions. Of ``clarity`` sounds of each sort it learns what is no clear speech of
    one voice. ``tuning``, if there is any, comes last. With ``joint`` instead, wide and deep heads
    are trained together with the last blocks, as that says, and neither from ``copies`` nor as
    ``wide`` and ``deep`` say.
    The finished network hears each passage at all of ``speeds``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["encoder"]
    name: str
    labels: Literal[6, 7, 8] = 6
    initial: str = "openai/whisper-base"
    blocks: int = Field(default=4, ge=1)
    layers: tuple[int, ...] = (2, 3, 4)
    inner: int = Field(default=256, ge=1)
    dropout: float = Field(default=0.5, ge=0, lt=1)
    copies: tuple[Copy, ...] = (Copy(),)
    votes: float = Field(default=0.0, ge=0, le=1)
    gender_weight: float = Field(default=0.2, ge=0)
    wide: HeadTraining = HeadTraining(heads=4, epochs=40, batch=64)
    deep: HeadTraining = HeadTraining(heads=1, epochs=8, batch=32)
    adaptive: HeadTraining | None = None
    listening: Listening = Listening()
    clarity: int = Field(default=0, ge=0)
    mixture: int = Field(default=0, ge=0)
    speeds: tuple[Annotated[float, Field(gt=0.5, lt=2.0)], ...] = Field(
        default=(1.0,), min_length=1
    )
    tuning: Tuning | None = None
    joint: Joint | None = None

    @model_validator(mode="after")
    def _what_stands_on_adaptive_heads_has_them(self) -> EncoderRecipe:
        for name, asked in (("clarity", self.clarity), ("mixture", self.mixture)):
            if asked and not self.adaptive:
                raise ValueError(
                    f"{name} needs adaptive heads: its summaries are standardised as theirs"
                )
        return self

    @model_validator(mode="after")
    def _joint_is_alone(self) -> EncoderRecipe:
        if self.joint and (self.tuning or self.adaptive):
            raise ValueError("joint goes with neither tuning nor adaptive heads")
        return self

    @property
    def filmed(self) -> bool:
        """Return whether it learns from what may lie under a voice in a film."""
        tuned = self.tuning is not None and self.tuning.copies.filmed > 0
        tuned |= self.joint is not None and any(copy.filmed for copy in self.joint.copies)
        return tuned or self.clarity > 0 or any(copy.film for copy in self.copies)

    @property
    def shape(self) -> EncoderShape:
        """Return the network's shape."""
        head = HeadShape(
            layers=len(self.layers), labels=self.labels, inner=self.inner, dropout=self.dropout
        )
        return EncoderShape(
            WhisperShape(blocks=self.blocks), self.layers, head, self.wide.heads, self.deep.heads,
            adaptive_heads=self.adaptive.heads if self.adaptive else 0, clarity=self.clarity > 0,
            mixture=self.mixture,
        )  # fmt: skip
