"""What the screens of suppliers show, put together for their templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from liasse.documents.models import Document
from liasse.documents.sentences import KIND_LABELS, STATUS_LABELS, label
from liasse.reading.types import FieldName
from liasse.suppliers.models import Lesson, Mark, Supplier
from liasse.suppliers.types import MarkKind
from liasse.ui.formats import format_money
from liasse.web.inbox.fields import LABELS, shown_text
from liasse.web.inbox.rows import TONES, title_of

_FOUR: int = 4


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """A supplier as a list shows it."""

    url: str
    name: str
    number: str
    count: int
    usual: str
    last: str


@dataclass(frozen=True, slots=True)
class MarkGroup:
    """By what a supplier is known, under one heading; the second of each pair says who said so."""

    label: str
    texts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class LessonView:
    """What one correction taught, in words."""

    label: str
    value: str
    how: str
    learned: str
    used: int
    document_url: str
    forget_url: str
    forgotten: str


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A document of a supplier."""

    url: str
    title: str
    kind: str
    day: str
    total: str
    status: str
    tone: str


def supplier_row(supplier: Supplier) -> SupplierRow:
    """Give a supplier as a list shows it; the total is the median of the latest."""
    return SupplierRow(
        url=reverse("supplier", args=[supplier.client_file_id, supplier.id]),
        name=supplier.name,
        number=supplier.vat or supplier.siren,
        count=supplier.count_documents,
        usual=f"{format_money(str(supplier.median))} {supplier.currency}".strip()
        if supplier.median is not None
        else "",
        last=date_format(supplier.last_date, "SHORT_DATE_FORMAT") if supplier.last_date else "",
    )


def mark_groups(supplier: Supplier, marks: Iterable[Mark]) -> list[MarkGroup]:
    """Give a supplier's numbers, printed names and accounts."""
    names, accounts = [], []
    for mark in marks:
        if mark.kind == MarkKind.NAME:
            names.append((mark.text, ""))
        elif mark.kind == MarkKind.IBAN:
            said = _("said to be right by %(who)s") % {"who": mark.said_by} if mark.said_by else ""
            accounts.append((in_fours(mark.text), said))
    groups = [
        (_("SIREN"), [(supplier.siren, "")]),
        (_("SIRET"), [(supplier.siret, "")]),
        (_("VAT number"), [(supplier.vat, "")]),
        (_("Printed names"), names),
        (_("Accounts (IBAN)"), accounts),
    ]
    return [MarkGroup(label=title, texts=texts) for title, texts in groups if any(text for text, _said in texts)]


def in_fours(iban: str) -> str:
    """Give an IBAN in groups of four, as it is printed."""
    return " ".join(iban[at : at + _FOUR] for at in range(0, len(iban), _FOUR))


def lesson_views(lessons: Iterable[Lesson]) -> list[LessonView]:
    """Give lessons in words: what, how it is found, from whose correction, and where to forget it."""
    return [_lesson_view(lesson) for lesson in lessons if lesson.field in set(FieldName)]


def _lesson_view(lesson: Lesson) -> LessonView:
    name = FieldName(lesson.field)
    file_id = lesson.client_file_id
    return LessonView(
        label=str(LABELS.get(name, name)),
        value=shown_text(name, lesson.value) if not lesson.anchors else "",
        how=_how(lesson),
        learned=learned_text(lesson),
        used=lesson.count_used,
        document_url=reverse("document", args=[file_id, lesson.document_id]),
        forget_url=reverse("lesson-forget", args=[file_id, lesson.id]) if lesson.forgotten_at is None else "",
        forgotten=_forgotten(lesson),
    )


def learned_text(lesson: Lesson) -> str:
    """Say when and from whose correction something was learned."""
    day = date_format(localtime(lesson.learned_at), "SHORT_DATE_FORMAT")
    return _("learned on %(day)s from a correction by %(who)s") % {"day": day, "who": lesson.learned_by}


def _how(lesson: Lesson) -> str:
    if not lesson.anchors:
        return _("always this value")
    first = lesson.anchors[0]
    if first["left"]:
        return _("right of “%(label)s”") % {"label": first["left"]}
    if first["above"]:
        return _("under “%(label)s”") % {"label": first["above"]}
    return _("at the same place on the page")


def _forgotten(lesson: Lesson) -> str:
    if lesson.forgotten_at is None:
        return ""
    day = date_format(localtime(lesson.forgotten_at), "SHORT_DATE_FORMAT")
    return _("forgotten on %(day)s by %(who)s") % {"day": day, "who": lesson.forgotten_by}


def paper_rows(documents: Iterable[Document]) -> list[PaperRow]:
    """Give documents as a supplier's page lists them."""
    return [
        PaperRow(
            url=reverse("document", args=[one.client_file_id, one.id]),
            title=one.number or title_of(one),
            kind=label(KIND_LABELS, one.kind),
            day=date_format(one.issue_date, "SHORT_DATE_FORMAT") if one.issue_date else "",
            total="" if one.total_gross is None else f"{format_money(str(one.total_gross))} {one.currency}".strip(),
            status=label(STATUS_LABELS, one.status),
            tone=TONES.get(one.status, "neutral"),
        )
        for one in documents
    ]
