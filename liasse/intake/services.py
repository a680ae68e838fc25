"""Writes of receipts after their arrival: what opening them found, and trying again."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from liasse.clients import counters
from liasse.clients.models import Member
from liasse.core.jobs import enqueue
from liasse.intake.judging import hold_of_receipt
from liasse.intake.models import Receipt, ReceiptPart
from liasse.intake.rules import search_text_of
from liasse.intake.types import OpenedReceipt, ReceiptState, Verdict

OPEN_RECEIPT = "open-receipt"
"""The job that opens a receipt."""


def record_opening(receipt: Receipt, opened: OpenedReceipt) -> list[ReceiptPart]:
    """Write what opening a receipt found, replacing what a former try had found.

    Runs in the caller's transaction, and gives the parts that are to become documents.
    """
    parts = [_part(receipt, opened, index) for index in range(len(opened.parts))]
    ReceiptPart.objects.bulk_create(
        parts,
        update_conflicts=True,
        unique_fields=["practice", "receipt", "index"],
        update_fields=["verdict", "reason", "sha256", "has_bytes", "media_type", "size"],
    )
    usable = [part for part in _stored(receipt) if part.verdict == Verdict.DOCUMENT]
    receipt.from_name = opened.from_name[:200]
    receipt.from_address = opened.from_address[:320]
    receipt.subject = (opened.subject or receipt.filename)[:300]
    receipt.sent_at = opened.sent_at
    receipt.message_id = opened.message_id[:300]
    receipt.text = opened.text
    receipt.links = opened.links
    receipt.member = _sender(receipt)
    receipt.problem = opened.problem or ("" if usable else "nothing-usable")
    let_in = _let_in(receipt, usable)
    receipt.count_documents = len(let_in)
    receipt.count_set_aside = len(parts) - len(usable)
    if opened.task and not receipt.task:
        receipt.task, receipt.has_task = opened.task, True
    receipt.opened_at, receipt.waits_since = timezone.now(), None
    receipt.search_text = search_text_of(receipt)
    receipt.save()
    return let_in


def _let_in(receipt: Receipt, usable: list[ReceiptPart]) -> list[ReceiptPart]:
    """Settle where a receipt stands now; gives the parts that become documents, none of one that is held."""
    before, held = receipt.state, hold_of_receipt(receipt, has_usable=bool(usable))
    if held is not None:
        receipt.state, receipt.held = ReceiptState.HELD, held
    else:
        receipt.state = ReceiptState.OPENED if usable else ReceiptState.UNUSABLE
    counters.shift(
        receipt.client_file_id,
        failed=-int(before == ReceiptState.FAILED),
        held=int(held is not None) - int(before == ReceiptState.HELD),
    )
    return [] if held is not None else usable


def _part(receipt: Receipt, opened: OpenedReceipt, index: int) -> ReceiptPart:
    part = opened.parts[index]
    return ReceiptPart(
        practice_id=receipt.practice_id,
        receipt=receipt,
        index=part.index,
        path=part.path[:300],
        filename=part.filename[:200],
        media_type=part.media_type[:100],
        size=part.size,
        sha256=part.sha256,
        has_bytes=part.has_bytes,
        verdict=part.verdict,
        reason=part.reason[:40],
    )


def _stored(receipt: Receipt) -> list[ReceiptPart]:
    return list(ReceiptPart.objects.filter(receipt=receipt).order_by("index"))


def _sender(receipt: Receipt) -> Member | None:
    """Find the member who handed it in, or by the address that the mail says it is from."""
    members = Member.objects.filter(client_file_id=receipt.client_file_id)
    if receipt.handed_in_by_id is not None:
        return members.filter(user_id=receipt.handed_in_by_id).first()
    address = receipt.from_address.strip().lower()
    if not address:
        return None
    return members.filter(email=address).first()


def leave_out(part_id: UUID, *, pages: Sequence[int]) -> None:
    """Note the pages of a part that are separator sheets and in no document; none once all of them are in one again."""
    ReceiptPart.objects.filter(id=part_id).update(left_out=list(pages))


def record_failure(receipt_id: UUID, *, problem: str) -> None:
    """Say that a receipt could not be opened; its bytes are kept and it can be tried again."""
    with transaction.atomic():
        receipt = Receipt.objects.select_for_update().get(id=receipt_id)
        counters.shift(receipt.client_file_id, failed=int(receipt.state != ReceiptState.FAILED))
        receipt.state, receipt.problem = ReceiptState.FAILED, problem[:40]
        receipt.waits_since = receipt.waits_since or timezone.now()
        receipt.save(update_fields=["state", "problem", "waits_since"])


def try_again(receipt: Receipt) -> None:
    """Put a receipt that failed back in the queue."""
    with transaction.atomic():
        failed = Receipt.objects.filter(id=receipt.id, state=ReceiptState.FAILED)
        fresh = {"state": ReceiptState.STORED, "problem": "", "waits_since": timezone.now()}
        counters.shift(receipt.client_file_id, failed=-failed.update(**fresh))
        enqueue(OPEN_RECEIPT, subject_id=receipt.id, practice_id=receipt.practice_id)
