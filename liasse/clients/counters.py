"""The kept counts of a client file, changed in the transaction that changes what they count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest

from liasse.clients.models import ClientFile
from liasse.core.errors import NotThereError
from liasse.core.scope import instance_scope


def hold(client_file_id: UUID) -> None:
    """Lock a file of the open scope until the caller's transaction ends.

    Whoever writes rows about a file outside a person's request begins with this: the file may have
    moved to another practice, or been deleted, since the work began. Raises NotThereError then, and
    the work is taken up again, or not, under the file's new practice.
    """
    held = ClientFile.objects.select_for_update(no_key=True).filter(id=client_file_id)
    if held.values_list("id", flat=True).first() is None:
        raise NotThereError


def hold_all_wherever_they_are(client_file_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Lock files until the caller's transaction ends, and give the practice that each is in now.

    Those that were deleted are left out. All callers lock in the same order.
    """
    with instance_scope():
        held = ClientFile.objects.select_for_update(no_key=True).filter(id__in=set(client_file_ids)).order_by("id")
        return dict(held.values_list("id", "practice_id"))


def note_arrivals(arrivals: Mapping[UUID, tuple[datetime, str]]) -> None:
    """Say that something arrived in files, when and by which door: one statement, run for all of them."""
    # The ORM has no words for one statement with many values; its own writing of each costs more than the rest.
    at, key = ClientFile.last_arrival_at.field, ClientFile.id.field
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {ClientFile._meta.db_table} SET activity = activity + 1, last_arrival_at = %s, "  # noqa: S608
            "last_arrival_door = %s WHERE id = %s",
            [
                (at.get_db_prep_save(when, connection), door, key.get_db_prep_save(file_id, connection))
                for file_id, (when, door) in arrivals.items()
            ],
        )


def shift(client_file_id: UUID, *, also: Mapping[str, Any] | None = None, **changes: int) -> None:
    """Add to the named counts (``processing=1, to_review=-1``); none falls below zero. ``also`` sets other columns."""
    values: dict[str, Any] = {
        f"count_{name}": Greatest(F(f"count_{name}") + change, 0) for name, change in changes.items() if change
    }
    _change(client_file_id, **values, **(also or {}))


def touch(client_file_id: UUID) -> None:
    """Say that something in a file changed, for screens that watch it."""
    _change(client_file_id)


def _change(client_file_id: UUID, **values: Any) -> None:  # noqa: ANN401 - values and expressions of any column
    ClientFile.objects.filter(id=client_file_id).update(activity=F("activity") + 1, **values)
