"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from voxemo_scan.scan.options import ScanOptions
    from voxemo_scan.sources.options import FetchOptions

_UNITS = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3}

ClipsOption = Annotated[
    Path, typer.Option("--scenes", metavar="DIR", help="Where downloaded clips are kept.")
]
OnlyOption = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="ID", help="This scene only; may be repeated."),
]
CookiesOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        exists=True,
        dir_okay=False,
        readable=True,
        help="Your browser's cookies (cookies.txt), for sites that want a login.",
    ),
]
AllowPrivateOption = Annotated[
    bool,
    typer.Option(
        "--allow-private", help="Let pages and redirects lead to machines of your own network."
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL", help="Who listens: classic, encoder or ensemble.", show_default="ensemble"
    ),
]
DeviceOption = Annotated[
    str, typer.Option(metavar="DEVICE", help="Where networks compute: auto, cpu, cuda or mps.")
]
EstimatorOption = Annotated[
    str,
    typer.Option(
        metavar="em|mean",
        help="How windows become shares: by expectation maximisation, as prevalence, or as means.",
    ),
]
RateOption = Annotated[
    str | None,
    typer.Option(metavar="RATE", help="Bytes per second and clip at most, such as 2M."),
]
TimeoutOption = Annotated[
    float,
    typer.Option(metavar="S", min=1, help="Seconds after which a download is given up."),
]


def parse_rate(text: str) -> int:
    """Return the bytes per second that ``500k``, ``2M`` or ``1.5M`` means.

    Raises:
        typer.BadParameter: it means none.
    """
    number = text.strip().lower().removesuffix("/s").removesuffix("b")
    unit = number[-1:] if number[-1:].isalpha() else ""
    try:
        rate = int(float(number.removesuffix(unit)) * _UNITS[unit])
    except (ValueError, KeyError, OverflowError):
        rate = 0
    if rate <= 0:
        raise typer.BadParameter(f"{text!r} is no rate; write bytes per second, such as 500k or 2M")
    return rate


def fetch_options(
    *,
    cookies: Path | None,
    rate_limit: str | None,
    timeout_s: float | None = None,
    allow_private: bool = False,
) -> FetchOptions:
    """Return the limits of downloads that the options ask for."""
    from dataclasses import replace

    from voxemo_scan.sources.options import FetchOptions

    limits = FetchOptions(
        cookies=cookies,
        allow_private=allow_private,
        rate_limit_bytes_per_s=None if rate_limit is None else parse_rate(rate_limit),
    )
    return limits if timeout_s is None else replace(limits, deadline_s=timeout_s)


VoicesOption = Annotated[
    bool, typer.Option("--voices/--no-voices", help="Tell voices apart, with shares for each.")
]
AdaptOption = Annotated[
    bool,
    typer.Option(
        "--adapt/--no-adapt", help="Hear a voice's windows beside one another, where voices are "
        "told apart.",
    ),
]  # fmt: skip


def scan_options(*, estimator: str, voices: bool = True, adapt: bool = True) -> ScanOptions:
    """Return how clips are to be analysed.

    Raises:
        typer.BadParameter: there is no such estimator.
    """
    from voxemo_scan.scan.options import ScanOptions
    from voxemo_scan.scan.prevalence import ESTIMATORS
    from voxemo_scan.scan.voices import VoiceOptions

    for known in ESTIMATORS:
        if estimator == known:
            return ScanOptions(estimator=known, adapt=adapt, voices=VoiceOptions(tell=voices))
    raise typer.BadParameter(f"{estimator!r} is no estimator; choose {' or '.join(ESTIMATORS)}")
