"""What a document's page shows, put together for its templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from liasse.clients.selectors import members_of
from liasse.core import audit
from liasse.core.access import Level
from liasse.documents.models import Document
from liasse.documents.rules import lacks_of
from liasse.documents.selectors import Neighbours, neighbours
from liasse.documents.sentences import STATUS_LABELS, label
from liasse.documents.types import DocumentStatus, Step
from liasse.lib import media_types
from liasse.lib.money import parse_decimal
from liasse.pipeline.child import PAGE_WIDTH
from liasse.reading.call import MOST_PAGES
from liasse.reading.selectors import ShownReading, papers_of, reading_of
from liasse.reading.types import FieldName, InvoiceLine
from liasse.ui.shell import Crumb, PageImage
from liasse.web.inbox.alarms import alarm_screen
from liasse.web.inbox.conformity import conformity_of
from liasse.web.inbox.cut_notice import cut_notice
from liasse.web.inbox.doubts import Doubts, doubts_of, without_fields
from liasse.web.inbox.fields import SECTIONS, DocumentForm, FieldView, field_view, initial_of
from liasse.web.inbox.history import history_lines
from liasse.web.inbox.invoice_lines import line_table
from liasse.web.inbox.lists import AskedList, asked_list, inbox_url
from liasse.web.inbox.paper import paper_of
from liasse.web.inbox.problems import reason_of
from liasse.web.inbox.readiness import question_of
from liasse.web.inbox.rows import TONES, bulk_actions, title_of
from liasse.web.inbox.twins import twin_notice
from liasse.web.inbox.vat import vat_table
from liasse.web.inbox.versions import sent_moment
from liasse.web.requests import FileRequest

QUESTION: Final = "ask"
"""The word of an address that has the page ask whether a document is ready though something is missing."""

CHECKING: Final = "checking"
"""The word of an address that says when its document's check was asked for, in seconds of 1970."""

SCRIPTS: Final = (
    "web/document.js",
    "web/document_walk.js",
    "web/document_spots.js",
    "web/document_words.js",
    "web/document_printed.js",
    "web/document_undo.js",
    "web/document_suggest.js",
    "web/document_rows.js",
    "web/document_ahead.js",
)
"""The modules of a document's page, each of one thing; they speak to one another by events."""

_MOST_LINES: Final = 300
_MOST_TEXT: Final = 2_000
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class SectionView:
    """Some fields under a heading; one that is no main one can be folded, and is while it is blank."""

    heading: str
    fields: list[FieldView]
    is_main: bool = True

    @property
    def is_open(self) -> bool:
        """Tell whether there is anything to see or to do in it."""
        return any(item.field.value() or item.is_marked for item in self.fields)


def document_url(document: Document, asked: AskedList, *, document_id: UUID | None = None, **more: str) -> str:
    """Give the address of a document, or of another one of its file, with the list it is looked at in."""
    return reverse("document", args=[document.client_file_id, document_id or document.id]) + asked.search(**more)


def document_screen(request: FileRequest, document: Document) -> dict[str, Any]:
    """Give all that a document's page shows. Its queries are as many for every role and size."""
    asked = asked_list(request.client_file, words=request.GET)
    reading = reading_of(document)
    can_work = request.file_level.allows(Level.CODING) and document.status != DocumentStatus.REPLACED
    form = DocumentForm(initial=initial_of(document, reading), owners=members_of(document.client_file))
    for field in form.fields.values():
        field.disabled = not can_work
    sections = _sections(form, reading, is_open=is_open(document))
    return {
        "asked": asked,
        "words": asked.words().items(),
        "crumbs": [Crumb(label=_("Inbox"), url=inbox_url(request.client_file, asked))],
        "can_work": can_work,
        "is_page": True,
        "scripts": SCRIPTS,
        "suggest_url": _suggest_url(document),
        "sections": sections,
        "main_sections": [section for section in sections if section.is_main],
        "more_sections": [section for section in sections if not section.is_main],
        "table": vat_table(reading),
        "line_table": line_table(reading),
        "doubts": _doubts(document, sections),
        "owner": field_view(form, name="owner", reading=reading),
        "note": field_view(form, name="note", reading=reading),
        "side": field_view(form, name="side", reading=reading),
        "pages": page_images(document),
        "unread": _unread(document, reading),
        "waiting": _waiting(document),
        "actions": bulk_actions(DocumentStatus(document.status)) if can_work else [],
        "receipt": document.receipt,
        "cut": cut_notice(document, can_work=can_work),
        "twin": twin_notice(document),
        **alarm_screen(request, document, reading=reading),
        "can_cut": can_work and document.step == Step.DONE and bool(document.pages),
        "mail_text": document.receipt.text[:_MOST_TEXT],
        **_around(document, asked),
        **_heading(request, document, reading=reading),
        **_figures(document, reading, asked_at=sent_moment(request.GET.get(CHECKING, ""))),
    }


def _suggest_url(document: Document) -> str:
    try:
        return reverse("suggest", args=[document.client_file_id])
    except NoReverseMatch:
        return ""


def is_open(document: Document) -> bool:
    """Tell whether the document waits for a person to look at it."""
    return document.status == DocumentStatus.TO_REVIEW


def _sections(form: DocumentForm, reading: ShownReading, *, is_open: bool) -> list[SectionView]:
    return [
        SectionView(
            heading=str(section.heading),
            fields=[field_view(form, name=name, reading=reading, is_open=is_open) for name in section.names],
            is_main=section.is_main,
        )
        for section in SECTIONS
    ]


def _doubts(document: Document, sections: Iterable[SectionView]) -> Doubts | None:
    return doubts_of(item for section in sections for item in section.fields) if is_open(document) else None


def saved_screen(
    request: FileRequest, document: Document, *, name: str, typed: str | None = None, problem: str = ""
) -> dict[str, Any]:
    """Give what an edit changes on the page: the field, and what hangs on it; the typed text stays when refused."""
    reading = reading_of(document)
    owners = members_of(document.client_file) if name == "owner" else []
    initial = initial_of(document, reading)
    if problem:
        form = DocumentForm(initial | {name: typed}, owners=owners)
        form.full_clean()
        form.errors.clear()
        form.add_error(name, problem)
    else:
        form = DocumentForm(initial=initial, owners=owners)
    state = "" if problem else "saved"
    return {
        "item": field_view(form, name=name, reading=reading, state=state, is_open=is_open(document)),
        **_around_edit(request, document, reading=reading),
    }


def many_screen(request: FileRequest, document: Document, *, names: Iterable[str]) -> dict[str, Any]:
    """Give what an edit of several fields changes on the page."""
    reading = reading_of(document)
    form = DocumentForm(initial=initial_of(document, reading), owners=[])
    views = [
        field_view(form, name=name, reading=reading, state="saved", is_open=is_open(document))
        for name in dict.fromkeys(names)
    ]
    return {"items": views, **_around_edit(request, document, reading=reading)}


def vat_screen(request: FileRequest, document: Document) -> dict[str, Any]:
    """Give what an edit of the VAT table changes on the page."""
    reading = reading_of(document)
    return {"table": vat_table(reading, state="saved"), **_around_edit(request, document, reading=reading)}


def lines_screen(request: FileRequest, document: Document) -> dict[str, Any]:
    """Give what an edit of the lines changes on the page."""
    reading = reading_of(document)
    around = _around_edit(request, document, reading=reading)
    return around | {"line_table": line_table(reading, state="saved")}


def _around_edit(request: FileRequest, document: Document, *, reading: ShownReading) -> dict[str, Any]:
    """Give what hangs on any edit: the title, what is still to be looked at, the sums, the history."""
    form = DocumentForm(initial=initial_of(document, reading), owners=[])
    sections = _sections(form, reading, is_open=is_open(document))
    return {
        "can_work": request.file_level.allows(Level.CODING),
        "words": _list_words(request),
        "twin": twin_notice(document),
        **alarm_screen(request, document, reading=reading),
        "doubts": _doubts(document, sections),
        "vat": vat_table(reading),
        "line_table": line_table(reading),
        **_heading(request, document, reading=reading),
    }


def _list_words(request: FileRequest) -> Iterable[tuple[str, str]]:
    """Give the words of the list in which the page stands that sent an edit."""
    return asked_list(request.client_file, words=_page_words(request)).words().items()


def _page_words(request: FileRequest) -> QueryDict:
    """Give the words of the page's address, also when a part of it is what is asked for."""
    return QueryDict(urlsplit(request.htmx.current_url or "").query) if request.htmx else request.GET


def _heading(request: FileRequest, document: Document, *, reading: ShownReading) -> dict[str, Any]:
    events = audit.history(practice_id=document.practice_id, subject_id=document.id)
    return {
        "document": document,
        "title": title_of(document),
        "status": label(STATUS_LABELS, document.status),
        "tone": TONES.get(document.status, "neutral"),
        "reason": _reason(document, reading) if is_open(document) else "",
        "sums": _sums(reading) if document.problem != "sums_differ" or not is_open(document) else "",
        "papers": _papers(document, reading),
        "lacks": is_open(document) and bool(lacks_of(document)),
        "question": question_of(document) if QUESTION in _page_words(request) else None,
        "history": history_lines(events),
    }


def _papers(document: Document, reading: ShownReading) -> int:
    """Say of how many papers documents can be made that lie on the one page; looked up only where reading said so."""
    is_told = any(reason.detail == "several_papers" for reason in reading.reasons)
    return len(papers_of(document)) if is_told and is_open(document) and len(document.pages) == 1 else 0


def _reason(document: Document, reading: ShownReading) -> str:
    """Say why it waits, without what the list of fields says one by one."""
    told = without_fields(reading.reasons)
    if reading.reasons and not told:
        return ""
    return reason_of(document, reasons=told)


def _sums(reading: ShownReading) -> str:
    """Say that net and VAT are not the total, as soon as all three are there and disagree."""
    names = (FieldName.TOTAL_NET, FieldName.TOTAL_VAT, FieldName.TOTAL_GROSS)
    net, vat, gross = (parse_decimal(reading.value(name)) for name in names)
    if net is None or vat is None or gross is None or abs(net + vat - gross) <= _CENT:
        return ""
    return _("Net and VAT do not add up to the total: check the amounts.")


def _around(document: Document, asked: AskedList) -> dict[str, Any]:
    around: Neighbours = neighbours(document, query=asked.query)
    return {
        "previous_url": document_url(document, asked, document_id=around.previous) if around.previous else "",
        "next_url": document_url(document, asked, document_id=around.next) if around.next else "",
        "inbox_url": inbox_url(document.client_file, asked),
        "is_busy": document.step != Step.DONE,
    }


def _figures(document: Document, reading: ShownReading, *, asked_at: datetime | None) -> dict[str, Any]:
    is_paper = document.media_type == media_types.XML and bool(reading.fields)
    return {
        "reading": reading,
        "currency": reading.value(FieldName.CURRENCY),
        "paper": paper_of(reading) if is_paper else None,
        "lines": _lines(reading.lines),
        "lines_left_out": max(len(reading.lines) - _MOST_LINES, 0),
        "vat_lines": reading.vat,
        "conformity": conformity_of(reading, asked_at=asked_at),
    }


def _lines(lines: Sequence[InvoiceLine]) -> Sequence[InvoiceLine]:
    return lines[:_MOST_LINES]


def _large_url(document: Document, number: int, *, width: float, stamp: str) -> str:
    """Give the address of a page's large image; none for a picture that has no more pixels than the small one shows."""
    if document.media_type != media_types.PDF and width <= PAGE_WIDTH:
        return ""
    return f"{reverse('document-page', args=[document.client_file_id, document.id, number])}?size=large&v={stamp}"


def page_images(document: Document) -> list[PageImage]:
    """Give the pages of a document; an address changes with the original, so that browsers may keep it."""
    stamp = document.sha256[:12]
    first = reverse("document-page", args=[document.client_file_id, document.id, 1]).removesuffix("1/")
    return [
        PageImage(
            number=number,
            url=f"{first}{number}/?v={stamp}",
            thumb_url=f"{first}{number}/?size=thumb&v={stamp}",
            large_url=_large_url(document, number, width=float(size["width"]), stamp=stamp),
            width=max(round(float(size["width"])), 1),
            height=max(round(float(size["height"])), 1),
        )
        for number, size in enumerate(document.pages, start=1)
    ]


def _unread(document: Document, reading: ShownReading) -> str:
    """Say that of a long document only so many pages were read; of a picture's pages those at its beginning."""
    words = {"count": len(document.pages), "half": MOST_PAGES // 2, "most": MOST_PAGES}
    if words["count"] <= MOST_PAGES or reading.format not in {"pdf", "image"}:
        return ""
    if reading.format == "image":
        return _("Only the first %(most)d of its %(count)d pages were read. The others are shown only.") % words
    return (
        _("Only the first %(half)d and the last %(half)d of its %(count)d pages were read. The others are shown only.")
        % words
    )


def _waiting(document: Document) -> str:
    if document.status == DocumentStatus.REPLACED:
        return _("Its pages are those of the documents that stand in its place. The original can be downloaded.")
    if document.step != Step.DONE:
        return _("The pages are being prepared.")
    return _("There are no pages to show. The original can be downloaded.")
