"""Schemathesis asks the API what its description allows, and what it does not: no 5xx, no fault of the schema."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from liasse.api.v1 import entering
from liasse.api.v1.openapi import document
from liasse.intake import uploads
from liasse.lib.pace import Pace
from tests.api.test_v1 import Program
from tests.web.office import build

pytestmark = pytest.mark.django_db
SECONDS = 10
"""So long one operation is asked, in each of two ways."""
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep the test's connection, which a request would close; Django's own test client does the same."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_no_answer_is_a_fault_or_unlike_the_description(mode: GenerationMode, monkeypatch: pytest.MonkeyPatch) -> None:
    for pace in ("PACE", "STRANGERS"):
        monkeypatch.setattr(entering, pace, Pace(most=10**6, seconds=60))
    uploads.forget_sums()
    office = build()
    program = Program(office)
    receipt = office.document(fields={}).receipt
    schema = schemathesis.openapi.from_dict(document())
    schema.app = get_wsgi_application()
    known = {"file_id": str(office.file.id), "receipt_id": str(receipt.id)}
    statuses: dict[str, set[int]] = {}
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        seen = statuses.setdefault(operation.label, set())
        _ask(operation, mode=mode, headers=program.headers(), known=known, seen=seen)
    assert len(statuses) == 3
    if mode is GenerationMode.POSITIVE:
        assert 200 in statuses["GET /api/v1/files"]
        assert 201 in statuses["POST /api/v1/files/{file_id}/receipts"]


def _ask(
    operation: Any,  # noqa: ANN401 - schemathesis' own
    *,
    mode: GenerationMode,
    headers: dict[str, str],
    known: dict[str, str],
    seen: set[int],
) -> None:
    until, asked = time.monotonic() + SECONDS, 0

    @settings(
        max_examples=150,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:  # noqa: ANN401 - schemathesis' own
        nonlocal asked
        asked += 1
        if time.monotonic() > until:
            return
        if asked % 4:
            case.path_parameters |= {name: known[name] for name in case.path_parameters}
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)
        seen.add(response.status_code)

    ask()
    assert asked > 20
