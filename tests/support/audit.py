"""What is installed is what was looked at: the audit of dependencies, which works offline.

``python -m tests.support.audit`` (``make audit``) checks that every installed distribution is
pinned in ``constraints.txt``, at that version, and that all fit together (``pip check``). Where
pip-audit is installed and reaches its service, known vulnerabilities of the pinned versions are
listed as well, and fail it; where it is not, the audit says so.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

CONSTRAINTS = Path(__file__).parents[2] / "constraints.txt"
TOOLS = {"pip", "setuptools", "wheel", "voxemo-scan"}
"""What a virtual environment brings along, and ourselves."""


def normal(name: str) -> str:
    """Return the name as PyPI compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text: str) -> dict[str, str]:
    """Return the pinned versions by name."""
    found = re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE)
    return {normal(name): version for name, version in found}


def strays(pinned: dict[str, str], installed: dict[str, str]) -> list[str]:
    """Return a line for each installed distribution that is not as pinned.

    A local build, such as PyTorch's ``2.9.1+cpu``, counts as its version.
    """
    lines = []
    for name, version in sorted(installed.items()):
        if name in TOOLS:
            continue
        if name not in pinned:
            lines.append(f"{name} {version} is installed and not pinned")
        elif version.partition("+")[0] != pinned[name].partition("+")[0]:
            lines.append(f"{name} {version} is installed, {pinned[name]} is pinned")
    return lines


def known_vulnerabilities() -> int:
    """Ask pip-audit where it can be asked; return its exit code."""
    if importlib.util.find_spec("pip_audit") is None:
        sys.stdout.write("pip-audit is not installed: known vulnerabilities were not looked up\n")
        return 0
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(CONSTRAINTS)]
    ended = subprocess.run(
        [*command, "--no-deps", "--disable-pip", "--progress-spinner", "off"],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    sys.stdout.write(ended.stdout)
    if re.search("ConnectionError|ServiceError|Max retries|timed out", ended.stderr):
        sys.stdout.write("the vulnerability service cannot be reached: nothing was looked up\n")
        return 0
    sys.stdout.write(ended.stderr)
    return ended.returncode


def main() -> int:
    """Print what is wrong and return the exit code."""
    installed = {normal(d.metadata["Name"]): d.version for d in distributions()}
    wrong = strays(pins(CONSTRAINTS.read_text("utf-8")), installed)
    for line in wrong:
        sys.stdout.write(f"{line}\n")
    fits = subprocess.run([sys.executable, "-m", "pip", "check"], check=False).returncode
    sys.stdout.write(f"{len(installed)} distributions, {len(wrong)} not as pinned\n")
    return 1 if wrong or fits or known_vulnerabilities() else 0


if __name__ == "__main__":
    sys.exit(main())
