"""Whether a document is a cost of the client or a sale of its own: said before sending, and corrected here."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from liasse.clients import counters
from liasse.clients.models import ClientFile
from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.audit import Subject
from liasse.core.errors import NotThereError
from liasse.documents.models import Document
from liasse.documents.services import lock, look_for_duplicates
from liasse.intake.types import Side


def set_side(document: Document, *, actor: Actor, version: int, side: Side) -> Document:
    """Say of one document what it is to the client; ConflictError when it moved on from this version."""
    with transaction.atomic():
        locked = lock(document.id, version=version)
        _put(locked, side, actor=actor)
        counters.touch(locked.client_file_id)
    return locked


def set_sides(document_ids: Iterable[UUID], *, actor: Actor, client_file: ClientFile, side: Side) -> int:
    """Say it of many documents of one file; gives how many were something else before.

    Raises NotThereError when an id is not of this file, and then changes none.
    """
    wanted = set(document_ids)
    with transaction.atomic():
        counters.hold(client_file.id)
        rows = Document.objects.select_for_update().filter(practice_id=client_file.practice_id, client_file=client_file)
        found = list(rows.filter(id__in=wanted))
        if len(found) != len(wanted):
            raise NotThereError
        changed = sum(_put(document, side, actor=actor) for document in found)
        counters.touch(client_file.id)
    return changed


def _put(document: Document, side: Side, *, actor: Actor) -> bool:
    before = document.side
    if before == side:
        return False
    document.side, document.version = side, document.version + 1
    document.save(update_fields=["side", "version"])
    look_for_duplicates(document)
    audit.record(
        "document.side",
        actor=actor,
        practice_id=document.practice_id,
        subject=Subject(kind="document", id=document.id, client_file_id=document.client_file_id),
        before={"side": before},
        after={"side": str(side)},
    )
    return True
