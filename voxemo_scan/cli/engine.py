"""Options that say where scenes are analysed: on this machine or on a Ray cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from voxemo_scan.errors import UsageError

if TYPE_CHECKING:
    from voxemo_scan.scan.cluster.options import RayOptions

ENGINES: Final = ("local", "ray")

JobsOption = Annotated[
    int | None,
    typer.Option(
        "--jobs", "-j", metavar="N", min=1, max=1024, help="Scenes at a time.",
        show_default="1; with ray as many as there are processors",
    ),
]  # fmt: skip
EngineOption = Annotated[
    str,
    typer.Option(
        metavar="local|ray", help="Who analyses: this machine, or the workers of a Ray cluster."
    ),
]
AddressOption = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="The Ray cluster's, as HOST:PORT or auto.",
        show_default="RAY_ADDRESS, else this machine alone",
    ),
]
RemoteStoreOption = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Where clips and results travel between machines: a folder that all see, s3://..., "
        "gs://..., http://... (to read).",
        show_default="through Ray itself",
    ),
]
WorkerCpusOption = Annotated[
    int | None,
    typer.Option(
        metavar="N", min=1, max=64, help="Processors of each Ray worker.", show_default="1"
    ),
]


def ray_options(
    engine: str,
    *,
    address: str | None,
    remote_store: str | None,
    workers: int | None,
    worker_cpus: int | None,
) -> RayOptions | None:
    """Return how a Ray cluster is to be used, None where it is not.

    Raises:
        UsageError: there is no such engine, or an option is of another.
        MissingError: Ray is not installed.
    """
    if engine not in ENGINES:
        raise UsageError(
            f"--engine: there is no {engine!r}", remedy=f"choose {' or '.join(ENGINES)}"
        )
    if engine == "local":
        _refuse_for_local(
            {"--address": address, "--remote-store": remote_store, "--worker-cpus": worker_cpus}
        )
        return None
    from voxemo_scan.scan.cluster.connection import need_ray
    from voxemo_scan.scan.cluster.options import RayOptions

    need_ray()
    return RayOptions(address, remote_store, workers, worker_cpus or 1)


def _refuse_for_local(given: dict[str, object]) -> None:
    for option, value in given.items():
        if value is not None:
            raise UsageError(f"{option} is of the Ray engine", remedy="add --engine ray")
