import time
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.manifest.test_load import WHOLE
from voxemo_scan.errors import ManifestError
from voxemo_scan.manifest.load import parse_manifest
from voxemo_scan.manifest.model import Manifest

MARKS = "{ } [ ] , & * ! | > ? - : % # ~ << ' \" \\ &a *a !!str --- ... %YAML"
WORDS = "name scenes id source expect at_least angry 30% 0:39 elf 1.1"
SPACES = ("\n", "  ", "- ", ": ", "? ", "\t", "|\n", "---\n", "%YAML 1.1\n")
ODDITIES = ("\0", "\x85", "\u2028", "\ufeff", "\ud800")
YAML_PIECES = st.sampled_from([*MARKS.split(), *WORDS.split(), *SPACES, *ODDITIES])


def outcome(text: str) -> Manifest | ManifestError:
    started = time.perf_counter()
    try:
        return parse_manifest(text, path=Path("m.yaml"))
    except ManifestError as error:
        assert error.problems
        positions = [(p.line, p.column) for p in error.problems]
        assert positions == sorted(positions)
        assert all(line >= 1 and column >= 1 for line, column in positions)
        return error
    finally:
        assert time.perf_counter() - started < 2.0


@given(st.text(max_size=300))
def test_any_text_is_a_manifest_or_problems(text: str) -> None:
    outcome(text)


@given(st.lists(YAML_PIECES, max_size=60).map("".join))
@settings(max_examples=300)
def test_anything_like_yaml_is_a_manifest_or_problems(text: str) -> None:
    outcome(text)


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(WHOLE)), st.integers(0, 12), YAML_PIECES | st.text(max_size=4)
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=150, deadline=None)
def test_a_damaged_manifest_is_a_manifest_or_problems(edits: list[tuple[int, int, str]]) -> None:
    text = WHOLE
    for at, cut, piece in edits:
        text = text[:at] + piece + text[at + cut :]
    outcome(text)


@given(st.sampled_from(WHOLE.splitlines()[3:15]))
def test_a_line_left_out_is_a_manifest_or_problems_on_a_line_of_it(line: str) -> None:
    text = WHOLE.replace(line + "\n", "", 1)
    found = outcome(text)
    if isinstance(found, ManifestError):
        assert all(problem.line <= text.count("\n") + 1 for problem in found.problems)
