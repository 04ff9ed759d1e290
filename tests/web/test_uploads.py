"""Recordings that are sent: what is answered, what is refused, and what stays behind."""

import json
import time

import numpy as np
import pytest

from tests.support.media import Audio, tone, write_media, write_wav
from tests.support.web import BOUNDARY, FORM_TYPE, form
from tests.web.conftest import SMALL

ODD_NAMES = (
    "../../../../tmp/owned.wav",
    "..\\..\\owned.wav",
    "/etc/passwd",
    "a" * 3000,
    "",
)


def files_left(running):
    return [path for path in running.desk.folder.rglob("*") if path.is_file()]


def test_an_upload_has_the_shares_that_listen_prints(served, run, demo_clips):
    clip = demo_clips / "the-lighthouse.opus"
    printed = json.loads(run("listen", str(clip), "--json", "--model", "classic", "-q")[1])
    (expected,) = printed["recordings"]
    answer = served.send("/api/v1/listen", clip.read_bytes(), name="the-lighthouse.opus")
    assert answer.status == 200
    item = answer.json
    assert item.pop("source") == "the-lighthouse.opus"
    expected.pop("source")
    assert item == expected
    assert files_left(served) == []


def test_silence_is_a_status_and_not_an_error(served, tmp_path):
    path = write_wav(tmp_path / "silence.wav", np.zeros(32_000))
    answer = served.send("/api/v1/listen", path.read_bytes())
    assert (answer.status, answer.json["status"]) == (200, "no-speech")


def test_what_is_no_recording_is_said_by_the_senders_name_for_it(served):
    answer = served.send("/api/v1/listen", b"<html>not sound</html>" * 50, name="page.html")
    assert answer.status == 422
    assert answer.error == "page.html is not a media file"
    assert str(served.desk.folder) not in answer.body.decode()


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_name_never_becomes_a_path(small, mine, name, tmp_path):
    path = write_wav(tmp_path / "tone.wav", tone(1.0, rate=16_000))
    answer = small.send("/api/v1/listen?keep=true", path.read_bytes(), name=name, headers=mine)
    if answer.status == 400:  # a name that breaks the form itself
        return
    assert answer.status == 200
    assert "/" not in answer.json["source"]
    assert len(answer.json["source"]) <= 120
    kept = list(small.settings.keep.iterdir())
    assert kept
    assert all(each.parent == small.settings.keep for each in kept)
    assert all(set(each.name) <= set("0123456789abcdef-.wavmedijson") for each in kept)


def test_nothing_is_kept_unless_both_sides_ask_for_it(served, small, mine, tmp_path):
    path = write_wav(tmp_path / "tone.wav", tone(1.0, rate=16_000))
    assert served.send("/api/v1/listen?keep=true", path.read_bytes()).status == 403
    before = set(small.settings.keep.glob("*")) if small.settings.keep.exists() else set()
    assert small.send("/api/v1/listen", path.read_bytes(), headers=mine).status == 200
    after = set(small.settings.keep.glob("*")) if small.settings.keep.exists() else set()
    assert before == after


def test_too_large_is_413_before_and_while_it_streams(small, mine):
    large = small.send("/api/v1/listen", b"x" * (SMALL.bytes + 100_000), headers=mine)
    assert large.status == 413
    body = form(b"x" * (SMALL.bytes + 1))
    assert small.send("/api/v1/listen", b"x" * (SMALL.bytes + 1), headers=mine).status == 413
    head = (
        f"POST /api/v1/listen HTTP/1.1\r\nHost: {small.netloc}\r\nTransfer-Encoding: chunked\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        f"Authorization: {mine['Authorization']}\r\n\r\n"
    )
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body) * 2, body * 2)
    with small.connect(head.encode() + chunked) as raw:
        assert b" 413 " in raw.recv(100)
    assert files_left(small) == []


def test_too_long_is_413_even_where_the_header_lies(small, mine, tmp_path):
    long_s = SMALL.duration_s + 5
    told = write_media(tmp_path / "long.flac", audio=Audio(np.zeros(round(long_s * 8000)), 8000))
    answer = small.send("/api/v1/listen", told.read_bytes(), headers=mine)
    assert answer.status == 413
    assert answer.error == f"the recording is longer than {SMALL.duration_s:g} s"
    lying = bytearray(told.read_bytes())
    at = lying.index(b"fLaC") + 8 + 13  # in STREAMINFO, four and a half bytes: samples
    lying[at] &= 0xF0
    lying[at + 1 : at + 5] = bytes(4)
    answer = small.send("/api/v1/listen", bytes(lying), headers=mine)
    assert answer.status == 413


def test_hours_of_silence_in_few_bytes_cost_nothing(served, tmp_path):
    hours = write_media(
        tmp_path / "bomb.flac", audio=Audio(np.zeros(8000 * 3600), 8000)
    ).read_bytes()
    assert len(hours) < 700_000
    began = time.monotonic()
    answer = served.send("/api/v1/listen", hours)
    assert answer.status == 413
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", FORM_TYPE["Content-Type"], 422),
        (form(b"x")[:-20], FORM_TYPE["Content-Type"], 400),
        (form(b"", name="a.wav"), FORM_TYPE["Content-Type"], 422),
        (form(b"x", field="other"), FORM_TYPE["Content-Type"], 422),
        (b"x" * 100, "audio/wav", 415),
        (b"x" * 100, "multipart/form-data", 415),
        (b"x" * 100, "multipart/form-data; boundary=" + "b" * 300, 415),
        (form(b"x").replace(b"file", b"f" * 9000), FORM_TYPE["Content-Type"], 400),
        (form(b"x")[: -len(BOUNDARY) - 8] + b"\r\n" + form(b"y"), FORM_TYPE["Content-Type"], 422),
    ],
)
def test_a_form_that_is_none_is_refused(served, body, kind, status):
    answer = served.ask("/api/v1/listen", method="POST", body=body, headers={"Content-Type": kind})
    assert answer.status == status, answer.body
    assert files_left(served) == []


def test_who_sends_too_slowly_is_given_up(small, mine):
    head = (
        f"POST /api/v1/listen HTTP/1.1\r\nHost: {small.netloc}\r\nContent-Length: 5000\r\n"
        f"Content-Type: {FORM_TYPE['Content-Type']}\r\n"
        f"Authorization: {mine['Authorization']}\r\n\r\n--"
    )
    with small.connect(head.encode()) as raw:
        assert b" 408 " in raw.recv(100)
    assert files_left(small) == []


def test_more_than_the_queue_holds_is_429(small, mine):
    slow = (
        f"POST /api/v1/listen HTTP/1.1\r\nHost: {small.netloc}\r\nContent-Length: 5000\r\n"
        f"Content-Type: {FORM_TYPE['Content-Type']}\r\n"
        f"Authorization: {mine['Authorization']}\r\n\r\n--"
    ).encode()
    with small.connect(slow), small.connect(slow):
        until = time.monotonic() + 5
        while small.desk.crew.inside < SMALL.queue and time.monotonic() < until:
            time.sleep(0.01)
        answer = small.send("/api/v1/listen", b"x", headers=mine)
        assert answer.status == 429
        assert int(answer.headers["retry-after"]) >= 1
    while small.desk.crew.inside:
        time.sleep(0.05)


def test_pictures_of_a_tone_show_it_where_it_is(served, tmp_path):
    path = write_wav(tmp_path / "a.wav", tone(2.0, hz=440.0, rate=16_000))
    answer = served.send("/api/v1/pictures?start_s=0.5&end_s=1.5", path.read_bytes())
    assert answer.status == 200
    found = answer.json
    assert found["duration_s"] == pytest.approx(1.0, abs=0.01)
    assert max(high for _, high in found["peaks"]) == pytest.approx(0.5, abs=0.02)
    assert [picture["id"] for picture in found["pictures"]] == ["mel", "mfcc", "chroma"]
    assert found["pictures"][0]["x"] == {
        "label": "s",
        "from": 0.5,
        "to": pytest.approx(1.5, abs=0.01),
    }
    for picture in found["pictures"]:
        assert picture["image"].startswith("data:image/png;base64,iVBOR")
        assert all(0 <= at <= 1 for at, _ in picture["y"]["ticks"])


def test_a_part_that_is_not_there_is_said(served, tmp_path):
    path = write_wav(tmp_path / "a.wav", tone(1.0, rate=16_000))
    assert served.send("/api/v1/pictures?start_s=5&end_s=6", path.read_bytes()).status == 422
    assert served.send("/api/v1/pictures?start_s=5&end_s=4", path.read_bytes()).status == 422
    assert served.send("/api/v1/pictures?start_s=nan", path.read_bytes()).status == 422
