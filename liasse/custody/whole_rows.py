"""What a whole file says of itself, row by row, as the tables of its ZIP: no token, no hash of a password."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import models, transaction

from liasse.clients import counters
from liasse.clients.changes import DEFAULT_FIELDS, OWN_FIELDS, current_value, is_customised
from liasse.clients.models import ClientFile, FileAccess, InboundAddress, Member, TeamAccess
from liasse.core.models import AuditEvent
from liasse.documents.models import Document
from liasse.duplicates.models import Pair
from liasse.duplicates.types import PairState
from liasse.intake.models import Receipt, ReceiptPart, TrustedSender
from liasse.reading.models import Reading

_AT_ONCE: Final = 200
_EVENTS_AT_ONCE: Final = 1000
IMPORTED: Final = "imported:"
"""Stands before the kind of whoever did something that came in with a ZIP: another instance says so."""

FILE_COLUMNS: Final = ("name", "created_at", "status", "archived_at")
MEMBER_COLUMNS: Final = (
    *("name", "email", "phone", "role", "status", "employee_code", "is_main"),
    *("can_see_all", "can_approve", "can_claim", "created_at"),
)
RECEIPT_COLUMNS: Final = (
    *("door", "received_at", "state", "problem", "envelope_from", "envelope_to", "peer"),
    *("from_name", "from_address", "subject", "sent_at", "message_id", "text", "sha256", "size"),
)
RECEIPT_LATER: Final = ("filename", "side", "cutting", "note")
"""Not in exports of 0.1 to begin with, like `DOCUMENT_LATER`; read where they are there."""
RECEIPT_SENDER: Final = ("held", "is_accepted", "sender_state", "sender_facts")
"""What was found of its sender; later than `RECEIPT_COLUMNS` too, and looked at by whoever restores it."""
PART_COLUMNS: Final = ("index", "path", "filename", "media_type", "size", "sha256", "verdict", "reason")
PART_LATER: Final = ("left_out",)
RECEPTION_COLUMNS: Final = ("sender_mode", "answers_mail", "duplicate_rule")
DOCUMENT_COLUMNS: Final = (
    *("filename", "media_type", "size", "sha256", "received_at", "status", "status_before_archive", "step"),
    *("problem", "note", "pages", "kind", "supplier_name", "number", "issue_date", "due_date", "currency"),
    *("total_net", "total_vat", "total_gross", "version"),
)
DOCUMENT_LATER: Final = ("side", "pieces", "cut_index", "cuts", "made_by", "replaced_by", "status_before_replaced")
PAIR_COLUMNS: Final = ("grounds", "state", "aside_id", "status_before", "decided_by", "decided_at")
READING_COLUMNS: Final = (
    *("format", "profile", "fields", "vat_breakdown", "lines", "adjustments", "problem", "problem_detail", "read_at"),
    *("findings", "checked_by", "checked_at", "remarks", "attached", "notes", "reasons"),
    *("has_own_vat", "has_own_lines"),
)
EVENT_COLUMNS: Final = ("at", "verb", "before", "after")


def plain(value: Any) -> Any:  # noqa: ANN401 - any column's value, as JSON has it
    """Give a value as JSON has it: amounts as decimal texts, moments in UTC."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


def columns(row: models.Model, names: Sequence[str]) -> dict[str, Any]:
    """Give some columns of a row as JSON has them."""
    return {name: plain(getattr(row, name)) for name in names}


def file_row(client_file: ClientFile) -> dict[str, Any]:
    """Give a file's own facts and settings; ``origin`` says who set a value: the file, or the practice.

    With them whose mail is let in, and who is trusted.
    """
    own = {name: {"value": plain(getattr(client_file, name)), "origin": "own"} for name in OWN_FIELDS}
    defaults = {
        name: {
            "value": plain(current_value(client_file, name)),
            "origin": "custom" if is_customised(client_file, name) else "inherited",
        }
        for name in DEFAULT_FIELDS
    }
    return {
        "id": str(client_file.id),
        **columns(client_file, FILE_COLUMNS),
        "practice": client_file.practice.name,
        "responsible": columns(client_file.responsible, ("name", "email")) if client_file.responsible else None,
        "settings": own | defaults,
        "reception": columns(client_file, RECEPTION_COLUMNS),
        "trusted_senders": [
            columns(one, ("sender", "trusted_by", "created_at"))
            for one in TrustedSender.objects.filter(client_file=client_file).order_by("id")
        ],
    }


def address_rows(client_file: ClientFile) -> Iterator[dict[str, Any]]:
    """Yield the file's submission addresses, the oldest first."""
    for address in InboundAddress.objects.filter(client_file=client_file).order_by("id"):
        full = f"{address.local_part}@{settings.LIASSE_MAIL_DOMAIN}"
        dates = columns(address, ("created_at", "retired_at"))
        member = str(address.member_id) if address.member_id else ""
        yield {"id": str(address.id), "address": full, "local_part": address.local_part, "member": member, **dates}


def member_rows(client_file: ClientFile) -> Iterator[dict[str, Any]]:
    """Yield the people of the client, in the order in which they came."""
    members = Member.objects.filter(practice_id=client_file.practice_id, client_file=client_file)
    for member in members.order_by("id").iterator(chunk_size=_EVENTS_AT_ONCE):
        yield {"id": str(member.id), **columns(member, MEMBER_COLUMNS)}


def access_rows(client_file: ClientFile) -> Iterator[dict[str, Any]]:
    """Yield the colleagues with a grant, then the teams, by name; administrators reach the file without one."""
    grants = FileAccess.objects.filter(practice_id=client_file.practice_id, client_file=client_file)
    for grant in grants.select_related("colleague").order_by("colleague__name", "id"):
        person = columns(grant.colleague, ("name", "email", "role", "status"))
        yield {**person, **columns(grant, ("level", "created_at"))}
    given = TeamAccess.objects.filter(practice_id=client_file.practice_id, client_file=client_file)
    for to_team in given.select_related("team").order_by("team__name", "id"):
        team = {"name": to_team.team.name, "email": "", "role": "team", "status": ""}
        yield {**team, **columns(to_team, ("level", "created_at"))}


def event_rows(client_file: ClientFile) -> Iterator[dict[str, Any]]:
    """Yield the file's history, the oldest first."""
    events = AuditEvent.objects.filter(practice_id=client_file.practice_id, client_file_id=client_file.id)
    last = 0
    while found := list(events.filter(sequence__gt=last).order_by("sequence")[:_EVENTS_AT_ONCE]):
        last = found[-1].sequence
        for event in found:
            actor = {"kind": event.actor_kind.removeprefix(IMPORTED), "name": event.actor_name}
            subject = {"kind": event.subject_kind, "id": str(event.subject_id)}
            yield {"actor": actor, "subject": subject, **columns(event, EVENT_COLUMNS)}


@dataclass(slots=True)
class Delivery:
    """A receipt with its parts, the documents made of them, and what was read from each."""

    receipt: Receipt
    parts: list[ReceiptPart] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    readings: dict[UUID, Reading] = field(default_factory=dict)
    decided: dict[UUID, list[Pair]] = field(default_factory=dict)
    """What was said of documents that may be an earlier one again, by the later one."""


def deliveries(client_file: ClientFile) -> Iterator[list[Delivery]]:
    """Yield a file's receipts with all that came of them, some at a time, the oldest first.

    Five queries a step, whatever is in it, in one short transaction under the file's lock, so that a
    mail which is opened meanwhile is there with all its documents or with none. Raises NotThereError
    when the file moved or was deleted meanwhile.
    """
    receipts = Receipt.objects.filter(practice_id=client_file.practice_id, client_file=client_file).order_by("id")
    last: UUID | None = None
    while True:
        with transaction.atomic():
            counters.hold(client_file.id)
            found = list((receipts if last is None else receipts.filter(id__gt=last))[:_AT_ONCE])
            if not found:
                return
            batch = _with_what_came_of_them(client_file, found)
        last = found[-1].id
        yield batch


def _with_what_came_of_them(client_file: ClientFile, receipts: list[Receipt]) -> list[Delivery]:
    batch = {receipt.id: Delivery(receipt=receipt) for receipt in receipts}
    parts = ReceiptPart.objects.filter(practice_id=client_file.practice_id, receipt_id__in=batch)
    for part in parts.order_by("receipt_id", "index"):
        batch[part.receipt_id].parts.append(part)
    documents = Document.objects.filter(
        practice_id=client_file.practice_id, client_file=client_file, receipt_id__in=batch
    )
    owners: dict[UUID, Delivery] = {}
    for document in documents.select_related("part").order_by("receipt_id", "part__index", "cut_index"):
        owners[document.id] = batch[document.receipt_id]
        batch[document.receipt_id].documents.append(document)
    for reading in Reading.objects.filter(practice_id=client_file.practice_id, document_id__in=owners):
        owners[reading.document_id].readings[reading.document_id] = reading
    decided = Pair.objects.filter(practice_id=client_file.practice_id, second_id__in=owners)
    for pair in decided.exclude(state=PairState.OPEN).order_by("id"):
        owners[pair.second_id].decided.setdefault(pair.second_id, []).append(pair)
    return list(batch.values())


def receipt_row(delivery: Delivery, *, original: str) -> dict[str, Any]:
    """Give a receipt with what became of each part; ``original`` names its entry in the ZIP."""
    # Of a part that was cut, the document that it was first.
    made = {document.part_id: str(document.id) for document in reversed(delivery.documents)}
    receipt = delivery.receipt
    parts = [
        {"id": str(part.id), **columns(part, (*PART_COLUMNS, *PART_LATER)), "document": made.get(part.id)}
        for part in delivery.parts
    ]
    keys = {"id": receipt.id, "address": receipt.address_id, "member": receipt.member_id}
    return {
        **{name: plain(key) for name, key in keys.items()},
        "original": original,
        **columns(receipt, (*RECEIPT_COLUMNS, *RECEIPT_LATER, *RECEIPT_SENDER)),
        "parts": parts,
    }


def document_row(
    document: Document, *, reading: Reading | None, original: str, decided: Sequence[Pair] = ()
) -> dict[str, Any]:
    """Give a document with every field that was read: its value, source, confidence, term and place.

    ``duplicates`` is what was said of it and earlier ones that may be the same.
    """
    keys = {
        "id": document.id,
        "receipt": document.receipt_id,
        "part": document.part_id,
        "owner": document.owner_id,
    }
    return {
        **{name: plain(key) for name, key in keys.items()},
        "original": original,
        **columns(document, (*DOCUMENT_COLUMNS, *DOCUMENT_LATER)),
        "reading": columns(reading, READING_COLUMNS) if reading else None,
        "duplicates": [{"of": str(pair.first_id), **columns(pair, PAIR_COLUMNS)} for pair in decided],
    }
