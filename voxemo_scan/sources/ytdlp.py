"""One attempt to download one recording with yt-dlp.

Imports yt-dlp, which takes a second; import this module only when something is to be fetched.
"""

from __future__ import annotations

import io
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import yt_dlp
from yt_dlp.globals import all_plugins_loaded, plugin_dirs
from yt_dlp.utils import DownloadCancelled

from voxemo_scan.sources.failure import Failure
from voxemo_scan.sources.guard import Guard
from voxemo_scan.sources.handlers import guarded_handlers
from voxemo_scan.sources.javascript import find_deno
from voxemo_scan.sources.options import FetchOptions
from voxemo_scan.sources.transport import BLOCK_BYTES, Transport

ProgressCallback = Callable[[int, int | None], None]

# Code in a plugin folder of the user's is none of ours to run.
plugin_dirs.value = []
all_plugins_loaded.value = True

_NO_PROGRAM: Final = "/nonexistent"


@dataclass(frozen=True, slots=True)
class Recording:
    """A downloaded file and what its source says of it; ``size`` is what the server announced."""

    path: Path
    size: int | None
    title: str | None
    uploader: str | None
    duration_s: float | None


class Stopped(DownloadCancelled):  # type: ignore[misc]
    """Carries a failure out through yt-dlp, which lets no other exception pass everywhere."""

    def __init__(self, failure: BaseException) -> None:
        super().__init__(str(failure))
        self.cause = failure


def download_once(
    address: str,
    *,
    folder: Path,
    options: FetchOptions,
    transport: Transport,
    progress: ProgressCallback,
) -> Recording:
    """Download the sound at ``address`` into ``folder``, going on from a partial file there.

    Raises:
        Exception: whatever yt-dlp raises; ``failure.explain`` makes sense of it.
    """
    params = _params(address, folder=folder, options=options, progress=progress)
    guard = Guard(address, allow_private=options.allow_private)
    with _Downloader(params, transport=transport, guard=guard) as downloader:
        info = downloader.extract_info(address, download=True)
    files = (info or {}).get("requested_downloads") or []
    if len(files) != 1:
        raise Failure("no recording found there", remedy="open the address in a browser")
    return _recording(info, file=files[0], transport=transport)


def _recording(info: Any, *, file: Any, transport: Transport) -> Recording:
    whole = file.get("protocol") in {"http", "https"} and "url" in file
    duration = info.get("duration")
    return Recording(
        path=Path(file["filepath"]),
        size=transport.size_of(file["url"]) if whole else None,
        title=_text(info.get("title")),
        uploader=_text(info.get("uploader") or info.get("channel")),
        duration_s=float(duration) if isinstance(duration, int | float) else None,
    )


class _Downloader(yt_dlp.YoutubeDL):  # type: ignore[misc]
    """yt-dlp with our transport, a guard on it, and no playlists by surprise."""

    def __init__(self, params: dict[str, Any], *, transport: Transport, guard: Guard) -> None:
        self._transport = transport
        self._guard = guard
        super().__init__(params, auto_init="no_verbose_header")

    def build_request_director(self, _handlers: Any, preferences: Any = None) -> Any:
        return super().build_request_director(guarded_handlers(self._guard), preferences)

    def urlopen(self, req: Any) -> Any:
        request = yt_dlp.networking.Request(req) if isinstance(req, str) else req
        try:
            return self._transport.send(request, through=super().urlopen)
        except yt_dlp.networking.exceptions.RequestError:
            raise
        except Exception as error:
            raise Stopped(error) from error

    def process_ie_result(
        self, ie_result: Any, download: bool = True, extra_info: Any = None
    ) -> Any:
        if ie_result.get("_type") in {"playlist", "multi_video"}:
            ie_result = _only_entry(ie_result)
        _refuse_live(ie_result)
        return super().process_ie_result(ie_result, download, extra_info)


def _only_entry(playlist: Any) -> Any:
    entries = list(islice(playlist.get("entries") or (), 2))
    if len(entries) == 1:
        return entries[0]
    what = "a list of several recordings" if entries else "an empty list"
    raise Stopped(
        Failure(f"{what}, not one recording", remedy="give the address of one recording in it")
    )


def _params(
    address: str, *, folder: Path, options: FetchOptions, progress: ProgressCallback
) -> dict[str, Any]:
    deno = find_deno()
    return {
        **_WHAT,
        "paths": {"home": str(folder)},
        "outtmpl": {"default": "%(format_id)s.%(ext)s"},
        "socket_timeout": options.socket_timeout_s,
        "ratelimit": options.rate_limit_bytes_per_s,
        "cookiefile": _cookies(options.cookies),
        "js_runtimes": {"deno": {"path": str(deno)} if deno else {}},
        "logger": _Silence(),
        "progress_hooks": [_hook(options=options, progress=progress)],
        **({"proxy": ""} if _is_loopback(address) else {}),
    }


# Retries are ours (see web.py), so that Retry-After counts and a 404 is final: all of yt-dlp's
# are off. Nothing but the media file is written, no program but deno is run.
_WHAT: Final[dict[str, Any]] = {
    "format": "bestaudio/best",
    "noplaylist": True,
    "continuedl": True,
    "overwrites": None,
    "updatetime": False,
    "trim_file_name": 100,
    "retries": 0,
    "fragment_retries": 0,
    "extractor_retries": 0,
    "file_access_retries": 3,
    "skip_unavailable_fragments": False,
    "external_downloader": {"default": "native"},
    "hls_prefer_native": True,
    "ffmpeg_location": _NO_PROGRAM,
    "fixup": "never",
    "postprocessors": [],
    "buffersize": BLOCK_BYTES,
    "noresizebuffer": True,
    "cachedir": False,
    "default_search": "error",
    "quiet": True,
    "noprogress": True,
    "color": "no_color",
}


def _hook(*, options: FetchOptions, progress: ProgressCallback) -> Callable[[dict[str, Any]], None]:
    def hook(status: dict[str, Any]) -> None:
        done = status.get("downloaded_bytes") or 0
        total = status.get("total_bytes") or status.get("total_bytes_estimate")
        if max(done, status.get("total_bytes") or 0) > options.max_bytes:
            raise Stopped(
                Failure(
                    f"larger than the {options.max_bytes / 1e6:g} MB allowed",
                    remedy="name another address, or the path of your own copy",
                )
            )
        progress(int(done), int(total) if total else None)

    return hook


def _refuse_live(info: dict[str, Any]) -> None:
    if info.get("is_live") or info.get("live_status") in {"is_live", "is_upcoming"}:
        raise Stopped(Failure("a live stream", remedy="wait until its recording is published"))


def _cookies(file: Path | None) -> io.StringIO | None:
    """Return the cookies as a stream, for yt-dlp writes back to a file that it is given."""
    if file is None:
        return None
    try:
        return io.StringIO(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(
            f"the cookies file {file} cannot be read: {error}",
            remedy="export it in Netscape format (cookies.txt)",
        ) from error


def _is_loopback(address: str) -> bool:
    """Tell whether ``address`` is this machine, which no proxy stands in front of."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _text(value: Any) -> str | None:
    return str(value) if value else None


class _Silence:
    """Takes yt-dlp's messages, of which only the raised ones matter."""

    def debug(self, message: str) -> None:
        """Ignore."""

    def warning(self, message: str, *, once: bool = False) -> None:
        """Ignore."""

    def error(self, message: str) -> None:
        """Ignore."""
