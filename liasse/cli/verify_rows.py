"""What rows must say together: nothing twice, nothing unaccounted for, an audit trail nobody altered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from liasse.cli.verify_findings import Findings

if TYPE_CHECKING:
    from django.db.models import QuerySet

_CHUNK = 2000


def doubles() -> Iterator[str]:
    """Name what is there twice: a message at an address, a document of a part, a document and what it was cut into."""
    from django.db.models import Count

    from liasse.documents.models import Document
    from liasse.intake.models import Receipt

    receipts = Receipt.objects.exclude(address=None).order_by().values("address_id", "sha256")
    for row in receipts.annotate(times=Count("id")).filter(times__gt=1):
        yield f"message {row['sha256']} was taken {row['times']} times for the address {row['address_id']}"
    documents = Document.objects.filter(made_by=None).order_by().values("part_id")
    for part in documents.annotate(times=Count("id")).filter(times__gt=1):
        yield f"part {part['part_id']} became {part['times']} documents"
    yield from _shown_twice()


def _shown_twice() -> Iterator[str]:
    """Say of each cutting or joining that both what it replaced and what it made is to be seen, or neither."""
    from django.db.models import Count, Q

    from liasse.documents.models import Document
    from liasse.documents.types import DocumentStatus

    hidden = Q(status=DocumentStatus.REPLACED)
    replaced = Document.objects.exclude(replaced_by=None)
    for document_id in replaced.exclude(hidden).order_by("id").values_list("id", flat=True):
        yield f"document {document_id} was cut or joined, and is there beside what came of it"
    lost = Document.objects.filter(hidden, replaced_by=None, made_by=None).order_by("id")
    for document_id in lost.values_list("id", flat=True):
        yield f"document {document_id} is out of sight, and nothing stands in its place"
    made = Document.objects.exclude(made_by=None).order_by().values_list("made_by").annotate(times=Count("id"))
    known = set(replaced.order_by().values_list("replaced_by", flat=True).distinct())
    for change_id, times in made.filter(~hidden).iterator(chunk_size=_CHUNK):
        if change_id not in known:
            yield f"cutting {change_id} made {times} documents of documents that are still there"


# -------------------------------------------------------------------------- journeys


def journeys() -> Iterator[str]:
    """Name each delivery whose journey does not balance: arrived → opened → documents | refused with why | waiting."""
    yield from _without_outcome()
    yield from _wrongly_counted()


def _without_outcome() -> Iterator[str]:
    from django.db.models import Exists, OuterRef

    from liasse.documents.models import Document
    from liasse.intake.models import ReceiptPart
    from liasse.intake.types import ReceiptState, Verdict

    made = Document.objects.filter(practice_id=OuterRef("practice_id"), part_id=OuterRef("pk"))
    usable = ReceiptPart.objects.filter(verdict=Verdict.DOCUMENT, receipt__state=ReceiptState.OPENED)
    for part_id, receipt_id in _ids(usable.filter(~Exists(made)), "receipt_id"):
        yield f"part {part_id} of receipt {receipt_id} is a document by its verdict, and no document was made of it"
    silent = ReceiptPart.objects.exclude(verdict=Verdict.DOCUMENT).filter(reason="")
    for part_id, receipt_id in _ids(silent, "receipt_id"):
        yield f"part {part_id} of receipt {receipt_id} became no document, and no reason is given"
    early = Document.objects.exclude(receipt__state=ReceiptState.OPENED)
    for document_id, state in _ids(early, "receipt__state"):
        yield f"document {document_id} is there, and its receipt is “{state}”, of which there are none"
    unsaid = ReceiptPart.objects.filter(verdict=Verdict.DOCUMENT, receipt__state=ReceiptState.UNUSABLE)
    for part_id, receipt_id in _ids(unsaid, "receipt_id"):
        yield f"part {part_id} is usable, and its receipt {receipt_id} is settled without it"


def _ids(rows: QuerySet[Any], further: str) -> Iterator[tuple[Any, Any]]:
    yield from rows.order_by("id").values_list("id", further).iterator(chunk_size=_CHUNK)


def _wrongly_counted() -> Iterator[str]:
    """Compare what each receipt says of its parts with the parts, both read in the order of receipts."""
    from django.db.models import Count, Q

    from liasse.intake.models import Receipt, ReceiptPart
    from liasse.intake.types import ReceiptState, Verdict

    usable = Count("id", filter=Q(verdict=Verdict.DOCUMENT))
    counted = (
        ReceiptPart.objects.order_by("receipt_id").values_list("receipt_id").annotate(usable=usable, all=Count("id"))
    )
    parts = counted.iterator(chunk_size=_CHUNK)
    following = next(parts, None)
    said = Receipt.objects.order_by("id").values_list("id", "state", "count_documents", "count_set_aside")
    for receipt_id, state, documents, aside in said.iterator(chunk_size=_CHUNK):
        found, total = 0, 0
        if following is not None and following[0] == receipt_id:
            _receipt_id, found, total = following
            following = next(parts, None)
        if state in {ReceiptState.STORED, ReceiptState.FAILED}:
            continue
        expected = found if state == ReceiptState.OPENED else 0
        if (documents, aside) != (expected, total - found):
            yield (
                f"receipt {receipt_id} says {documents} documents and {aside} parts set aside, "
                f"and has {expected} and {total - found}"
            )


def unattended() -> dict[str, int]:
    """Count what is unfinished and has no job; the worker's sweep takes it up again."""
    from liasse.core.jobs import without_job
    from liasse.documents.models import Document
    from liasse.documents.services import ADVANCE_DOCUMENT
    from liasse.documents.types import DocumentStatus, Step
    from liasse.intake.models import Receipt
    from liasse.intake.services import OPEN_RECEIPT
    from liasse.intake.types import ReceiptState

    stored = Receipt.objects.filter(waits_since__isnull=False, state=ReceiptState.STORED)
    steps = [Step.CUT.value, Step.READ.value, Step.PAGES.value]
    documents = Document.objects.filter(step__in=steps).exclude(status=DocumentStatus.REPLACED)
    counts = {
        "receipts": without_job(stored, OPEN_RECEIPT).order_by().count(),
        "documents": without_job(documents, ADVANCE_DOCUMENT).order_by().count(),
    }
    return {name: count for name, count in counts.items() if count}


# ---------------------------------------------------------------------------- audit


def check_audit(findings: Findings) -> None:
    """Verify the audit chain of each practice, and that the database still refuses to change it."""
    from django.db import connection

    from liasse.core import audit
    from liasse.core.models import AuditEvent, AuditHead
    from liasse.core.walls import lacks_of_the_trail
    from liasse.practices.models import Practice

    findings.defects += [
        f"the audit trail can be changed: the database's trigger {name} is gone or off"
        for name in lacks_of_the_trail(connection)
    ]
    practices = set(Practice.objects.values_list("id", flat=True))
    practices |= set(AuditHead.objects.values_list("practice_id", flat=True))
    practices |= set(AuditEvent.objects.order_by().values_list("practice_id", flat=True).distinct())
    for practice_id in sorted(practices):
        findings.defects += audit.verify_chain(practice_id)
    findings.practices = len(practices)
    findings.events = AuditEvent.objects.count()
