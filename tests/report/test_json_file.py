"""report.json: its schema, its round trip, and what is said of files that are none."""

from __future__ import annotations

import json
import math
from importlib.resources import files

import jsonschema
import pytest
from hypothesis import given, settings

from tests.report.example import example_report
from tests.report.strategies import reports
from voxemo_scan.emotions import EMOTIONS
from voxemo_scan.errors import UsageError
from voxemo_scan.report.json_file import (
    encode,
    from_json,
    read_report,
    recording_item,
    scene_item,
    to_json,
)

SCHEMA = json.loads(files("voxemo_scan.report").joinpath("report.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


@settings(max_examples=60)
@given(report=reports)
def test_what_is_written_is_read_back_the_same_and_fits_the_schema(report):
    value = json.loads(encode(to_json(report)))
    VALIDATOR.validate(value)
    assert from_json(value) == report


def test_the_schema_is_valid_and_turns_down_what_departs_from_it():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    value = to_json(example_report())
    value["scenes"][4]["shares"] = value["scenes"][0]["shares"]
    assert not VALIDATOR.is_valid(value)
    value = to_json(example_report())
    del value["scenes"][0]["shares"]
    assert not VALIDATOR.is_valid(value)


def test_only_a_scene_that_was_heard_has_shares_and_they_sum_to_one():
    items = {item["id"]: item for item in to_json(example_report())["scenes"]}
    heard = {"shares", "share_ci", "dominant", "voices"}
    for name in ("pulp-fiction", "hush"):
        assert not heard & items[name].keys()
    for name in ("a-few-good-men", "steel-magnolias", "elf", "one-word"):
        assert heard <= items[name].keys()
        assert tuple(items[name]["shares"]) == EMOTIONS
        assert math.isclose(sum(items[name]["shares"].values()), 1, abs_tol=1e-6)


def test_a_scene_says_all_that_other_tools_rely_on():
    item = scene_item(example_report().scenes[0])
    assert item["windows"][0].keys() == {"start_s", "end_s", "probabilities", "female"}
    assert item["checks"][0] == {
        "rule": "dominant",
        "passed": True,
        "expected": "angry or disgust (tolerance 5 %)",
        "found": "angry 45.1 %",
        "line": 8,
    }
    assert item["published"] == {"sad": 0.10, "angry": 0.47, "disgust": 0.36}
    assert (item["verdict"], item["status"]) == ("passed", "ok")
    assert "error" not in item
    failed = scene_item(example_report().scenes[4])
    assert failed["error"] == "the address answered 404 Not Found"
    assert failed["remedy"].startswith("check the address")


def test_a_recording_has_its_source_for_id_and_title():
    item = recording_item(example_report().scenes[3])
    assert item["source"] == "clips/one-word.wav"
    assert not {"id", "title"} & item.keys()


def test_a_report_is_read_from_its_folder_or_its_file(tmp_path):
    (tmp_path / "report.json").write_bytes(encode(to_json(example_report())))
    assert read_report(tmp_path) == example_report()
    assert read_report(tmp_path / "report.json") == example_report()


def changed(path, value):
    document = to_json(example_report())
    *way, last = path
    place = document
    for key in way:
        place = place[key]
    place[last] = value
    return encode(document)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "is not JSON: Expecting property name"),
        (b"\xff\xfe\x00", "is not JSON: it is not UTF-8"),
        (b"[]", "schema is None"),
        (b'{"schema": "voxemo-scan/report/2"}', "schema is 'voxemo-scan/report/2'"),
        (b'{"schema": "voxemo-scan/report/1"}', "manifest is missing"),
        (b"[" * 100_000, "is not"),
        (
            changed(["scenes", 0, "verdict"], "fine"),
            "scenes[0].verdict is 'fine', not one of passed",
        ),
        (changed(["scenes", 1, "shares", "joy"], 0.1), "a key of scenes[1].shares is 'joy'"),
        (
            changed(["scenes", 0, "windows", 2, "start_s"], "0"),
            "windows[2].start_s is not a number",
        ),
        (changed(["scenes", 0, "duration_s"], 10**400), "duration_s is not a finite number"),
        (changed(["scenes", 0, "share_ci", "sad"], [0.1]), "share_ci.sad is not a low and a high"),
        (
            changed(["scenes", 0, "windows", 0, "probabilities"], {}),
            "probabilities.neutral is missing",
        ),
        (changed(["scenes"], {}), "scenes is not a list"),
    ],
)
def test_a_file_that_is_no_report_is_named_with_what_is_wrong_and_what_to_do(
    tmp_path, content, said
):
    path = tmp_path / "report.json"
    path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read_report(path)
    assert str(path) in caught.value.message
    assert said in caught.value.message
    assert caught.value.remedy


def test_a_missing_report_names_the_file_it_looked_for(tmp_path):
    with pytest.raises(UsageError, match=r"no report at .*report\.json"):
        read_report(tmp_path)
    with pytest.raises(UsageError, match=r"no report at .*gone"):
        read_report(tmp_path / "gone")
