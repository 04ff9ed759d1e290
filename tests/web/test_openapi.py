"""The application against its own description: whatever is sent, it answers as it says."""

import pytest

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

from hypothesis import HealthCheck, given, settings  # noqa: E402
from schemathesis import GenerationMode  # noqa: E402
from schemathesis.checks import not_a_server_error  # noqa: E402
from schemathesis.specs.openapi.checks import (  # noqa: E402
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)


def wrong_is_refused(ctx, response, case):
    """Return whether what is wrong is refused; what is too large is not even looked at."""
    return None if response.status_code == 413 else negative_data_rejection(ctx, response, case)


CHECKS = [
    not_a_server_error,
    content_type_conformance,
    wrong_is_refused,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
]


EXAMPLES = 12


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_it_answers_as_it_says(served, mode):
    described = schemathesis.openapi.from_url(f"http://{served.netloc}/openapi.json")
    tried = 0
    for found in described.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and not takes_anything(operation):
            continue

        @settings(
            max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def holds(case):
            case.call_and_validate(checks=CHECKS, timeout=60)

        holds()
        tried += 1
    assert tried >= 6


def takes_anything(operation):
    """Tell whether there is anything in a request that could be wrong."""
    sets = (operation.path_parameters, operation.query, operation.body)
    return any(len(list(each)) for each in sets)


def test_every_address_is_described(served):
    paths = served.ask("/openapi.json").json["paths"]
    assert {
        "/api/v1/info", "/api/v1/listen", "/api/v1/pictures", "/api/v1/explain", "/api/v1/clips",
        "/api/v1/clips/{clip_id}", "/api/v1/scans", "/api/v1/scans/{scan_id}",
        "/api/v1/scans/{scan_id}/events", "/api/v1/reports", "/api/v1/reports/{report_id}/{name}",
        "/healthz", "/metrics",
    } <= set(paths)  # fmt: skip
