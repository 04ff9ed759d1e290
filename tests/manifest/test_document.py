import json
import time

import pytest

from voxemo_scan.manifest.document import read_document
from voxemo_scan.manifest.nodes import Place, find, plain


def read(text: str) -> object:
    node, faults = read_document(text)
    assert faults == []
    assert node is not None
    return plain(node)


def fault_of(text: str) -> tuple[int, int, str]:
    node, faults = read_document(text)
    assert node is None
    (fault,) = faults
    return fault.place.line, fault.place.column, fault.message


def test_scalars_stay_as_they_are_written() -> None:
    text = "a: 1917\nb: No\nc: 0:39\nd: '~'\ne: ~\nf:\ng: 0x1F\nh: 2001-01-01\n"
    assert read(text) == {
        "a": "1917",
        "b": "No",
        "c": "0:39",
        "d": "~",
        "e": None,
        "f": None,
        "g": "0x1F",
        "h": "2001-01-01",
    }


def test_json_is_yaml() -> None:
    assert read('{"a": [1, "x", null], "b": {}}') == {"a": ["1", "x", None], "b": {}}


def test_json_escapes_in_pairs_are_one_character() -> None:
    assert read(json.dumps({"a": "😀é"})) == {"a": "😀é"}
    assert read('"\\ud83d"') == "\ud83d"


def test_anchors_may_be_repeated() -> None:
    assert read("a: &x {b: c}\nd: [*x, *x]") == {"a": {"b": "c"}, "d": [{"b": "c"}, {"b": "c"}]}


def test_places_count_from_one() -> None:
    node, _ = read_document("name: x\nscenes:\n  - id: elf\n    title: Elf\n")
    assert node is not None
    title, key = find(node, ("scenes", 0, "title"))
    assert (title.place, key) == (Place(4, 12), Place(4, 5))
    missing, at = find(node, ("scenes", 0, "source"))
    assert (missing.place, at) == (Place(3, 5), Place(3, 5))


def test_columns_count_characters_not_bytes() -> None:
    node, _ = read_document("{é映: x, b: y}")
    assert node is not None
    assert find(node, ("b",))[1] == Place(1, 9)


def test_repeated_keys_complex_keys_and_tags_are_told_together() -> None:
    _, faults = read_document("a: 1\na: 2\n? [x]\n: y\nb: !!python/object:os.system z\n")
    assert [(f.place.line, f.place.column) for f in faults] == [(2, 1), (3, 3), (5, 4)]
    assert "already given in line 1" in faults[0].message
    assert "must be text" in faults[1].message
    assert "python/object" in faults[2].message


@pytest.mark.parametrize(
    ("text", "line", "column", "part"),
    [
        ("a: b: c", 1, 5, "quotes"),
        ("a:\n\tb: c", 2, 1, "tab"),
        ("a: [1, 2", 1, 9, "not valid YAML"),
        ("a: 1\n\x00", 2, 1, "U+0000"),
        ("a: 1\n---\nb: 2\n", 2, 1, "second YAML document"),
        ("a: *b", 1, 4, "no anchor"),
        ("a: &b [*b]", 1, 8, "inside what it repeats"),
        ('a: "\\UFFFFFFFF"', 1, 1, "not valid YAML"),
    ],
)
def test_broken_yaml_is_told_where_it_breaks(text: str, line: int, column: int, part: str) -> None:
    found = fault_of(text)
    assert found[:2] == (line, column)
    assert part in found[2]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_is_refused(opening: str) -> None:
    assert "levels deep" in fault_of(opening * 100_000)[2]


def test_an_alias_bomb_is_refused_at_once() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
    for name, before in zip("bcdefghij", "abcdefghi", strict=True):
        bomb += f"{name}: &{name} [{','.join([f'*{before}'] * 10)}]\n"
    started = time.perf_counter()
    assert "more than a manifest can" in fault_of(bomb)[2]
    assert time.perf_counter() - started < 1.0


def test_aliases_cannot_nest_deeper_than_text() -> None:
    chain = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 1000))
    assert "more than a manifest can" in fault_of(chain)[2]
