"""Reads of receipts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from liasse.clients.models import ClientFile, Member
from liasse.intake.models import Receipt
from liasse.lib.ids import as_uuid

_MOST_ASKED: Final = 100


def receipts_of_file(
    client_file: ClientFile,
    *,
    member: Member | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Receipt]:
    """Give a file's receipts, newest first, with their parts: two queries.

    ``member`` narrows them to what this member sent; ``before`` is the arrival and id of the
    last one shown. Ask for one more than is shown to know whether there are more.
    """
    receipts = Receipt.objects.filter(practice_id=client_file.practice_id, client_file=client_file).select_related(
        "member", "handed_in_by"
    )
    if member is not None:
        receipts = receipts.filter(member=member)
    if before is not None:
        at, last = before
        receipts = receipts.filter(received_at__lte=at).filter(Q(received_at__lt=at) | Q(id__lt=last))
    return list(receipts.order_by("-received_at", "-id").prefetch_related("parts")[:limit])


def receipt_of_file(client_file: ClientFile, *, receipt_id: UUID) -> Receipt | None:
    """Give one receipt of the file, or None when it is another's or does not exist."""
    receipts = Receipt.objects.filter(practice_id=client_file.practice_id, client_file=client_file)
    return receipts.select_related("handed_in_by").prefetch_related("parts").filter(id=receipt_id).first()


def receipts_of_holder(holder: str, *, asked: Sequence[str]) -> list[Receipt]:
    """Give those of the asked receipts that came by one link or token, at most a hundred, in the open scope."""
    ids = [found for text in asked[:_MOST_ASKED] if (found := as_uuid(text)) is not None]
    return list(Receipt.objects.filter(holder=holder, id__in=ids).order_by("id")) if ids else []
