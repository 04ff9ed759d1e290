"""Ways for a worker process not to get its model; importable there by name."""

import os

from voxemo_scan.errors import MissingError


def missing():
    """Find no model."""
    raise MissingError("no model here", remedy="get one")


def dying():
    """End the process as the kernel does when memory runs out."""
    os._exit(9)
