"""Who gets in: hosts, origins, tokens, rates; and the headers of every answer."""

import pytest

from tests.support.web import Served
from tests.web.conftest import TOKEN
from voxemo_scan.web.security.hosts import hosts_of, is_foreign
from voxemo_scan.web.security.rate import RateLimit
from voxemo_scan.web.settings import Limits, WebSettings

FOREIGN = ("evil.example", "127.0.0.1.evil.example", "a@evil.example", "[::2]", "", "10.0.0.7")
ORIGINS = (
    "http://evil.example", "null", "ftp://127.0.0.1:{port}", "http://127.0.0.1:1", "http://[", "",
)  # fmt: skip


@pytest.mark.parametrize("host", FOREIGN)
def test_a_name_that_is_not_ours_is_refused(served, host):
    answer = served.ask("/api/v1/info", headers={"Host": host})
    assert answer.status in {400, 403}
    assert served.ask("/", headers={"Host": host}).status in {400, 403}


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:9999", "127.0.0.1:1", "[::1]:8000"])
def test_names_of_this_machine_are_ours_whatever_the_port(served, host):
    assert served.ask("/api/v1/info", headers={"Host": host}).status == 200


def test_a_request_without_a_host_or_with_two_is_refused(served):
    with served.connect(b"GET /api/v1/info HTTP/1.0\r\n\r\n") as raw:
        assert b" 400 " in raw.recv(200)
    with served.connect(
        b"GET /api/v1/info HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n"
    ) as raw:
        assert b" 400 " in raw.recv(200)


@pytest.mark.parametrize("origin", ORIGINS)
def test_another_sites_page_cannot_send_anything(served, origin):
    headers = {"Origin": origin.format(port=served.port)}
    for method, path in (
        ("POST", "/api/v1/listen"),
        ("POST", "/api/v1/scans"),
        ("GET", "/api/v1/info"),
    ):
        assert served.ask(path, method=method, body=b"", headers=headers).status == 403
    assert served.ask("/api/v1/info", headers={"Sec-Fetch-Site": "cross-site"}).status == 403


def test_the_page_itself_may_ask_and_links_may_lead_to_it(served):
    own = {"Origin": f"http://{served.netloc}", "Sec-Fetch-Site": "same-origin"}
    assert served.ask("/api/v1/info", headers=own).status == 200
    behind_a_proxy = {"Origin": f"https://{served.netloc}"}
    assert served.ask("/api/v1/info", headers=behind_a_proxy).status == 200
    assert served.ask("/", headers={"Sec-Fetch-Site": "cross-site"}).status == 200


def test_every_answer_carries_the_headers(served):
    for path in ("/", "/api/v1/info", "/nothing", "/api/v1/clips/none", "/metrics", "/healthz"):
        headers = served.ask(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin", path
        assert headers["content-security-policy"].startswith("default-src 'none'"), path
        assert headers["cross-origin-resource-policy"] == "same-origin", path
        assert "access-control-allow-origin" not in headers, path
        assert "server" not in headers, path
    refused = served.ask("/api/v1/info", headers={"Host": "evil.example"})
    assert refused.headers["x-content-type-options"] == "nosniff"
    policy = served.ask("/").headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_without_the_token_there_is_nothing_but_the_login_page(small):
    for path in ("/api/v1/info", "/api/v1/clips", "/metrics", "/openapi.json", "/api/v1/reports"):
        answer = small.ask(path)
        assert answer.status == 401, path
        assert answer.headers["www-authenticate"] == "Bearer"
    assert small.send("/api/v1/listen", b"x").status == 401
    assert (small.ask("/").status, small.ask("/").headers["location"]) == (303, "/login")
    assert small.ask("/healthz").json == {"status": "ok"}
    assert b"<form" in small.ask("/login").body


def test_a_wrong_token_is_refused(small):
    assert small.ask("/api/v1/info", headers={"Authorization": "Bearer wrong"}).status == 401
    assert small.ask("/api/v1/info", headers={"Cookie": "voxemo_token=wrong"}).status == 401
    assert small.ask("/?token=wrong").headers["location"] == "/login"


def test_the_token_lets_in_as_a_header_a_form_and_in_the_address(small, mine):
    assert small.ask("/api/v1/info", headers=mine).status == 200
    asked = small.ask(f"/?token={TOKEN}")
    form = small.ask(
        "/login", method="POST", body=f"token={TOKEN}".encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    for answer in (asked, form):
        assert (answer.status, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        kept = {"Cookie": cookie.partition(";")[0]}
        assert small.ask("/api/v1/info", headers=kept).status == 200
        assert small.ask("/", headers=kept).status == 200


def test_tokens_cannot_be_tried_for_long():
    with Served(WebSettings(token=TOKEN, warm=False)) as running:
        wrong = [
            running.ask("/api/v1/info", headers={"Authorization": f"Bearer {n}"}).status
            for n in range(15)
        ]
        assert wrong[:10] == [401] * 10
        assert wrong[-1] == 429
        form = running.ask("/login", method="POST", body=b"token=x")
        assert form.status == 429
        assert int(form.headers["retry-after"]) >= 1


def test_who_asks_too_often_is_told_when_to_come_again():
    limits = Limits(asks_per_minute=20, work_per_minute=4)
    with Served(WebSettings(warm=False, limits=limits)) as running:
        asked = [running.ask("/healthz") for _ in range(12)]
        assert [answer.status for answer in asked[:10]] == [200] * 10
        assert asked[-1].status == 429
        assert 1 <= int(asked[-1].headers["retry-after"]) <= 4
        worked = [running.ask("/api/v1/scans", method="POST", body=b"{}").status for _ in range(3)]
        assert worked == [422, 422, 429]


def test_a_rate_refills_evenly_and_forgets_the_silent():
    now = [0.0]
    limit = RateLimit(60, clock=lambda: now[0])
    assert [limit.take("a") for _ in range(30)] == [0.0] * 30
    assert limit.take("a") == pytest.approx(1.0)
    now[0] = 1.0
    assert limit.take("a") == 0.0
    assert limit.take("b") == 0.0
    for n in range(5000):
        limit.take(f"other {n}")
    assert limit.take("a") == 0.0
    assert len(limit._buckets) <= 4096


def test_served_elsewhere_numbers_are_ours_and_names_must_be_given():
    hosts = hosts_of(WebSettings(host="0.0.0.0", token=TOKEN, names=("Films.Example",)))
    assert hosts.allows("192.168.1.7:8765")
    assert hosts.allows("films.example:80")
    assert not hosts.allows("evil.example")


def test_a_websocket_of_another_sites_page_is_foreign():
    headers = {"host": "localhost:1", "origin": "http://localhost:2"}
    assert is_foreign(headers, method="POST", navigates=False)
    assert not is_foreign(
        headers | {"origin": "http://localhost:1"}, method="POST", navigates=False
    )


def test_openapi_tells_of_the_token_only_where_there_is_one(served, small, mine):
    assert "securitySchemes" not in served.ask("/openapi.json").json.get("components", {})
    described = small.ask("/openapi.json", headers=mine).json
    assert described["components"]["securitySchemes"] == {
        "token": {"type": "http", "scheme": "bearer"}
    }


def test_a_person_types_the_token_into_a_browser(small, browser):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"http://{small.netloc}/")
    assert page.url.endswith("/login")
    page.fill("#token", "not the token")
    page.click("button")
    assert "That is not the token" in page.inner_text("main")
    page.fill("#token", TOKEN)
    page.click("button")
    page.wait_for_url("**/")
    assert page.evaluate("fetch('/api/v1/info').then(answer => answer.status)") == 200
    assert page.evaluate("document.cookie") == ""
    context.close()
