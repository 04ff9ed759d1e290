"""The application against its own description: whatever is sent, it answers as it says."""

import pytest

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

from hypothesis import HealthCheck, settings  # noqa: E402
from schemathesis.checks import not_a_server_error  # noqa: E402
from schemathesis.specs.openapi.checks import (  # noqa: E402
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
]


@pytest.fixture(scope="module")
def described(served):
    return schemathesis.openapi.from_url(f"http://{served.netloc}/openapi.json")


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(
    max_examples=25, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_it_answers_as_it_says(case, served):
    case.call_and_validate(base_url=f"http://{served.netloc}", checks=CHECKS, timeout=60)


def test_every_address_is_described(served):
    paths = served.ask("/openapi.json").json["paths"]
    assert {
        "/api/v1/info", "/api/v1/listen", "/api/v1/pictures", "/api/v1/explain", "/api/v1/clips",
        "/api/v1/clips/{clip_id}", "/api/v1/scans", "/api/v1/scans/{scan_id}",
        "/api/v1/scans/{scan_id}/events", "/api/v1/reports", "/api/v1/reports/{report_id}/{name}",
        "/healthz", "/metrics",
    } <= set(paths)  # fmt: skip
