"""The kept counts of a client file, changed in the transaction that changes what they count."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Greatest

from liasse.clients.models import ClientFile


def note_arrival(client_file_id: UUID, *, at: datetime, door: str) -> None:
    """Say that something arrived in a file, by which door."""
    _change(client_file_id, last_arrival_at=at, last_arrival_door=door)


def shift(client_file_id: UUID, **changes: int) -> None:
    """Add to the named counts (``processing=1, to_review=-1``); none falls below zero."""
    values = {f"count_{name}": Greatest(F(f"count_{name}") + change, 0) for name, change in changes.items() if change}
    _change(client_file_id, **values)


def touch(client_file_id: UUID) -> None:
    """Say that something in a file changed, for screens that watch it."""
    _change(client_file_id)


def _change(client_file_id: UUID, **values: Any) -> None:  # noqa: ANN401 - values and expressions of any column
    ClientFile.objects.filter(id=client_file_id).update(activity=F("activity") + 1, **values)
