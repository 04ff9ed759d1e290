"""The audit of dependencies finds what it is for."""

from tests.support.audit import CONSTRAINTS, pins, strays


def test_what_is_not_as_pinned_is_told() -> None:
    pinned = pins("# a comment\nOne_A==1.0\ntwo==2.0; python_version >= '3.13'\nthree==3.0\n")
    assert pinned == {"one-a": "1.0", "two": "2.0", "three": "3.0"}
    installed = {"one-a": "1.0", "two": "2.1", "four": "4", "three": "3.0+cpu", "pip": "99"}
    assert strays(pinned, installed) == [
        "four 4 is installed and not pinned",
        "two 2.1 is installed, 2.0 is pinned",
    ]


def test_every_constraint_is_an_exact_version() -> None:
    lines = [line.strip() for line in CONSTRAINTS.read_text().splitlines()]
    wanted = [line for line in lines if line and not line.startswith("#")]
    assert len(pins("\n".join(wanted))) == len(wanted)
