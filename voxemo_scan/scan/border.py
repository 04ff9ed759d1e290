"""Where a failing scene becomes a line of the report instead of the end of the run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from voxemo_scan.errors import MissingError, VoxemoError

T = TypeVar("T")


def outcome(action: Callable[[], T]) -> T | VoxemoError:
    """Return what ``action`` returns, or the error that stopped it.

    Raises:
        MissingError: what every scene needs is missing, so that none could succeed.
    """
    try:
        return action()
    except MissingError:
        raise
    except VoxemoError as error:
        return error
    except Exception as error:  # noqa: BLE001  (the one border: nothing else may stop a run)
        return VoxemoError(
            f"unexpected {type(error).__name__}: {error}",
            remedy="this is a fault of voxemo-scan; please report it with the clip's address",
        )
