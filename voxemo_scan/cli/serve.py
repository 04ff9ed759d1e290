"""``voxemo-scan serve``: the page on which one records and listens."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voxemo_scan.cli.console import err, need_extra
from voxemo_scan.cli.options import DeviceOption, ModelOption

EXTRA = ("fastapi", "uvicorn", "python_multipart", "prometheus_client", "websockets")


def command(
    host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS", help="Where to listen; anything but loopback demands a token."
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("-p", "--port", min=0, max=65535, help="The port; 0 for any free one.")
    ] = 8765,
    token_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A file with the token that everybody must give, in one line."
        ),
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HOST", help="A further host name under which it is reached; may be repeated."
        ),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keep recordings of those who ask for it.",
                     show_default="nothing is kept"),
    ] = None,
    clips: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A folder of your own clips to try.")
    ] = None,
    reports: Annotated[
        Path, typer.Option(metavar="DIR", help="Where earlier runs' reports are.")
    ] = Path("reports"),
    jobs: Annotated[
        int, typer.Option("-j", "--jobs", metavar="N", min=1, max=64, help="Recordings at a time.")
    ] = 1,
    rate: Annotated[
        int,
        typer.Option(metavar="N", min=1, help="Recordings that one client may send a minute."),
    ] = 120,
    model: ModelOption = None,
    device: DeviceOption = "cpu",
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
) -> None:  # fmt: skip
    """Serve the page on which one records, listens and compares.

    It is served to this machine alone unless --host says otherwise. Needs the [web] extra.
    """
    need_extra("web", modules=EXTRA)
    from voxemo_scan.models.index import read_index
    from voxemo_scan.web.security.tokens import new_token, read_token
    from voxemo_scan.web.serve import serve
    from voxemo_scan.web.settings import Limits, WebSettings, is_loopback

    read_index().info(model)  # an unknown model is said at once
    token = read_token(token_file) if token_file is not None else None
    if token is None and not is_loopback(host):
        token = new_token()
        err.print(f"token: {token}", markup=False)
    settings = WebSettings(
        host=host, port=port, token=token, names=tuple(name or ()), keep=keep, clips=clips,
        reports=reports, jobs=jobs, model=model, device=device, limits=Limits(work_per_minute=rate),
    )  # fmt: skip

    def ready(address: str) -> None:
        if not quiet:
            err.print(f"the page is at {address} (Ctrl-C ends it)", markup=False)
        if open_page:
            import webbrowser

            webbrowser.open(address)

    serve(settings, ready=ready)
