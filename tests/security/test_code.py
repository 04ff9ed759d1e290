"""What the package's own code never does, read from its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import voxemo_scan

ROOT = Path(voxemo_scan.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
UNPICKLERS = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
SHELLS = {"os.system", "os.popen", "pty.spawn", "subprocess.getoutput"}
PICKLE_READERS = {"torch.load", "numpy.load", "np.load", "pandas.read_pickle", "yaml.load"}


def names(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield every module imported and every dotted name called, with where."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)
        elif isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


@pytest.fixture(scope="module")
def used() -> list[tuple[str, str, ast.AST]]:
    found = []
    for path in MODULES:
        tree = ast.parse(path.read_text("utf-8"))
        place = str(path.relative_to(ROOT))
        found += [(place, name, node) for name, node in names(tree)]
    return found


def test_the_search_finds_what_it_looks_for() -> None:
    text = "import pickle\nfrom joblib import load\nimport torch\ntorch.load('a')\neval('1')\n"
    seen = {name for name, _ in names(ast.parse(text))}
    assert {"pickle", "joblib", "joblib.load", "torch.load", "eval"} <= seen
    assert len(MODULES) > 100


def test_nothing_is_unpickled(used: list[tuple[str, str, ast.AST]]) -> None:
    """Files are safetensors, JSON, SQLite, YAML, CSV; a pickle could run anything when read."""
    assert not [(p, n) for p, n, _ in used if n.split(".")[0] in UNPICKLERS]
    for place, name, node in used:
        if name in PICKLE_READERS:
            assert name.endswith("np.load") or name == "numpy.load", (place, name)
            told = {word.arg: ast.unparse(word.value) for word in node.keywords}  # type: ignore[attr-defined]
            assert told.get("allow_pickle", "False") == "False", place


def test_no_text_becomes_code_and_no_shell_is_asked(
    used: list[tuple[str, str, ast.AST]],
) -> None:
    assert not [(p, n) for p, n, _ in used if n in {"eval", "exec", "compile", *SHELLS}]
    for place, name, node in used:
        if isinstance(node, ast.Call) and name.startswith("subprocess."):
            assert not [word for word in node.keywords if word.arg == "shell"], place


def test_no_certificate_goes_unchecked(used: list[tuple[str, str, ast.AST]]) -> None:
    unsafe = ("_create_unverified_context", "disable_warnings", "CERT_NONE")
    assert not [(p, n) for p, n, _ in used if n.endswith(unsafe)]


def test_weights_are_safetensors_only() -> None:
    kinds = {path.suffix for path in (ROOT / "models").rglob("*") if path.is_file()}
    assert not kinds & {".pt", ".pth", ".bin", ".pkl", ".ckpt", ".npy", ".npz"}
