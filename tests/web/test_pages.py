"""The page's files, prepared clips, and what is counted: fixed lists, and no path of a request."""

import pytest

from tests.support.media import tone, write_wav
from voxemo_scan.errors import UsageError
from voxemo_scan.web.clips import prepared_clips

TRAVERSALS = (
    "/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/%2e%2e/settings.py",
    "/static//etc/passwd", "/static/index.html/..", "/api/v1/clips/..%2f..%2fREADME.md",
    "/api/v1/clips/%00", "/..", "//etc/passwd", "/static/..\\app.py",
)  # fmt: skip


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_path_leads_anywhere_else(served, path):
    answer = served.ask(path)
    assert answer.status in {400, 404, 422}
    assert b"import" not in answer.body


def test_the_page_is_served_with_its_own_policy(served):
    answer = served.ask("/")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert served.ask("/static/index.html").body == answer.body


def test_the_demos_clips_can_be_tried(served, demo_clips):
    clips = served.ask("/api/v1/clips").json
    assert {clip["id"] for clip in clips} == {path.stem for path in demo_clips.glob("*.opus")}
    assert {clip["group"] for clip in clips} == {"demo"}
    assert all(10 < clip["duration_s"] < 30 for clip in clips)
    whole = served.ask("/api/v1/clips/the-lighthouse")
    assert whole.body == (demo_clips / "the-lighthouse.opus").read_bytes()
    assert whole.headers["content-type"] == "audio/ogg"
    part = served.ask("/api/v1/clips/the-lighthouse", headers={"Range": "bytes=0-3"})
    assert (part.status, part.body) == (206, b"OggS")


def test_a_folder_of_ones_own_is_listed_by_ids_that_are_no_paths(tmp_path):
    for name in ("B line.wav", "b-line.wav", "<script>.wav", "notes.txt"):
        write_wav(tmp_path / name, tone(0.1)) if name.endswith("wav") else (tmp_path / name).touch()
    own = [clip for clip in prepared_clips(tmp_path) if clip.group == "own"]
    assert len({clip.id for clip in own}) == 3
    assert all(set(clip.id) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for clip in own)
    with pytest.raises(UsageError, match="--clips"):
        prepared_clips(tmp_path / "none")


def test_what_is_counted_is_told_to_prometheus(served):
    served.ask("/api/v1/info")
    served.ask("/some/address/that/is/not/there")
    text = served.ask("/metrics").body.decode()
    assert 'voxemo_requests_total{method="GET",route="/api/v1/info",status="200"}' in text
    assert 'route="other"' in text
    assert "/some/address" not in text
    assert "voxemo_live_windows_total" in text


def test_what_is_unknown_is_answered_as_json(served):
    for path, method, status in (("/nope", "GET", 404), ("/api/v1/listen", "GET", 405)):
        answer = served.ask(path, method=method)
        assert answer.status == status
        assert answer.json["error"]["message"]
