from pathlib import Path

import pytest

from voxemo_scan.errors import ExitCode, ManifestError, UsageError
from voxemo_scan.manifest.document import LARGEST_BYTES
from voxemo_scan.manifest.load import MOST_PROBLEMS, load_manifest, parse_manifest
from voxemo_scan.manifest.model import Expectation, Manifest

WHOLE = """\
name: Famous scenes
defaults: {expect_tolerance: 5%}
scenes:
  - id: a-few-good-men
    title: A Few Good Men
    film: a-few-good-men
    source: https://youtu.be/9FnO3igOkOk?t=39
    end: 2:30
    expect:
      dominant: [anger, disgust]
      at_least: {ANG: 30 %}
      at_most:
        happy: 0.1
    published: {angry: 47%, disgust: 36%, sad: 10%}
    known_failure: why
  - id: short
    source: ../clips/short.wav
    expect: {dominant: sad, tolerance: 2%}
"""


def manifest_of(text: str) -> Manifest:
    return parse_manifest(text, path=Path("films/m.yaml"))


def problems_of(text: str) -> list[str]:
    with pytest.raises(ManifestError) as caught:
        parse_manifest(text, path=Path("m.yaml"))
    return str(caught.value).splitlines()


def scene_with(*lines: str) -> str:
    head = ["scenes:", "  - id: elf", "    source: elf.wav"]
    return "\n".join([*head, *(f"    {line}" for line in lines)]) + "\n"


def problem_with(*lines: str) -> str:
    (problem,) = problems_of(scene_with(*lines))
    return problem


def test_a_whole_scene_is_read() -> None:
    manifest = manifest_of(WHOLE)
    scene = manifest.scenes[0]
    assert manifest.name == "Famous scenes"
    assert (scene.id, scene.title, scene.film) == ("a-few-good-men", "A Few Good Men", scene.id)
    assert (scene.start_s, scene.end_s) == (39.0, 150.0)
    assert scene.expect == Expectation(
        dominant=("angry", "disgust"),
        at_least={"angry": 0.3},
        at_most={"happy": 0.1},
        tolerance=0.05,
    )
    assert scene.published == {"angry": 0.47, "disgust": 0.36, "sad": 0.1}
    assert scene.known_failure == "why"
    assert scene.is_web
    assert manifest.resolve(scene) == "https://youtu.be/9FnO3igOkOk?t=39"


def test_a_short_scene_takes_defaults() -> None:
    manifest = manifest_of(WHOLE)
    scene = manifest.scenes[1]
    assert (scene.title, scene.film, scene.start_s, scene.end_s) == ("Short", None, None, None)
    assert scene.expect == Expectation(dominant=("sad",), tolerance=0.02)
    assert (scene.published, scene.known_failure, scene.is_web) == ({}, None, False)
    assert manifest.resolve(scene) == Path("films/../clips/short.wav")


def test_scenes_and_rules_know_their_lines() -> None:
    first, second = manifest_of(WHOLE).scenes
    assert (first.line, second.line) == (4, 16)
    assert first.rule_lines == {"dominant": 10, "at_least.angry": 11, "at_most.happy": 13}
    assert second.rule_lines == {"dominant": 18}


def test_a_name_may_be_left_to_the_file() -> None:
    assert parse_manifest(scene_with(), path=Path("x/film-noir_2.yaml")).name == "Film noir 2"


def test_titles_that_look_like_other_things_stay_titles() -> None:
    for title in ("1917", "No", "0:39", "2001-01-01", "300", "true"):
        assert manifest_of(scene_with(f"title: {title}")).scenes[0].title == title


def test_start_wins_over_the_address() -> None:
    text = "scenes: [{id: a, source: 'https://youtu.be/x?t=39', start: 0, end: 0:10}]"
    assert manifest_of(text).scenes[0].start_s == 0.0


def test_a_key_left_empty_counts_as_absent() -> None:
    scene = manifest_of(scene_with("start:", "expect:", "published: ~", "known_failure:")).scenes[0]
    assert (scene.start_s, scene.expect, scene.published, scene.known_failure) == (None,) * 2 + (
        {},
        None,
    )


def test_all_problems_are_told_at_once_by_position() -> None:
    text = """\
name: Bad
scenes:
  - id: A Few Good Men
    title: [REC]
    sorce: a.wav
    end: 0:75
    expect: {at_least: {angri: 130%, sad: 5}}
  - id: elf
    source: ftp://example.org/a.wav
    published: {angry: 60%, sad: 50%}
  - id: elf
    source: youtu.be/x
nmae: x
"""
    assert problems_of(text) == [
        'm.yaml:3:5: the scene needs the key "source"',
        'm.yaml:3:9: the id "A Few Good Men" may hold only a-z, 0-9 and -, and not begin with -, '
        'did you mean "a-few-good-men"?',
        'm.yaml:4:12: "title" must be text, not a list; put it in quotes',
        'm.yaml:5:5: unknown key "sorce", did you mean "source"?',
        'm.yaml:6:10: time "0:75" has more than 59 seconds, did you mean "1:15"?',
        'm.yaml:7:25: unknown emotion "angri", did you mean "angry"?',
        'm.yaml:7:43: share "5" is neither a percentage nor a fraction, did you mean "5%"?',
        'm.yaml:9:13: only http and https addresses can be fetched, not "ftp:" '
        "(a path with a colon needs ./ before it)",
        "m.yaml:10:16: the published shares sum to 110%, more than 100%",
        'm.yaml:11:9: the id "elf" is already taken in line 8',
        'm.yaml:12:13: "youtu.be/x" lacks its scheme, did you mean "https://youtu.be/x"?',
        'm.yaml:13:1: unknown key "nmae", did you mean "name"?',
    ]


def test_yaml_faults_and_wrong_values_are_told_together() -> None:
    text = "scenes:\n  - {id: a, id: b, source: !x a.wav, film: ../b}\n"
    assert [p.split(": ", 1)[0] for p in problems_of(text)] == [
        "m.yaml:2:13",
        "m.yaml:2:28",
        "m.yaml:2:44",
    ]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["end: 0"], "m.yaml:4:10: the scene ends at 0:00, not after its start at 0:00"),
        (
            ["start: 1:00", "end: 0:59.5"],
            "m.yaml:5:10: the scene ends at 0:59.5, not after its start at 1:00",
        ),
        (["start: -1"], 'm.yaml:4:12: time "-1" is negative; write seconds (39), minutes (0:39) '
         "or hours (1:02:03.5)"),
        (["start: [1]"], "m.yaml:4:12: here stands a list, not a time"),
        (
            ["expect: {at_least: {sad: 60%, fear: 50%}}"],
            "m.yaml:4:24: the shares in at_least sum to 110%, more than 100%",
        ),
        (
            ["expect: {at_least: {sadness: 60%}, at_most: {SAD: 50%}}"],
            "m.yaml:4:55: sad is at most 50% but at least 60%",
        ),
        (
            ["expect: {at_most: {neu: 1%, hap: 1%, sad: 1%, ang: 1%, fea: 1%, dis: 1%}}"],
            "m.yaml:4:23: the six shares in at_most sum to 6%, less than 100%",
        ),
        (
            ["expect: {at_most: {anger: 10%, angry: 20%}}"],
            'm.yaml:4:36: "angry" and "anger" are one emotion',
        ),
        (["expect: {at_most: {anger: }}"], "m.yaml:4:30: here stands nothing, not a share"),
        (
            ["expect: {at_most: angry}"],
            'm.yaml:4:23: here must stand emotions with their shares, did you mean "{angry: 30%}"?',
        ),
        (
            ["expect: {dominant: [sad, joyful]}"],
            'm.yaml:4:30: unknown emotion "joyful", did you mean "joy"?',
        ),
        (
            ["expect: {dominant: bored}"],
            'm.yaml:4:24: unknown emotion "bored"; choose from neutral, happy, sad, angry, fear, '
            "disgust",
        ),
        (
            ["expect:", "  dominant: angry, disgust"],
            'm.yaml:5:17: several emotions are a list, did you mean "[angry, disgust]"?',
        ),
        (
            [f"expect: {{dominant: [{'sad, ' * 21}]}}"],
            "m.yaml:4:24: here stand more emotions than there are",
        ),
        (
            ["expect: {tolerance: 5%}"],
            "m.yaml:4:13: expect states no rule; give dominant, at_least or at_most",
        ),
        (["expect: [angry]"], 'm.yaml:4:13: "expect" must be keys with values, not a list'),
        (["dominant: sad"], 'm.yaml:4:5: "dominant" does not belong here but under "expect"'),
        (["known_failure: why"], "m.yaml:4:20: known_failure needs an expect that fails"),
        (['title: "a\\eb"'], 'm.yaml:4:12: "title" holds the control character U+001B'),
        (['title: ""'], 'm.yaml:4:12: "title" is empty'),
        ([f"title: {'x' * 301}"], 'm.yaml:4:12: "title" is longer than 300 characters'),
        (["film: con"], 'm.yaml:4:11: the id "con" is a device\'s name on Windows, '
         'did you mean "con-scene"?'),
        (
            ["colour: red"],
            'm.yaml:4:5: unknown key "colour"; known are id, title, film, source, start, end, '
            "expect, published, known_failure",
        ),
    ],
)  # fmt: skip
def test_each_mistake_is_told_at_its_place(lines: list[str], problem: str) -> None:
    assert problem_with(*lines) == problem


def test_the_start_in_an_address_counts_for_the_end() -> None:
    text = "scenes: [{id: a, source: 'https://youtu.be/x?t=39', end: 0:30}]"
    (problem,) = problems_of(text)
    assert problem.endswith(
        "the scene ends at 0:30, not after its start at 0:39 (from the address)"
    )


def test_rounded_published_shares_may_exceed_the_whole_a_little() -> None:
    shares = "{neutral: 17%, happy: 17%, sad: 17%, angry: 17%, fear: 17%, disgust: 17%}"
    assert sum(manifest_of(scene_with(f"published: {shares}")).scenes[0].published.values()) > 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("# only a comment\n", "the file is empty"),
        ("~", "the file is empty"),
        ("just text", "the file is plain text"),
        ("- id: a\n  source: b.wav\n", 'the file is a list; put it under the key "scenes"'),
        ("name: x\n", 'the manifest needs the key "scenes"'),
        ("scenes: []\n", '"scenes" is empty'),
        ("scenes:\n", '"scenes" is empty'),
        ("scenes: {a: b}\n", '"scenes" must be a list, not keys with values'),
        ("scenes: [elf.wav]\n", 'an entry of "scenes" must be keys with values, not text'),
    ],
)
def test_other_documents_are_told_what_they_lack(text: str, message: str) -> None:
    (problem,) = problems_of(text)
    assert message in problem


def test_one_mistake_made_a_thousand_times_is_told_a_hundred_times() -> None:
    text = "scenes:\n" + "".join(f"  - {{id: s{i}, sorce: a}}\n" for i in range(1000))
    problems = problems_of(text)
    assert len(problems) == MOST_PROBLEMS + 1
    assert problems[-1].endswith("more problems")


def test_a_file_is_read_with_its_byte_order_mark_and_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + scene_with("title: Amélie").replace("\n", "\r\n").encode())
    manifest = load_manifest(path)
    assert (manifest.path, manifest.scenes[0].title) == (path, "Amélie")


def test_text_that_is_not_utf8_is_told_where(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_bytes(scene_with("title: é").encode("latin-1"))
    with pytest.raises(ManifestError, match="0xe9 is not UTF-8") as caught:
        load_manifest(path)
    assert (caught.value.problems[0].line, caught.value.problems[0].column) == (4, 12)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_bytes(b"#" * (LARGEST_BYTES + 1))
    with pytest.raises(ManifestError, match="larger than 512 KiB"):
        load_manifest(path)
    if Path("/dev/zero").exists():
        with pytest.raises(ManifestError, match="larger than 512 KiB"):
            load_manifest(Path("/dev/zero"))


def test_a_missing_file_names_the_one_that_was_meant(tmp_path: Path) -> None:
    (tmp_path / "scenes.yaml").write_text(scene_with())
    with pytest.raises(UsageError) as caught:
        load_manifest(tmp_path / "scens.yaml")
    assert str(tmp_path / "scenes.yaml") in caught.value.remedy
    with pytest.raises(UsageError, match="voxemo-scan init"):
        load_manifest(tmp_path / "nowhere" / "x.yaml")


def test_a_folder_names_a_manifest_in_it(tmp_path: Path) -> None:
    (tmp_path / "scenes.yml").write_text(scene_with())
    with pytest.raises(UsageError, match="is a folder") as caught:
        load_manifest(tmp_path)
    assert "scenes.yml" in caught.value.remedy
    assert caught.value.exit_code == ExitCode.USAGE


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(scene_with())
    with pytest.raises(UsageError, match="cannot be read: Not a directory"):
        load_manifest(tmp_path / "m.yaml" / "x.yaml")


def test_a_name_that_no_file_can_have_is_told() -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_manifest(Path("a\0b.yaml"))
    with pytest.raises(UsageError, match="cannot be read"):
        load_manifest(Path("x" * 5000))
