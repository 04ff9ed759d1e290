from datetime import UTC, datetime, timedelta

import pytest

from voxemo_scan.errors import UsageError
from voxemo_scan.moment import now_utc


def test_the_time_is_now(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    told = datetime.fromisoformat(now_utc())
    assert timedelta(seconds=-2) < datetime.now(UTC) - told < timedelta(seconds=5)


def test_a_reproducible_build_sets_it(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    assert now_utc() == "2026-01-01T00:00:00+00:00"


@pytest.mark.parametrize("value", ["soon", "1.5", "9" * 30])
def test_what_is_no_time_is_told(monkeypatch, value):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
        now_utc()
