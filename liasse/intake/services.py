"""Writes of receipts: what arrived is registered once, then what opening it found."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from liasse.clients import counters
from liasse.clients.models import Member
from liasse.core.errors import TransientError
from liasse.core.jobs import enqueue
from liasse.core.scope import instance_scope
from liasse.intake.models import Receipt, ReceiptPart
from liasse.intake.types import IncomingFile, OpenedReceipt, ReceiptState, Verdict

OPEN_RECEIPT = "open-receipt"
"""The job that opens a receipt."""


def register(incoming: IncomingFile) -> Receipt:
    """Commit the row of what arrived; its bytes are in the store before this is called.

    The same delivery is one receipt, however often it comes: that of its key, or of the same bytes at
    the same address. An owner who is no member of the file is left out. Returns only
    after the commit, so that whoever delivered may be told "received". A file that moved to another
    practice since the address was looked up gets it there; raises TransientError for one that was
    deleted, and who tries again is told so at the door.
    """
    key = incoming.delivery_key or f"{incoming.address_id or incoming.door}:{incoming.sha256}"
    with transaction.atomic(), instance_scope():
        practice_id = counters.hold_wherever_it_is(incoming.client_file_id)
        if practice_id is None:
            raise TransientError
        receipt, is_new = Receipt.objects.get_or_create(
            practice_id=practice_id,
            delivery_key=key,
            defaults={
                **_of_the_delivery(incoming),
                **_of_the_wish(incoming),
            },
        )
        if is_new:
            enqueue(OPEN_RECEIPT, subject_id=receipt.id, practice_id=receipt.practice_id)
            counters.note_arrival(incoming.client_file_id, at=incoming.received_at, door=incoming.door)
    return receipt


def _of_the_delivery(incoming: IncomingFile) -> dict[str, Any]:
    return {
        "client_file_id": incoming.client_file_id,
        "address_id": incoming.address_id,
        "door": incoming.door,
        "sha256": incoming.sha256,
        "size": incoming.size,
        "received_at": incoming.received_at,
        "envelope_from": incoming.envelope_from[:320],
        "envelope_to": incoming.envelope_to[:320],
        "peer": incoming.peer[:60],
        "filename": incoming.filename[:200],
        "handed_in_by_id": incoming.user_id,
    }


def _of_the_wish(incoming: IncomingFile) -> dict[str, Any]:
    wish = incoming.wish
    owner_id = wish.owner_id
    if owner_id is not None:
        members = Member.objects.filter(client_file_id=incoming.client_file_id, id=owner_id)
        owner_id = members.values_list("id", flat=True).first()
    return {"owner_id": owner_id, "side": wish.side, "cutting": wish.cutting, "note": wish.note}


def record_opening(receipt: Receipt, opened: OpenedReceipt) -> list[ReceiptPart]:
    """Write what opening a receipt found, replacing what a former try had found.

    Runs in the caller's transaction, and gives the parts that are to become documents.
    """
    parts = [_part(receipt, opened, index) for index in range(len(opened.parts))]
    ReceiptPart.objects.bulk_create(
        parts,
        update_conflicts=True,
        unique_fields=["practice", "receipt", "index"],
        update_fields=["verdict", "reason", "sha256", "media_type", "size"],
    )
    usable = [part for part in _stored(receipt) if part.verdict == Verdict.DOCUMENT]
    receipt.from_name = opened.from_name[:200]
    receipt.from_address = opened.from_address[:320]
    receipt.subject = (opened.subject or receipt.filename)[:300]
    receipt.sent_at = opened.sent_at
    receipt.message_id = opened.message_id[:300]
    receipt.text = opened.text
    receipt.member = _sender(receipt)
    counters.shift(receipt.client_file_id, failed=-int(receipt.state == ReceiptState.FAILED))
    receipt.problem = opened.problem or ("" if usable else "nothing-usable")
    receipt.state = ReceiptState.OPENED if usable else ReceiptState.UNUSABLE
    receipt.count_documents = len(usable)
    receipt.count_set_aside = len(parts) - len(usable)
    receipt.save()
    return usable


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


def record_failure(receipt_id: UUID, *, problem: str) -> None:
    """Say that a receipt could not be opened; its bytes are kept and it can be tried again."""
    with transaction.atomic():
        receipt = Receipt.objects.select_for_update().get(id=receipt_id)
        counters.shift(receipt.client_file_id, failed=int(receipt.state != ReceiptState.FAILED))
        receipt.state, receipt.problem = ReceiptState.FAILED, problem[:40]
        receipt.save(update_fields=["state", "problem"])


def try_again(receipt: Receipt) -> None:
    """Put a receipt that failed back in the queue."""
    with transaction.atomic():
        failed = Receipt.objects.filter(id=receipt.id, state=ReceiptState.FAILED)
        counters.shift(receipt.client_file_id, failed=-failed.update(state=ReceiptState.STORED, problem=""))
        enqueue(OPEN_RECEIPT, subject_id=receipt.id, practice_id=receipt.practice_id)
