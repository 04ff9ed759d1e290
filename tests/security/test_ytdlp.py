"""How yt-dlp is told to behave: it runs no program but deno, and writes no file but the media."""

from __future__ import annotations

from pathlib import Path

import pytest
import yt_dlp

from voxemo_scan.sources.budget import Budget
from voxemo_scan.sources.guard import Guard
from voxemo_scan.sources.handlers import DataRH, GuardedRH
from voxemo_scan.sources.options import FetchOptions
from voxemo_scan.sources.transport import Transport
from voxemo_scan.sources.ytdlp import _Downloader, _params

NEVER = (
    # runs programs
    "exec_cmd", "netrc_cmd", "usenetrc", "external_downloader_args", "postprocessor_args",
    # writes files beside the media
    "writelink", "writeurllink", "writewebloclink", "writedesktoplink", "writeinfojson",
    "writedescription", "writethumbnail", "write_all_thumbnails", "writesubtitles",
    "writeautomaticsub", "download_archive", "write_pages", "cookiesfrombrowser",
    # trusts more than it should
    "nocheckcertificate", "enable_file_urls", "prefer_insecure", "legacyserverconnect",
    "allow_unplayable_formats", "load_info_filename", "client_certificate",
)  # fmt: skip

ADDRESS = "https://films.example.org/a"


@pytest.fixture
def params(tmp_path: Path) -> dict[str, object]:
    return _params(
        ADDRESS, folder=tmp_path, options=FetchOptions(), progress=lambda done, total: None
    )


@pytest.mark.parametrize("name", NEVER)
def test_an_option_that_is_never_set(params: dict[str, object], name: str) -> None:
    assert not params.get(name)


def test_programs_are_out_of_reach(params: dict[str, object]) -> None:
    assert params["ffmpeg_location"] == "/nonexistent"
    assert params["external_downloader"] == {"default": "native"}
    assert params["postprocessors"] == []
    assert set(params["js_runtimes"]) == {"deno"}  # type: ignore[call-overload]


def test_time_and_size_are_bounded_unless_told_otherwise() -> None:
    options = FetchOptions()
    assert options.deadline_s <= 3600
    assert options.max_bytes <= 8 << 30
    assert options.socket_timeout_s <= 60
    assert options.attempts <= 5
    assert not options.allow_private


def test_what_a_page_calls_its_file_never_becomes_a_path(
    params: dict[str, object], tmp_path: Path
) -> None:
    """A title is no part of the name, and yt-dlp cleans what is."""
    assert "title" not in str(params["outtmpl"])
    with yt_dlp.YoutubeDL(params) as downloader:
        info = {"format_id": "../../../tmp/x/..", "ext": "wav", "id": "a", "title": "../../b"}
        written = Path(downloader.prepare_filename(info))
    assert written.resolve().parent == tmp_path.resolve()


def test_requests_leave_by_the_guarded_way_only(params: dict[str, object], tmp_path: Path) -> None:
    transport = Transport(budget=Budget(1.0), max_bytes=1, folder=tmp_path)
    with _Downloader(params, transport=transport, guard=Guard(ADDRESS)) as downloader:
        handlers = downloader._request_director.handlers.values()
        assert {type(handler) for handler in handlers} == {GuardedRH, DataRH}
        data = next(handler for handler in handlers if isinstance(handler, DataRH))
        assert data._SUPPORTED_URL_SCHEMES == ("data",)
