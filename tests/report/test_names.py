"""Names made from ids."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from voxemo_scan.report.names import unique_names


def test_a_manifests_ids_stay_as_they_are():
    assert unique_names(["a-few-good-men", "elf"]) == ["a-few-good-men", "elf"]


def test_what_could_leave_the_folder_or_collide_is_renamed():
    names = unique_names(["../../etc/passwd", "Elf!", "elf", "elf", ""])
    assert names == ["etc-passwd", "elf-2", "elf", "elf-3", "scene"]


@given(st.lists(st.text("aA-./\u00e9 1", max_size=6), max_size=12))
def test_names_are_plain_and_all_different(ids):
    names = unique_names(ids)
    assert len(set(names)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in names)
