"""Everything that arrived, and its journey: arrived → stored → opened → documents, refused with why, or waiting.

The journey's numbers must balance: each part of a delivery is a document, refused or ignored with its reason, or waits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from liasse.clients.models import ClientFile
from liasse.clients.reach import granted_ids, levels_granted
from liasse.clients.rules import search_words
from liasse.core import audit
from liasse.core.access import Actor, Level
from liasse.core.jobs import enqueue
from liasse.core.search import few_ids
from liasse.documents.models import Document
from liasse.documents.services import ADVANCE_DOCUMENT
from liasse.documents.types import DocumentStatus
from liasse.intake import services as intake
from liasse.intake.models import Receipt, ReceiptPart
from liasse.intake.types import Door, ReceiptState, Verdict
from liasse.pipeline.alarm import late_jobs, late_receipts

_UNFINISHED: Final = ("cut", "read", "pages")
MOST_RETRIED: Final = 200
"""Deliveries and documents that one click tries again; whoever has more clicks once more."""


class Stand(StrEnum):
    """Where a delivery stands, as the list is narrowed by it."""

    LATE = "late"
    WAITING = "waiting"
    FAILED = "failed"
    TO_SORT = "to-sort"
    DONE = "done"
    WITHOUT = "without"
    ASIDE = "aside"


_STATES: Final = {
    Stand.FAILED: ReceiptState.FAILED,
    Stand.DONE: ReceiptState.OPENED,
    Stand.WITHOUT: ReceiptState.UNUSABLE,
}


@dataclass(frozen=True, slots=True)
class ArrivalsQuery:
    """Which deliveries: by where they stand, their door, words of their file, when they came (until is excluded)."""

    stand: Stand | None = None
    door: Door | None = None
    file: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery in the list: how many of its documents are still being read, and whether it waits too long."""

    receipt: Receipt
    count_reading: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class Arrivals:
    """A page of deliveries, and the arrival and id of its last where more follow."""

    items: list[Arrival]
    after: tuple[datetime, UUID] | None


def of_file(client_file: ClientFile) -> QuerySet[Receipt]:
    """Give what arrived in a file."""
    return Receipt.objects.filter(practice_id=client_file.practice_id, client_file=client_file)


def of_actor(actor: Actor) -> QuerySet[Receipt]:
    """Give what arrived in the files that a colleague reaches, and in no other."""
    if not actor.is_colleague or actor.practice_id is None:
        return Receipt.objects.none()
    found = Receipt.objects.filter(practice_id=actor.practice_id)
    return found if actor.is_administrator else found.filter(client_file__in=granted_ids(actor))


def arrivals(
    reached: QuerySet[Receipt],
    query: ArrivalsQuery,
    *,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> Arrivals:
    """Give a page of what was reached, newest first. Three queries, one more for words."""
    found = _narrowed(reached, query)
    if before is not None:
        at, last = before
        found = found.filter(received_at__lte=at).filter(Q(received_at__lt=at) | Q(id__lt=last))
    rows = list(
        found.select_related("client_file", "member", "handed_in_by")
        .defer("text", "links")
        .order_by("-received_at", "-id")[: limit + 1]
    )
    shown = rows[:limit]
    ids = [receipt.id for receipt in shown]
    reading = dict(
        Document.objects.filter(receipt_id__in=ids, status=DocumentStatus.PROCESSING)
        .order_by()
        .values_list("receipt_id")
        .annotate(Count("id"))
    )
    late = set(_late(Receipt.objects.filter(id__in=ids)).values_list("id", flat=True))
    return Arrivals(
        items=[
            Arrival(receipt=receipt, count_reading=reading.get(receipt.id, 0), is_late=receipt.id in late)
            for receipt in shown
        ],
        after=(shown[-1].received_at, shown[-1].id) if len(rows) > limit else None,
    )


def _narrowed(found: QuerySet[Receipt], query: ArrivalsQuery) -> QuerySet[Receipt]:
    if query.stand is not None:
        found = _standing(found, query.stand)
    if query.door is not None:
        found = found.filter(door=query.door)
    if query.since is not None:
        found = found.filter(received_at__gte=query.since)
    if query.until is not None:
        found = found.filter(received_at__lt=query.until)
    of_files = search_words(query.file)
    if of_files:
        named = ClientFile.objects.filter(*(Q(search_text__contains=word) for word in of_files))
        found = found.filter(client_file__in=named.order_by().values("id"))
    words = search_words(query.text)
    if words:
        found = found.filter(*(Q(search_text__contains=word) for word in words))
        few = few_ids(found)
        found = found if few is None else Receipt.objects.filter(id__in=few)
    return found


def _standing(found: QuerySet[Receipt], stand: Stand) -> QuerySet[Receipt]:
    if stand is Stand.LATE:
        return _late(found)
    if stand is Stand.WAITING:
        to_open = Receipt.objects.filter(waits_since__isnull=False, state=ReceiptState.STORED)
        return found.filter(Q(id__in=to_open.values("id")) | Q(id__in=_with_unread()))
    if stand in {Stand.TO_SORT, Stand.ASIDE}:
        return found.filter(state=ReceiptState.HELD if stand is Stand.TO_SORT else ReceiptState.ASIDE)
    if stand is Stand.DONE:
        return found.filter(state=ReceiptState.OPENED).exclude(id__in=_with_unread())
    return found.filter(state=_STATES[stand])


def _with_unread() -> QuerySet[Any, UUID]:
    # Narrowed to the steps that the index of what is unfinished was made for.
    unread = Document.objects.filter(step__in=_UNFINISHED, status=DocumentStatus.PROCESSING)
    return unread.order_by().values_list("receipt_id", flat=True)


def _late(found: QuerySet[Receipt]) -> QuerySet[Receipt]:
    documents = Document.objects.filter(id__in=late_jobs().values("subject_id"))
    return found.filter(
        Q(id__in=late_receipts().values("id")) | Q(id__in=documents.order_by().values("receipt_id")),
    )


def count_late(reached: QuerySet[Receipt]) -> int:
    """Count the deliveries in which something waits too long. One query."""
    return _late(reached).order_by().count()


# ------------------------------------------------------------------------------------------------ one delivery


@dataclass(frozen=True, slots=True)
class Balance:
    """The parts of a delivery by what became of them; ``unaccounted`` must be 0.

    ``documents`` are parts that became documents, which may have been cut or joined since; ``waiting`` are usable
    ones of a delivery on which a person is to decide.
    """

    parts: int
    documents: int
    ignored: int
    refused: int
    waiting: int

    @property
    def unaccounted(self) -> int:
        """Give how many parts nothing became of."""
        return self.parts - self.documents - self.ignored - self.refused - self.waiting


def balance_of(receipt: Receipt, *, parts: Sequence[ReceiptPart], made_of: frozenset[UUID]) -> Balance:
    """Add up a delivery; ``made_of`` are its parts of which there are documents."""
    verdicts = Counter(part.verdict for part in parts if part.id not in made_of)
    waits = receipt.state != ReceiptState.OPENED
    return Balance(
        parts=len(parts),
        documents=sum(part.id in made_of for part in parts),
        ignored=verdicts[Verdict.IGNORED],
        refused=verdicts[Verdict.REFUSED],
        waiting=verdicts[Verdict.DOCUMENT] if waits else 0,
    )


# -------------------------------------------------------------------------------------------------- try again


def retry_all(reached: QuerySet[Receipt], *, actor: Actor) -> int:
    """Try again what failed or waits too long in the files in which somebody works; gives how many things.

    At most `MOST_RETRIED` deliveries and documents of each sort. Twice is once: the first click leaves nothing to do.
    """
    failed = Receipt.objects.filter(waits_since__isnull=False, state=ReceiptState.FAILED)
    hanging = Q(id__in=failed.values("id")) | Q(id__in=late_receipts().values("id"))
    receipts = list(reached.filter(hanging).select_related("client_file").order_by("id")[:MOST_RETRIED])
    receipts = _workable(receipts, actor=actor)
    for receipt in receipts:
        intake.try_again(receipt)
    return len(receipts) + _retry_documents(reached, actor=actor)


def _retry_documents(reached: QuerySet[Receipt], *, actor: Actor) -> int:
    late = Document.objects.filter(id__in=late_jobs().values("subject_id"), receipt__in=reached.order_by().values("id"))
    documents = list(late.select_related("client_file").order_by("id")[:MOST_RETRIED])
    documents = _workable(documents, actor=actor)
    for document in documents:
        enqueue(ADVANCE_DOCUMENT, subject_id=document.id, practice_id=document.practice_id)
    return len(documents)


def _workable[RowT: (Receipt, Document)](rows: list[RowT], *, actor: Actor) -> list[RowT]:
    if actor.is_administrator:
        return rows
    files = {row.client_file_id: row.client_file for row in rows}
    levels = levels_granted(actor, files=list(files.values())) if files else []
    workable = {file_id for file_id, level in levels if Level(level).allows(Level.CODING)}
    return [row for row in rows if row.client_file_id in workable]


def retry_documents_of(receipt: Receipt) -> int:
    """Have the unread documents of a delivery read as soon as a worker is free; gives how many."""
    unread = Document.objects.filter(receipt=receipt, step__in=_UNFINISHED, status=DocumentStatus.PROCESSING)
    ids = list(unread.values_list("id", flat=True))
    for document_id in ids:
        enqueue(ADVANCE_DOCUMENT, subject_id=document_id, practice_id=receipt.practice_id)
    return len(ids)


def note_seen(receipt: Receipt, *, actor: Actor) -> bool:
    """Write that a person saw that a delivery failed, so that it is no alarm any more; tells whether that is news."""
    with transaction.atomic():
        failed = Receipt.objects.filter(id=receipt.id, state=ReceiptState.FAILED, waits_since__isnull=False)
        if not failed.update(waits_since=None):
            return False
        subject = audit.Subject("receipt", receipt.id, receipt.client_file_id)
        audit.record("receipt.failure-seen", actor=actor, practice_id=receipt.practice_id, subject=subject)
    return True
