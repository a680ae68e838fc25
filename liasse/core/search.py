"""Rows found by their words at the price of a narrow index, not of the rows that are looked through."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

FEW: Final = 500
"""Up to so many rows are read and put in order at once; of more, the first of a list are soon met by walking it."""


def few_ids(found: QuerySet[Any, Any]) -> list[UUID] | None:
    """Give the ids of all rows of a query, or None when there are more than a few. One query.

    Only the columns in the filters and the id are read, so that an index that holds them answers alone.
    """
    ids = list(found.order_by().values_list("id", flat=True)[: FEW + 1])
    return ids if len(ids) <= FEW else None
