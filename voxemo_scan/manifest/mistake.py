"""A value that a manifest may not hold, and what was perhaps meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_LONGEST_WORD: Final = 40
_LONGEST_QUOTE: Final = 60


class MistakeError(ValueError):
    """A value that cannot be used.

    Args:
        message: what is wrong with it.
        suggestion: what to write instead, word for word.
        at: the key under which the value stands, where it is one of several.
        on_key: whether it is that key which is wrong, not its value.
    """

    def __init__(
        self,
        message: str,
        *,
        suggestion: str | None = None,
        at: str | None = None,
        on_key: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion
        self.at = at
        self.on_key = on_key

    def under(self, at: str, *, on_key: bool) -> MistakeError:
        """Return the same mistake, made under the key ``at`` or by that key itself."""
        return MistakeError(self.message, suggestion=self.suggestion, at=at, on_key=on_key)


class MistakesError(ValueError):
    """Several mistakes in one value."""

    def __init__(self, mistakes: Iterable[MistakeError]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("; ".join(mistake.message for mistake in self.mistakes))


def quoted(text: str) -> str:
    """Return ``text`` in double quotes, cut short and without control characters."""
    short = text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
    return '"' + "".join(c if c.isprintable() else "�" for c in short) + '"'


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that ``word`` most likely meant, or None when none is near."""
    if len(word) > _LONGEST_WORD:
        return None
    near = get_close_matches(word.strip().lower(), list(candidates), n=1, cutoff=0.6)
    return near[0] if near else None
