"""Which commands there are, in the order in which one meets them, each in one line."""

from __future__ import annotations

from typing import Final

COMMANDS: Final[dict[str, str]] = {
    "run": "Scan a manifest's scenes and write a report.",
    "check": "Hold a report against what its manifest expects.",
    "compare": "Say what moved from one report to another.",
    "export": "Write captions, tables and figures from a report.",
    "fetch": "Download the clips of a manifest.",
    "validate": "Say what a manifest holds, or everything that is wrong with it.",
    "init": "Write a starter manifest from addresses, files or folders.",
    "listen": "Say which emotions the voices in recordings carry.",
    "explain": "Say which part of a moment's sound drove its verdict.",
    "serve": "Serve the page on which one records, listens and compares.",
    "cache": "List, clear or verify what is kept between runs.",
    "corpus": "Check or download labelled speech.",
    "explore": "Show what a recording or a corpus sounds like.",
    "doctor": "Say what is installed, what is missing and what to do about it.",
    "train": "Train a network.",
    "evaluate": "Measure how accurate a model is.",
}
"""Each name is a module of this package with a function ``command``, whose docstring begins with
this line (and may go on in the same sentence), or with a group of commands, ``app``."""
