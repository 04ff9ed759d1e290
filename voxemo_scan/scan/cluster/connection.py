"""Joining a Ray cluster, or making one of this machine."""

from __future__ import annotations

import logging
import os
import socket
from contextlib import suppress
from importlib.util import find_spec
from typing import Any, Final

from voxemo_scan.errors import MissingError
from voxemo_scan.scan.cluster.options import RayOptions
from voxemo_scan.scan.cores import usable_cores

_STORE_BYTES: Final = 256 << 20
"""What Ray's own store may take on this machine: pieces of clips go through it, and results."""
_ANSWERS_WITHIN_S: Final = 5.0


def need_ray() -> None:
    """Do nothing where the packages are that this takes.

    Raises:
        MissingError: they are not installed.
    """
    missing = [name for name in ("ray", "fsspec") if find_spec(name) is None]
    if missing:
        raise MissingError(
            f"--engine ray needs {' and '.join(missing)}, which is not installed",
            remedy="pip install 'voxemo-scan[ray]', here and on every node",
        )


def join(options: RayOptions) -> bool:
    """Connect this process to the cluster; return whether it was this call that did.

    Nothing is told to Ray's makers, and no dashboard is opened.

    Raises:
        MissingError: no cluster answers there, or it cannot be joined.
    """
    need_ray()
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    import ray  # noqa: PLC0415  (of the extra, and slow to import)

    if ray.is_initialized():
        return False
    address = options.address or os.environ.get("RAY_ADDRESS")
    _must_answer(address)
    try:
        ray.init(**_arguments(address))
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        cluster = address or "of this machine"
        raise MissingError(
            f"the Ray cluster {cluster} cannot be joined: {_first_line(error)}",
            remedy="check --address; Ray and Python must be of the same version on all machines",
        ) from error
    return True


def leave() -> None:
    """Disconnect; a cluster of this machine alone ends."""
    import ray  # noqa: PLC0415

    with suppress(Exception):
        ray.shutdown()


def _arguments(address: str | None) -> dict[str, Any]:
    common: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if address and address != "local":
        return common | {"address": address}
    return common | {
        "address": "local",
        "num_cpus": usable_cores(),
        "include_dashboard": False,
        "object_store_memory": _STORE_BYTES,
    }


def _must_answer(address: str | None) -> None:
    """See that somebody listens at ``host:port``: Ray itself would wait for a minute."""
    host, colon, port = (address or "").removeprefix("ray://").rpartition(":")
    if not colon or not port.isdigit():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), _ANSWERS_WITHIN_S).close()
    except OSError as error:
        raise MissingError(
            f"no Ray cluster answers at {address}: {error}",
            remedy="start one (ray start --head), or check --address and the firewall",
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
