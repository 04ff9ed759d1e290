"""axe-core, which knows what keeps people from reading a page."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest

_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def grave_faults(page: Any) -> list[tuple[str, str, str]]:
    """Return the rule, the element and the reason of each serious or critical finding."""
    pytest.importorskip("axe_playwright_python")
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("rules => axe.run(document, rules)", _RULES)
    assert len(found["passes"]) > 10
    return [
        (finding["id"], node["html"][:150], node["failureSummary"])
        for finding in found["violations"]
        for node in finding["nodes"]
        if finding["impact"] in {"serious", "critical"}
    ]
