"""What numba compiles for librosa is made by one process at a time."""

import re
import threading
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from voxemo_scan.features import compiled

IMPORTS = re.compile(r"^\s*(import|from) (librosa|numba)\b", re.MULTILINE)


def test_all_of_it_is_taken_from_where_it_is_made_alone():
    root = Path(compiled.__file__).parents[2]
    files = [*(root / "voxemo_scan").rglob("*.py"), *(root / "tests").rglob("*.py")]
    found = {path.name for path in files if IMPORTS.search(path.read_text("utf-8"))}
    assert found == {"compiled.py"}


def test_who_imports_waits_for_who_compiles(monkeypatch, tmp_path):
    monkeypatch.setattr(compiled.librosa, "__file__", str(tmp_path / "__init__.py"))
    imported = threading.Event()
    monkeypatch.setattr(compiled, "import_module", lambda name: name != "numba" and imported.set())
    with FileLock(tmp_path / "__pycache__" / "voxemo-scan.lock"):
        other = threading.Thread(target=compiled.import_compiled)
        other.start()
        assert not imported.wait(0.3)
    assert imported.wait(20)
    other.join()


@pytest.mark.parametrize(
    "told", [OSError("read-only"), NotImplementedError("no locks here"), Timeout("held for long")]
)
def test_without_a_lock_it_is_imported_all_the_same(monkeypatch, told):
    def refuse(*_, **__):
        raise told

    names = []
    monkeypatch.setattr(compiled, "FileLock", refuse)
    monkeypatch.setattr(compiled, "import_module", names.append)
    compiled.import_compiled()
    assert names == ["numba", *compiled.COMPILED]
