"""Reads of what waits for a person: deliveries to be sorted, tasks that mails ask for, senders who are trusted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from liasse.clients.models import ClientFile
from liasse.intake.models import Receipt, TrustedSender
from liasse.intake.types import ReceiptState

_MOST_TASKS = 20


def receipts_to_sort(
    client_file: ClientFile,
    *,
    is_aside: bool = False,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Receipt]:
    """Give what is held in a file, or what was put aside, newest first, with the parts: two queries."""
    state = ReceiptState.ASIDE if is_aside else ReceiptState.HELD
    # The index is chosen by both states, as it was made.
    found = Receipt.objects.filter(
        practice_id=client_file.practice_id,
        client_file=client_file,
        state__in=[ReceiptState.HELD.value, ReceiptState.ASIDE.value],
    ).filter(state=state)
    if before is not None:
        at, last = before
        found = found.filter(received_at__lte=at).filter(Q(received_at__lt=at) | Q(id__lt=last))
    return list(found.select_related("member").order_by("-received_at", "-id").prefetch_related("parts")[:limit])


def open_tasks(client_file: ClientFile) -> list[Receipt]:
    """Give the mails that ask for something which nobody did yet, newest first. One query."""
    found = Receipt.objects.filter(practice_id=client_file.practice_id, client_file=client_file, has_task=True)
    return list(found.order_by("-id")[:_MOST_TASKS])


def trusted_senders(client_file: ClientFile) -> list[TrustedSender]:
    """Give the trusted addresses and domains of a file, by name."""
    found = TrustedSender.objects.filter(practice_id=client_file.practice_id, client_file=client_file)
    return list(found.order_by("sender")[:500])
