"""Verdicts explained over HTTP."""

import json

import pytest

from tests.support.web import Served
from voxemo_scan.web.settings import WebSettings


@pytest.fixture(scope="module")
def explaining(tmp_path_factory):
    """The application with the model that is the default."""
    with Served(WebSettings(reports=tmp_path_factory.mktemp("reports"))) as running:
        yield running


def test_an_explanation_is_what_the_command_prints(explaining, run, demo_clips):
    clip = demo_clips / "the-lighthouse.opus"
    assert explaining.ask("/api/v1/info").json["explain"] is True
    answer = explaining.send("/api/v1/explain?at_s=3", clip.read_bytes(), name=clip.name)
    assert answer.status == 200
    found = answer.json
    wide, narrow = found.pop("image"), found.pop("narrow")
    assert wide.startswith("data:image/svg+xml;base64,")
    assert narrow.startswith("data:image/svg+xml;base64,")
    assert wide != narrow
    printed = json.loads(run("explain", str(clip), "--at", "3", "--json")[1])
    assert found == {name: printed[name] for name in found}


def test_where_nobody_speaks_there_is_nothing_to_explain(explaining, demo_clips):
    sound = (demo_clips / "the-lighthouse.opus").read_bytes()
    answer = explaining.send("/api/v1/explain?at_s=0", sound, name="a.opus")
    assert answer.status == 422
    assert answer.error


def test_a_model_without_an_encoder_says_that_it_cannot(served, demo_clips):
    assert served.ask("/api/v1/info").json["explain"] is False
    sound = (demo_clips / "the-lighthouse.opus").read_bytes()
    answer = served.send("/api/v1/explain?at_s=3", sound, name="a.opus")
    assert answer.status == 422
    assert "encoder" in answer.error
