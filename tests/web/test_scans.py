"""Manifests run from the page, and the library that their reports come to."""

import json
import time

import pytest

from tests.report.example import example_report
from voxemo_scan.report.write import write_report
from voxemo_scan.web.scans.manifest import read_manifest

MANIFEST = """\
name: From the page
scenes:
  - id: one
    title: One <b>clip</b>
    source: clip:the-lighthouse
  - {id: two, source: "clip:the-last-train", start: 2, end: 6}
"""


def scan(running, text):
    body = json.dumps({"manifest": text}).encode()
    return running.ask(
        "/api/v1/scans", method="POST", body=body, headers={"Content-Type": "application/json"}
    )


def ended(running, scan_id, *, within_s=150.0):
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        found = running.ask(f"/api/v1/scans/{scan_id}").json
        if found["state"] in {"done", "failed", "cancelled"}:
            return found
        time.sleep(0.2)
    raise AssertionError(found)


def test_a_manifest_is_run_followed_and_its_report_downloaded(served):
    taken = scan(served, MANIFEST)
    assert taken.status == 202
    scan_id = taken.json["id"]
    events = served.ask(f"/api/v1/scans/{scan_id}/events")
    assert events.headers["content-type"].startswith("text/event-stream")
    told = [
        json.loads(line.removeprefix("data: "))
        for line in events.body.decode().splitlines()
        if line.startswith("data: ")
    ]
    assert told[-1] == served.ask(f"/api/v1/scans/{scan_id}").json
    last = told[-1]
    assert (last["state"], last["exit_code"], last["error"]) == ("done", 0, None)
    assert [scene["state"] for scene in last["scenes"]] == ["done", "done"]
    assert {told[0]["state"], "done"} <= {"queued", "running", "done"}
    page = served.ask(last["report"])
    assert page.status == 200
    assert b"One &lt;b&gt;clip&lt;/b&gt;" in page.body
    policy = page.headers["content-security-policy"]
    assert "sandbox allow-scripts" in policy
    assert "allow-same-origin" not in policy
    base = last["report"].rpartition("/")[0]
    report = served.ask(f"{base}/report.json").json
    assert [s["source"] for s in report["scenes"]] == ["clip/the-lighthouse", "clip/the-last-train"]
    assert str(served.desk.folder) not in json.dumps(report)
    assert served.ask(f"{base}/windows.csv").headers["content-type"].startswith("text/csv")
    listed = served.ask("/api/v1/reports?q=from+CLIP").json
    assert last["report"] in [report["url"] for report in listed]
    assert served.ask("/api/v1/scans").json[0]["id"] == scan_id


def test_a_run_can_be_cancelled_and_the_next_one_waits_for_it(served):
    first, second = (scan(served, MANIFEST).json["id"] for _ in range(2))
    assert served.ask(f"/api/v1/scans/{second}").json["state"] == "queued"
    cancelled = served.ask(f"/api/v1/scans/{second}", method="DELETE").json
    assert cancelled["state"] == "cancelled"
    assert {scene["state"] for scene in cancelled["scenes"]} == {"cancelled"}
    served.ask(f"/api/v1/scans/{first}", method="DELETE")
    found = ended(served, first)
    assert (found["state"], found["report"]) == ("cancelled", None)
    again = served.ask(f"/api/v1/scans/{first}", method="DELETE")
    assert (again.status, again.json["state"]) == (200, "cancelled")


@pytest.mark.parametrize(
    "source",
    ["/etc/passwd", "../../secret.wav", "~/a.wav", "clip/../../etc/passwd", "clip:unknown",
     "http://127.0.0.1:9/a.wav", "http://localhost/a.wav", "http://[::1]/a.wav",
     "http://192.168.1.1/a.mp4", "http://169.254.169.254/latest"],
)  # fmt: skip
def test_what_is_on_this_machine_or_in_its_network_is_no_source(served, source):
    text = f"scenes:\n  - id: one\n    source: {json.dumps(source)}\n"
    answer = scan(served, text)
    assert answer.status == 422
    (problem,) = answer.json["error"]["problems"]
    assert (problem["line"], problem["column"]) == (3, 13)
    assert problem["message"]


def test_all_mistakes_are_told_at_once_with_their_places(served):
    answer = scan(served, "scenes:\n  - {id: A B, source: x.wav, color: red}\n  - {id: c}\n")
    problems = answer.json["error"]["problems"]
    assert answer.status == 422
    assert len(problems) >= 3
    assert {problem["line"] for problem in problems} == {2, 3}


def test_a_bomb_of_yaml_is_refused_in_time(served):
    layers = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))
    began = time.monotonic()
    assert scan(served, f"a0: &a0 [x]\n{layers}\n").status == 422
    assert scan(served, "x" * (257 * 1024)).status == 422
    assert time.monotonic() - began < 10


def test_a_huge_body_is_413_before_it_is_read(served):
    answer = scan(served, "x" * 3_000_000)
    assert answer.status == 413


def test_a_clips_place_in_the_text_stays_right():
    _, fitted = read_manifest(MANIFEST, clips={"the-lighthouse", "the-last-train"})
    assert [len(line) for line in fitted.splitlines()] == [len(x) for x in MANIFEST.splitlines()]


def test_the_library_finds_reports_by_words_and_serves_nothing_else(served):
    root = served.settings.reports
    write_report(example_report(), root / "example")
    (root / "broken").mkdir()
    (root / "broken" / "report.json").write_text("{")
    (root / "secret.txt").write_text("secret")
    found = served.ask("/api/v1/reports").json
    (known,) = [report for report in found if report["name"] == example_report().manifest_name]
    assert served.ask("/api/v1/reports?q=nowhere-to-be-found").json == []
    title = known["scenes"][0]["title"]
    assert known in served.ask(f"/api/v1/reports?q={title.split()[0].upper()}").json
    assert served.ask(known["url"]).status == 200
    base = f"/api/v1/reports/{known['id']}"
    for name in (
        "../secret.txt",
        "%2e%2e/secret.txt",
        ".files.sha256",
        "captions",
        "report.json/x",
    ):
        assert served.ask(f"{base}/{name}").status in {404, 422}, name
    assert served.ask("/api/v1/reports/0123456789abcdef/report.html").status == 404


def test_a_report_that_is_a_link_elsewhere_is_not_served(served, tmp_path):
    root = served.settings.reports
    write_report(example_report(), tmp_path / "outside")
    (root / "linked").symlink_to(tmp_path / "outside", target_is_directory=True)
    write_report(example_report(), root / "half")
    (root / "half" / "report.md").unlink()
    (root / "half" / "report.md").symlink_to("/etc/passwd")
    for report in served.ask("/api/v1/reports").json:
        text = served.ask(report["url"].replace("report.html", "report.md"))
        assert b"root:" not in text.body
    folders = {report.folder.name for report in served.desk.library.reports()}
    assert "linked" not in folders
