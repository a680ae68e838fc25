"""What hangs is looked up by indexes of what hangs alone, so that a million settled rows cost nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from liasse.core.jobs import without_job
from liasse.core.scope import instance_scope
from liasse.intake.services import OPEN_RECEIPT
from liasse.pipeline import sweeping
from liasse.pipeline.alarm import late_receipts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (sweeping._to_open, "receipts_waiting"),
        (lambda: without_job(sweeping._to_open(), OPEN_RECEIPT), "receipts_waiting"),
        (late_receipts, "receipts_waiting"),
        (sweeping._to_advance, "documents_unfinished"),
        (sweeping._behind_closed_files, "client_file_id"),
    ],
)
def test_it_is_chosen(rows: Any, index: str) -> None:  # noqa: ANN401 - gives a query
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by what a table holds, and here it holds nothing")
    with instance_scope():
        found: QuerySet[Any] = rows().order_by().values_list("id")
        assert index in found.explain()
