"""Whose clips get figures of their own: by corpus, sex, age and intensity."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voxemo_scan.training.corpora import Utterance

_YOUNG_BELOW: Final = 30
_OLD_FROM: Final = 50


@dataclass(frozen=True)
class Subgroup:
    """Some of the clips: what they have in common, by which ``sort`` of division.

    ``members``: bool, [clips].
    """

    sort: str
    name: str
    members: NDArray[np.bool_]


def subgroups(utterances: Sequence[Utterance]) -> tuple[Subgroup, ...]:
    """Return the divisions of ``utterances`` that tell any apart, all of them together first.

    Where there are several corpora, each is divided by itself: what counts as strongly acted in
    one need not in another. Clips of which a sort is not known are in none of its subgroups.
    """
    found = [Subgroup("all", "all", np.ones(len(utterances), dtype=bool))]
    corpora = sorted({u.corpus for u in utterances})
    several = len(corpora) > 1
    if several:
        found += [_subgroup("corpus", c, [u.corpus == c for u in utterances]) for c in corpora]
    for sort, (name_of, order) in _SORTS.items():
        for corpus in corpora:
            names = [name_of(u) if u.corpus == corpus else None for u in utterances]
            present = [name for name in order if name in names]
            if len(present) > 1:
                found += [
                    _subgroup(sort, f"{corpus}, {n}" if several else n, [n == m for m in names])
                    for n in present
                ]
    return tuple(found)


def _subgroup(sort: str, name: str, members: Sequence[bool]) -> Subgroup:
    return Subgroup(sort, name, np.array(members))


def _age_band(utterance: Utterance) -> str | None:
    if utterance.age is None:
        return None
    if utterance.age < _YOUNG_BELOW:
        return _AGES[0]
    return _AGES[1] if utterance.age < _OLD_FROM else _AGES[2]


_AGES: Final = (
    f"under {_YOUNG_BELOW}",
    f"{_YOUNG_BELOW} to {_OLD_FROM - 1}",
    f"{_OLD_FROM} and over",
)

_NameOf = Callable[[Utterance], str | None]
_SORTS: Final[dict[str, tuple[_NameOf, tuple[str, ...]]]] = {
    "sex": (lambda u: u.gender, ("female", "male")),
    "age": (_age_band, _AGES),
    "intensity": (lambda u: u.intensity, ("low", "medium", "high")),
}
"""Of each sort what names a clip's subgroup, and the order of the names."""
