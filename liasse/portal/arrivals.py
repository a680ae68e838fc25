"""What a client handed in, in a client's words: that it arrived, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from liasse.clients.models import ClientFile, Member
from liasse.documents.handed_in import documents_for
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.intake.models import Receipt, ReceiptPart
from liasse.intake.sentences import left_out_sentence, reason
from liasse.intake.types import ReceiptState, Verdict

_DOCUMENTS: Final[dict[str, tuple[Promise, str]]] = {
    DocumentStatus.PROCESSING: (pgettext_lazy("document", "being read"), "busy"),
    DocumentStatus.TO_REVIEW: (pgettext_lazy("document", "with the practice"), "info"),
    DocumentStatus.READY: (pgettext_lazy("document", "ready"), "ok"),
    DocumentStatus.ARCHIVED: (pgettext_lazy("document", "filed"), "ok"),
    DocumentStatus.DUPLICATE: (pgettext_lazy("document", "there already"), "neutral"),
}
_SENTENCES: Final[dict[str, Promise]] = {
    ReceiptState.STORED: gettext_lazy("Received safely. It is being opened."),
    ReceiptState.OPENED: gettext_lazy("Received."),
    ReceiptState.UNUSABLE: gettext_lazy("Received, but nothing in it is a document."),
    ReceiptState.HELD: gettext_lazy("Received and kept. The practice looks at it first."),
    ReceiptState.ASIDE: gettext_lazy("Received and kept. The practice put it aside."),
    ReceiptState.FAILED: gettext_lazy("Received and kept. It could not be opened yet: the practice sees to it."),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One file of what was handed in; ``note`` says why it is no document."""

    title: str
    status: str = ""
    tone: str = ""
    note: str = ""
    amount: str = ""
    currency: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One thing that was handed in."""

    title: str
    sender: str
    at: datetime
    sentence: str
    has_failed: bool
    items: list[Item]


def arrivals(client_file: ClientFile, receipts: Iterable[Receipt], *, member: Member) -> list[Arrival]:
    """Give what was handed in as this person may see it, in the order given. One query for the documents of all."""
    found = list(receipts)
    documents = documents_for(client_file, member=member, receipts=found)
    return [_arrival(receipt, documents=documents, member=member) for receipt in found]


def _arrival(receipt: Receipt, *, documents: Mapping[UUID, list[Document]], member: Member) -> Arrival:
    """Show a delivery; of somebody else's, a person who sees the own documents alone sees these and no word more."""
    is_whole = member.sees_all or receipt.member_id == member.id
    parts = [part for part in receipt.parts.all() if is_whole or part.id in documents]
    items = [
        item
        for part in sorted(parts, key=lambda part: part.index)
        for item in _items(part, documents.get(part.id, []), is_whole=is_whole)
    ]
    subject = receipt.subject if is_whole else ""
    return Arrival(
        title=subject or next((item.title for item in items), "") or _("Email without subject"),
        sender=receipt.from_name or receipt.from_address or receipt.envelope_from,
        at=receipt.received_at,
        sentence=_sentence(receipt),
        has_failed=receipt.state in {ReceiptState.UNUSABLE, ReceiptState.FAILED},
        items=items,
    )


def _items(part: ReceiptPart, documents: Sequence[Document], *, is_whole: bool) -> list[Item]:
    """Give the documents of a part, or that there is none, which is a line too, and what of it is in no document."""
    made: Sequence[Document | None] = documents or [None]
    items = [item for document in made if (item := _item(part, document))]
    if part.left_out and documents and is_whole:
        note = left_out_sentence(part.left_out)
        items.append(
            Item(title=part.filename or _("File without a name"), status=_("not a document"), tone="neutral", note=note)
        )
    return items


def _sentence(receipt: Receipt) -> str:
    said = str(_SENTENCES.get(receipt.state, _SENTENCES[ReceiptState.OPENED]))
    if receipt.state == ReceiptState.UNUSABLE and receipt.problem not in {"", "nothing-usable"}:
        return f"{said} {reason(receipt.problem)}"
    return said


def title_of(document: Document) -> str:
    """Name a document by what is read in it, else by its file."""
    named = " · ".join(word for word in (document.supplier_name, document.number) if word)
    return named or document.filename or _("Document without a name")


def status_of(document: Document) -> tuple[str, str]:
    """Give in a client's words where a document stands, and the tone in which that is said."""
    label, tone = _DOCUMENTS.get(document.status, _DOCUMENTS[DocumentStatus.PROCESSING])
    return str(label), tone


def _item(part: ReceiptPart, document: Document | None) -> Item | None:
    """Give a part as the client sees it; logos, signatures and the like are nobody's question."""
    if document is not None:
        status, tone = status_of(document)
        return Item(
            title=title_of(document),
            status=status,
            tone=tone,
            url=reverse("portal-document", args=[document.client_file_id, document.id]),
            amount="" if document.total_gross is None else str(document.total_gross),
            currency=document.currency,
        )
    if part.verdict != Verdict.REFUSED:
        return None
    return Item(
        title=part.filename or _("File without a name"),
        status=_("not usable"),
        tone="warn",
        note=str(reason(part.reason)),
    )
