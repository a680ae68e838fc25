"""Documents as rows of a list: what each cell says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from liasse.clients.models import ClientFile
from liasse.documents.models import Document
from liasse.documents.sentences import STATUS_LABELS, label
from liasse.documents.types import DocumentKind, DocumentStatus
from liasse.web.inbox.lists import AskedList
from liasse.web.inbox.problems import reason_of

TONES: Final[dict[str, str]] = {
    DocumentStatus.PROCESSING: "busy",
    DocumentStatus.TO_REVIEW: "warn",
    DocumentStatus.READY: "ok",
    DocumentStatus.ARCHIVED: "neutral",
    DocumentStatus.DUPLICATE: "neutral",
}


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One row of the inbox."""

    document: Document
    url: str
    label: str
    status: str
    tone: str
    reason: str
    is_credit_note: bool
    proposed: str = ""


@dataclass(frozen=True, slots=True)
class BulkAction:
    """A move that chosen documents of a tab allow; the main one is the green button of a document's page."""

    label: Promise
    icon: str
    to: str
    is_main: bool = False
    key: str = ""


_READY: Final = BulkAction(_("Mark as ready"), "check", DocumentStatus.READY, is_main=True)
_REVIEW: Final = BulkAction(_("Back to review"), "arrow-uturn-left", DocumentStatus.TO_REVIEW, key="b")
_ARCHIVE: Final = BulkAction(_("Move to the archive"), "archive-box", DocumentStatus.ARCHIVED, key="a")
BACK: Final = "back"
"""Out of the archive, to where each document was."""

_BACK: Final = BulkAction(_("Take out of the archive"), "archive-box-x-mark", BACK, is_main=True)
_ACTIONS: Final = {
    DocumentStatus.PROCESSING: [],
    DocumentStatus.TO_REVIEW: [_READY, _ARCHIVE],
    DocumentStatus.READY: [_REVIEW, _ARCHIVE],
    DocumentStatus.ARCHIVED: [_BACK],
}


def bulk_actions(status: DocumentStatus) -> list[BulkAction]:
    """Give the moves for chosen documents of a tab."""
    return _ACTIONS.get(status, [])


def document_rows(documents: Iterable[Document], *, client_file: ClientFile, asked: AskedList) -> list[DocumentRow]:
    """Give the rows of a list; their addresses carry the list, so that "next" follows its order."""
    words = asked.search()
    return [
        DocumentRow(
            document=document,
            url=reverse("document", args=[client_file.id, document.id]) + words,
            label=title_of(document),
            status=label(STATUS_LABELS, document.status),
            tone=TONES.get(document.status, "neutral"),
            reason=reason_of(document) if document.status == DocumentStatus.TO_REVIEW else "",
            is_credit_note=document.kind == DocumentKind.CREDIT_NOTE,
            proposed=proposed_text(document),
        )
        for document in documents
    ]


def proposed_text(document: Document) -> str:
    """Ask in two words whether a document is several; blank when nothing speaks for it."""
    count = len(document.cuts) + 1
    if not document.cuts or document.status == DocumentStatus.REPLACED:
        return ""
    return ngettext("%(count)s document?", "%(count)s documents?", count) % {"count": count}


def title_of(document: Document) -> str:
    """Name a document by supplier and number, else by its file."""
    named = " · ".join(part for part in (document.supplier_name, document.number) if part)
    return named or document.filename or str(_("Document without a name"))
