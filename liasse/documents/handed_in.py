"""What a person of a client may see of what was handed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from liasse.clients.models import ClientFile, Member
from liasse.documents.models import Document
from liasse.documents.selectors import document_of_file, documents_of_receipts, has_words_of
from liasse.documents.types import DocumentStatus
from liasse.intake.models import Receipt
from liasse.intake.selectors import receipts_of_file


def receipts_for(
    client_file: ClientFile,
    *,
    member: Member,
    text: str = "",
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Receipt]:
    """Give what was handed in and this person may see, newest first: all of it, or what they sent or own of it.

    ``text`` keeps deliveries with these words in their subject or in a document, as far as the person may see
    either. Two queries, whoever asks.
    """
    if member.sees_all and not text.strip():
        return receipts_of_file(client_file, before=before, limit=limit)
    owned = Document.objects.filter(practice_id=client_file.practice_id, client_file=client_file, owner=member)
    owned = owned.exclude(status=DocumentStatus.REPLACED)
    receipts = Receipt.objects.filter(practice_id=client_file.practice_id, client_file=client_file)
    own = receipts if member.sees_all else receipts.filter(Q(member=member) | Q(id__in=owned.values("receipt_id")))
    own = own.select_related("member")
    if text.strip():
        own = own.filter(_says(client_file, member=member, text=text))
    if before is not None:
        at, last = before
        own = own.filter(received_at__lte=at).filter(Q(received_at__lt=at) | Q(id__lt=last))
    return list(own.order_by("-received_at", "-id").prefetch_related("parts")[:limit])


def _says(client_file: ClientFile, *, member: Member, text: str) -> Q:
    """Give what holds of a delivery in which this person finds some words."""
    documents = Document.objects.filter(practice_id=client_file.practice_id, client_file=client_file)
    documents = documents.exclude(status=DocumentStatus.REPLACED).filter(has_words_of(text) or Q())
    # PostgreSQL takes no NUL in a text.
    has_subject = Q(subject__icontains=text.replace("\0", " ").strip())
    if not member.sees_all:
        documents = documents.filter(Q(owner=member) | Q(receipt__member=member))
        has_subject &= Q(member=member)
    return has_subject | Q(id__in=documents.values("receipt_id"))


def documents_for(
    client_file: ClientFile, *, member: Member, receipts: Iterable[Receipt]
) -> Mapping[UUID, list[Document]]:
    """Give by their part the documents of some receipts that this person may see. Queries as `documents_of_receipts`.

    Whoever sent a receipt sees all that came of it, to know that it arrived.
    """
    found = list(receipts)
    documents = documents_of_receipts(client_file, receipts=found)
    if member.sees_all:
        return documents
    sent = {part.id for receipt in found if receipt.member_id == member.id for part in receipt.parts.all()}
    seen = {
        part_id: [one for one in some if one.owner_id == member.id or part_id in sent]
        for part_id, some in documents.items()
    }
    return {part_id: some for part_id, some in seen.items() if some}


def document_for(client_file: ClientFile, *, member: Member, document_id: UUID) -> Document | None:
    """Give one document that this person may see, with its receipt; None when it is not theirs or not there. One query.

    As in `documents_for`: the own ones, and those that came of what they sent.
    """
    found = document_of_file(client_file, document_id=document_id)
    if found is None or member.sees_all or member.id in {found.owner_id, found.receipt.member_id}:
        return found
    return None
