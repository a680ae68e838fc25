"""What came of what was handed in, as its page shows it: a sentence, and each document or why there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, npgettext_lazy, pgettext_lazy

from liasse.clients.models import ClientFile, Member
from liasse.documents.models import Document
from liasse.documents.selectors import documents_of_receipts
from liasse.documents.types import DocumentStatus
from liasse.intake.models import Receipt
from liasse.intake.sentences import reason
from liasse.intake.types import ReceiptState, Verdict
from liasse.lib.ids import as_uuid

_MOST_ASKED: Final = 100
_MOST_SHOWN: Final = 20
type Labels = Mapping[str, tuple[Promise, str]]

_OF_COLLEAGUES: Final[Labels] = {
    DocumentStatus.PROCESSING: (pgettext_lazy("document", "being read"), "busy"),
    DocumentStatus.TO_REVIEW: (pgettext_lazy("document", "to review"), "warn"),
    DocumentStatus.READY: (pgettext_lazy("document", "ready"), "ok"),
    DocumentStatus.ARCHIVED: (pgettext_lazy("document", "archived"), "neutral"),
    DocumentStatus.DUPLICATE: (pgettext_lazy("document", "duplicate"), "neutral"),
}
_OF_CLIENTS: Final[Labels] = {
    DocumentStatus.PROCESSING: (pgettext_lazy("document", "being read"), "busy"),
    DocumentStatus.TO_REVIEW: (pgettext_lazy("document", "with the practice"), "info"),
    DocumentStatus.READY: (pgettext_lazy("document", "ready"), "ok"),
    DocumentStatus.ARCHIVED: (pgettext_lazy("document", "filed"), "ok"),
    DocumentStatus.DUPLICATE: (pgettext_lazy("document", "there already"), "neutral"),
}
_COUNTED: Final[dict[str, Any]] = {
    DocumentStatus.PROCESSING: npgettext_lazy("documents", "%(count)d being read", "%(count)d being read", "count"),
    DocumentStatus.TO_REVIEW: npgettext_lazy("documents", "%(count)d to review", "%(count)d to review", "count"),
    DocumentStatus.READY: npgettext_lazy("documents", "%(count)d ready", "%(count)d ready", "count"),
    DocumentStatus.ARCHIVED: npgettext_lazy("documents", "%(count)d archived", "%(count)d archived", "count"),
    DocumentStatus.DUPLICATE: npgettext_lazy("documents", "%(count)d duplicate", "%(count)d duplicates", "count"),
}
_WAITING: Final = {
    "": gettext_lazy("Received safely. It is being opened."),
    "file-archived": gettext_lazy("Received safely. The client file is archived: it is read once the file is active."),
}


@dataclass(frozen=True, slots=True)
class _View:
    """For whom it is said: the words of a document's status, and the routes of its page and of its receipt's."""

    labels: Labels
    document: str
    receipt: str = ""


def of_file(client_file: ClientFile, *, asked: Sequence[str]) -> list[dict[str, Any]]:
    """Say it to a colleague who reaches the file; an id that is not one of its receipts is left out. Three queries."""
    found = _receipts(client_file, asked=asked)
    documents = documents_of_receipts(client_file, receipts=found)
    return _told(found, documents, view=_View(labels=_OF_COLLEAGUES, document="document", receipt="receipt"))


def of_member(client_file: ClientFile, *, member: Member, asked: Sequence[str]) -> list[dict[str, Any]]:
    """Say it to a person of the client: of all receipts to those who see all, else of their own. Three queries."""
    receipts = _receipts(client_file, asked=asked)
    found = [one for one in receipts if member.sees_all or one.handed_in_by_id == member.user_id]
    documents = documents_of_receipts(client_file, receipts=found)
    return _told(found, documents, view=_View(labels=_OF_CLIENTS, document="portal-document"))


def _receipts(client_file: ClientFile, *, asked: Sequence[str]) -> list[Receipt]:
    ids = [found for text in asked[:_MOST_ASKED] if (found := as_uuid(text)) is not None]
    receipts = Receipt.objects.filter(practice_id=client_file.practice_id, client_file=client_file, id__in=ids)
    return list(receipts.order_by("received_at", "id").prefetch_related("parts"))


def _told(receipts: list[Receipt], documents: Mapping[UUID, list[Document]], *, view: _View) -> list[dict[str, Any]]:
    return [_one(receipt, documents, view=view) for receipt in receipts]


def _one(receipt: Receipt, documents: Mapping[UUID, list[Document]], *, view: _View) -> dict[str, Any]:
    parts = sorted(receipt.parts.all(), key=lambda part: part.index)
    # A document that was joined holds pages of several parts.
    made = list({one.id: one for part in parts for one in documents.get(part.id, [])}.values())
    refused = [
        {"title": part.filename or _("File without a name"), "why": str(reason(part.reason))}
        for part in parts
        if part.verdict == Verdict.REFUSED
    ]
    is_reading = any(document.status == DocumentStatus.PROCESSING for document in made)
    sentence, tone = _sentence(receipt, made, refused, view=view)
    return {
        "id": str(receipt.id),
        "number": receipt_number(receipt),
        "received_at": receipt.received_at.isoformat(),
        "sha256": receipt.sha256,
        "state": receipt.state,
        "settled": receipt.state != ReceiptState.STORED and not is_reading,
        "tone": "busy" if is_reading else tone,
        "sentence": sentence,
        "url": _address(view.receipt, receipt.client_file_id, receipt.id) if view.receipt else "",
        "count": len(made),
        "documents": [_document(document, view=view) for document in made[:_MOST_SHOWN]],
        "refused": refused[:_MOST_SHOWN],
    }


def receipt_number(receipt: Receipt) -> str:
    """Give the number under which a person can ask for what was received: "1A2B-3C4D"."""
    letters = receipt.id.hex[-8:].upper()
    return f"{letters[:4]}-{letters[4:]}"


def _sentence(receipt: Receipt, made: list[Document], refused: list[dict[str, str]], *, view: _View) -> tuple[str, str]:
    why = str(reason(receipt.problem)) if receipt.problem else ""
    if receipt.state == ReceiptState.STORED:
        return str(_WAITING.get(receipt.problem, _WAITING[""])), "busy"
    if receipt.state == ReceiptState.FAILED:
        return " ".join((_("Received and kept, but not opened."), why)), "danger"
    if receipt.state == ReceiptState.UNUSABLE:
        said = refused[0]["why"] if len(refused) == 1 and receipt.problem in {"", "nothing-usable"} else why
        return " ".join((_("Received, but no document came of it."), said)), "warn"
    left = ""
    if refused:
        text = ngettext(
            "%(count)s file in it could not be used.", "%(count)s files in it could not be used.", len(refused)
        )
        left = " " + text % {"count": len(refused)}
    if len(made) == 1:
        label, tone = view.labels.get(made[0].status, view.labels[DocumentStatus.PROCESSING])
        said = _("Received: “%(document)s”, %(status)s.") % {"document": _title(made[0]), "status": label}
        return said + left, "warn" if refused else tone
    return _counted(made) + left, "warn" if refused else "ok"


def _counted(made: list[Document]) -> str:
    statuses = Counter(document.status for document in made)
    parts = [str(text % {"count": statuses[status]}) for status, text in _COUNTED.items() if statuses[status]]
    text = ngettext(
        "Received: %(count)s document (%(parts)s).", "Received: %(count)s documents (%(parts)s).", len(made)
    )
    return text % {"count": len(made), "parts": ", ".join(parts)}


def _document(document: Document, *, view: _View) -> dict[str, str]:
    label, tone = view.labels.get(document.status, view.labels[DocumentStatus.PROCESSING])
    url = _address(view.document, document.client_file_id, document.id)
    return {"title": _title(document), "status": str(label), "tone": tone, "url": url}


def _title(document: Document) -> str:
    named = " · ".join(part for part in (document.supplier_name, document.number) if part)
    return named or document.filename or _("Document without a name")


def _address(name: str, *ids: UUID) -> str:
    """Give the address of a screen; blank where this instance has no such screen."""
    try:
        return reverse(name, args=ids)
    except NoReverseMatch:
        return ""
