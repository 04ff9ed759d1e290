"""What yt-dlp says, in words that fit this tool."""

from __future__ import annotations

import io
import time
from email.utils import formatdate

import pytest
from yt_dlp.networking.common import Response
from yt_dlp.networking.exceptions import HTTPError, TransportError
from yt_dlp.utils import DownloadError, ExtractorError, GeoRestrictedError

from voxemo_scan.sources.failure import Failure, explain


def explained(message: str) -> Failure:
    error = ExtractorError(message, expected=True, video_id="9FnO3igOkOk", ie="youtube")
    return explain(DownloadError(f"ERROR: {error}", (type(error), error, None)), last_error=None)


def test_a_login_wall_points_to_our_cookies_option_and_not_to_anothers() -> None:
    failure = explained(
        "Sign in to confirm you\u2019re not a bot. Use --cookies-from-browser or --cookies for the "
        "authentication. See  https://github.com/yt-dlp/yt-dlp/wiki/FAQ  for how to pass cookies"
    )
    assert failure.message == "Sign in to confirm you\u2019re not a bot"
    assert "--cookies" in failure.remedy
    assert not failure.retry


@pytest.mark.parametrize(
    "message",
    [
        "Video unavailable. This video has been removed by the uploader",
        "This video is not available in your country",
        "This video is DRM protected",
    ],
)
def test_what_is_gone_points_to_a_copy_of_ones_own(message: str) -> None:
    failure = explained(message)
    assert failure.message == message
    assert "your own copy" in failure.remedy


def test_a_private_video() -> None:
    assert "--cookies" in explained("Private video. Sign in if you've been granted access").remedy


def test_a_bug_report_plea_is_cut_off_and_an_update_suggested() -> None:
    error = ExtractorError("Unable to extract player", video_id="x1", ie="somesite")
    failure = explain(DownloadError(f"\x1b[0;31mERROR:\x1b[0m {error}"), last_error=None)
    assert failure.message == "Unable to extract player"
    assert "pip install -U yt-dlp" in failure.remedy


def test_a_geographic_restriction() -> None:
    error = GeoRestrictedError("The uploader has not made this video available in your country")
    failure = explain(DownloadError(f"ERROR: {error}"), last_error=None)
    assert "your country" in failure.message
    assert "your own copy" in failure.remedy


def test_a_network_error_that_the_site_got_over_is_not_blamed() -> None:
    failure = explain(
        DownloadError("ERROR: [site] x: No video formats found!"),
        last_error=TransportError("Read timed out."),
    )
    assert "No video formats" in failure.message
    assert not failure.retry


@pytest.mark.parametrize(
    ("header", "wait_s"), [("120", 120.0), ("soon", 0.0), ("-5", 0.0), ("", 0.0)]
)
def test_how_long_a_busy_server_asks_to_wait(header: str, wait_s: float) -> None:
    assert asked_to_wait_s(header) == wait_s


@pytest.mark.parametrize(("from_now_s", "wait_s"), [(300, 300.0), (-300, 0.0)])
def test_a_busy_server_may_name_a_date(from_now_s: float, wait_s: float) -> None:
    header = formatdate(time.time() + from_now_s, usegmt=True)
    assert asked_to_wait_s(header) == pytest.approx(wait_s, abs=60)


def asked_to_wait_s(header: str) -> float:
    headers = {"Retry-After": header}
    error = HTTPError(Response(io.BytesIO(), "http://host/", headers, status=429))
    failure = explain(error, last_error=None)
    assert failure.retry
    return failure.wait_s


@pytest.mark.parametrize(
    ("status", "retry"),
    [(400, False), (404, False), (408, True), (429, True), (500, True), (503, True), (520, True)],
)
def test_which_answers_are_worth_another_try(status: int, retry: bool) -> None:
    error = HTTPError(Response(io.BytesIO(), "http://host/", {}, status=status))
    assert explain(error, last_error=None).retry is retry
