"""Recordings without a manifest."""

import json

import pytest

from tests.support.media_server import Reply


def test_a_table_for_people(run, spoken):
    code, out, _ = run("listen", str(spoken[0]))
    assert code == 0
    assert "spoken.wav" in out


def test_json_has_one_item_a_recording_with_its_source(run, spoken, server):
    web = server.add_file("/talk.wav", spoken[0])
    code, out, _ = run("listen", str(spoken[0]), web, "--json")
    assert code == 0
    here, there = json.loads(out)["recordings"]
    assert here["source"] == str(spoken[0])
    assert there["source"] == web
    assert "id" not in here
    assert "title" not in here
    assert here["shares"] == there["shares"]
    assert sum(here["shares"].values()) == pytest.approx(1.0, abs=1e-6)
    assert here["windows"]


def test_one_that_fails_does_not_stop_the_other(run, spoken, server):
    gone = server.add("/gone.wav", Reply(status=404))
    code, out, err = run("listen", gone, str(spoken[0]), "--json")
    assert code == 3
    assert [item["status"] for item in json.loads(out)["recordings"]] == ["failed", "ok"]
    assert "404" in err


def test_nothing_to_listen_to_is_a_usage_error(run):
    assert run("listen")[0] == 2


def test_an_unknown_estimator_is_a_usage_error(run, spoken):
    code, told, said = run("listen", str(spoken[0]), "--estimator", "median", "-q")
    assert (code, told) == (2, "")
    assert "'median' is no estimator; choose em or mean" in " ".join(said.split())


def test_plain_means_can_be_asked_for(run, spoken):
    (heard,) = json.loads(run("listen", str(spoken[0]), "--json", "-q")[1])["recordings"]
    (plain,) = json.loads(run("listen", str(spoken[0]), "--estimator", "mean", "--json", "-q")[1])[
        "recordings"
    ]
    assert plain["shares"] == plain["mean_shares"] == heard["mean_shares"]
    assert heard["shares"] != heard["mean_shares"]
    assert sum(heard["shares"].values()) == pytest.approx(1.0, abs=1e-6)
