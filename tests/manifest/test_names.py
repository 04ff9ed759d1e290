import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxemo_scan.manifest.mistake import MistakeError
from voxemo_scan.manifest.names import ID_PATTERN, RESERVED, parse_id, slug, unique_id


@pytest.mark.parametrize("text", ["a", "elf", "a-few-good-men", "12-angry-men", "x" * 64, "con-2"])
def test_ids_are_lower_case_words(text: str) -> None:
    assert parse_id(text) == text


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("", None),
        ("A Few Good Men", "a-few-good-men"),
        ("-elf", "elf"),
        ("../../etc/passwd", "etc-passwd"),
        ("..", None),
        ("a/b", "a-b"),
        ("a\\b", "a-b"),
        ("a.b", "a-b"),
        ("amélie", "amelie"),
        ("elf\n", "elf"),
        ("映画", None),
        ("٣", None),
        ("x" * 65, "x" * 64),
        ("nul", "nul-scene"),
        ("com1", "com1-scene"),
    ],
)
def test_what_could_leave_a_folder_is_no_id(text: str, suggestion: str | None) -> None:
    with pytest.raises(MistakeError) as caught:
        parse_id(text)
    assert caught.value.suggestion == suggestion


@given(st.text(max_size=200))
def test_a_slug_is_empty_or_an_id(text: str) -> None:
    made = slug(text)
    assert made == "" or parse_id(made) == made


@given(st.from_regex(ID_PATTERN, fullmatch=True), st.integers(1, 12))
def test_unique_ids_are_ids_and_differ(wanted: str, count: int) -> None:
    if wanted in RESERVED:
        wanted = "scene"
    taken: list[str] = []
    for _ in range(count):
        taken.append(unique_id(wanted, taken=taken))
    assert len(set(taken)) == count
    assert all(re.fullmatch(ID_PATTERN, made) for made in taken)
