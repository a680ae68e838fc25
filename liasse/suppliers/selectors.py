"""Reads of suppliers: the directory of a file, one supplier, what was learned, and what fits what is being typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat

from liasse.clients.models import ClientFile
from liasse.clients.rules import search_words
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.practices.types import Switch
from liasse.reading.models import Reading
from liasse.reading.types import Field, FieldName
from liasse.suppliers.hints import LESSON
from liasse.suppliers.models import Alarm, Appearance, Lesson, Mark, SharedName, Supplier
from liasse.suppliers.types import AlarmState

PAGE_SIZE: Final = 50
MOST_SUGGESTED: Final = 8
"""So many values are offered as one types."""

_MOST_DOCUMENTS: Final = 30
_MOST_LESSONS: Final = 100
_NAMING: Final = frozenset(
    {FieldName.SUPPLIER_NAME, FieldName.SUPPLIER_VAT, FieldName.SUPPLIER_SIREN, FieldName.SUPPLIER_SIRET}
)
_COLUMNS: Final = {FieldName.CURRENCY: "currency", FieldName.INVOICE_NUMBER: "number"}


@dataclass(frozen=True, slots=True)
class SupplierPage:
    """Some suppliers by name, and the cursor of what follows; blank when nothing does."""

    suppliers: list[Supplier]
    after: str


def _of_file(client_file: ClientFile) -> QuerySet[Supplier]:
    return Supplier.objects.filter(practice_id=client_file.practice_id, client_file=client_file)


def page_of_suppliers(
    client_file: ClientFile, *, text: str = "", after: str = "", limit: int = PAGE_SIZE
) -> SupplierPage:
    """Give a page of a file's directory by name; ``text`` are words or numbers that must all be there. One query."""
    rows = _of_file(client_file).filter(*(Q(search_text__contains=word) for word in search_words(text)))
    name, _mark, last = after.rpartition("~")
    if last:
        try:
            rows = rows.filter(name_sort__gte=name).filter(Q(name_sort__gt=name) | Q(id__gt=UUID(last)))
        except ValueError:
            name = ""
    found = list(rows.order_by("name_sort", "id")[: limit + 1])
    shown = found[:limit]
    cursor = f"{shown[-1].name_sort}~{shown[-1].id}" if len(found) > limit else ""
    return SupplierPage(suppliers=shown, after=cursor)


def supplier_of_file(client_file: ClientFile, *, supplier_id: UUID) -> Supplier | None:
    """Give a supplier of the file; None where it has none such."""
    return _of_file(client_file).filter(id=supplier_id).first()


def marks_of(supplier: Supplier) -> list[Mark]:
    """Give by what a supplier is known, in the order in which it was met. One query."""
    return list(Mark.objects.filter(practice_id=supplier.practice_id, supplier=supplier).order_by("id"))


def documents_of(supplier: Supplier) -> list[Document]:
    """Give the latest documents of a supplier. One query."""
    rows = Appearance.objects.filter(practice_id=supplier.practice_id, supplier=supplier)
    seen = rows.exclude(document__status=DocumentStatus.REPLACED).select_related("document")
    return [row.document for row in seen.order_by("-document_id")[:_MOST_DOCUMENTS]]


def lessons_of(supplier: Supplier) -> list[Lesson]:
    """Give what was learned of a supplier's papers, what was forgotten among it, the latest first. One query."""
    rows = Lesson.objects.filter(practice_id=supplier.practice_id, layout__supplier=supplier).exclude(wrong=F("value"))
    return list(rows.select_related("document").order_by("-learned_at", "-id")[:_MOST_LESSONS])


def supplier_of_document(document: Document) -> Supplier | None:
    """Give the supplier that a document is of, as the directory knows it. One query."""
    return Supplier.objects.filter(practice_id=document.practice_id, appearances__document=document).first()


def lessons_in(fields: Mapping[FieldName, Field]) -> list[Lesson]:
    """Give the lessons that gave values of a reading. One query, none where nothing was learned."""
    ids = [code.removeprefix(LESSON) for field in fields.values() for code in field.evidence if code.startswith(LESSON)]
    if not ids:
        return []
    rows = Lesson.objects.filter(id__in=ids).exclude(wrong=F("value"))
    return list(rows.select_related("layout").order_by("id"))


def alarms_of(document: Document) -> list[Alarm]:
    """Give the alarms of a document, those that were dismissed too. One query."""
    return list(Alarm.objects.filter(practice_id=document.practice_id, document=document).order_by("id"))


def has_open_alarm(documents: Iterable[UUID]) -> set[UUID]:
    """Give which of some documents have an alarm that nobody dismissed. One query."""
    rows = Alarm.objects.filter(document_id__in=list(documents), state=AlarmState.OPEN)
    return set(rows.values_list("document_id", flat=True))


# ---------------------------------------------------------------------------------------------------- as one types


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value that fits what is typed, and what else is known with it, by field."""

    value: str
    also: Mapping[str, str]


def suggestions(client_file: ClientFile, *, field: FieldName, text: str) -> list[Suggestion]:
    """Give at most `MOST_SUGGESTED` values for a field, of the file's suppliers and documents. One query.

    A supplier is found by the beginning of any word of its names, or of its numbers. Where the practice shares
    suppliers, those of its other files follow, with one query more.
    """
    words = search_words(text)
    if field in _NAMING:
        return _of_suppliers(client_file, field, words)
    if field is FieldName.IBAN:
        return _accounts(client_file, text)
    if field in _COLUMNS or field is FieldName.CUSTOMER_NAME:
        return _past(client_file, field, text)
    return []


def _of_suppliers(client_file: ClientFile, field: FieldName, words: list[str]) -> list[Suggestion]:
    rows = _beginning(_of_file(client_file), "search_text", words)
    found = [
        _suggestion(field, row, currency=row.currency)
        for row in rows.order_by("-count_documents", "name_sort")[:MOST_SUGGESTED]
    ]
    if len(found) < MOST_SUGGESTED and client_file.practice.shares_suppliers == Switch.ON:
        shared = _beginning(SharedName.objects.filter(practice_id=client_file.practice_id), "name_sort", words)
        known = {one.also.get("supplier_siren") or one.also.get("supplier_vat") for one in found}
        found += [
            _suggestion(field, row)
            for row in shared.order_by("name_sort", "id")[:MOST_SUGGESTED]
            if (row.siren or row.vat) not in known
        ]
    return [one for one in found if one.value][:MOST_SUGGESTED]


def _beginning[RowT: (Supplier, SharedName)](rows: QuerySet[RowT], column: str, words: list[str]) -> QuerySet[RowT]:
    """Narrow rows to those in which each word is the beginning of one."""
    found = rows.annotate(spaced=Concat(Value(" "), F(column)))
    return found.filter(*(Q(spaced__contains=f" {word}") for word in words))


def _suggestion(field: FieldName, row: Supplier | SharedName, *, currency: str = "") -> Suggestion:
    known = {
        FieldName.SUPPLIER_NAME: row.name,
        FieldName.SUPPLIER_VAT: row.vat,
        FieldName.SUPPLIER_SIREN: row.siren,
        FieldName.SUPPLIER_SIRET: row.siret,
        FieldName.CURRENCY: currency,
    }
    also = {name.value: value for name, value in known.items() if value and name is not field}
    return Suggestion(value=known[field], also=also)


def _accounts(client_file: ClientFile, text: str) -> list[Suggestion]:
    plain = "".join(text.split()).upper()
    rows = Mark.objects.filter(
        practice_id=client_file.practice_id, client_file=client_file, kind="iban", key__startswith=plain
    )
    return [
        Suggestion(value=row.key, also={FieldName.SUPPLIER_NAME.value: row.supplier.name})
        for row in rows.select_related("supplier").order_by("-id")[:MOST_SUGGESTED]
    ]


def _past(client_file: ClientFile, field: FieldName, text: str) -> list[Suggestion]:
    """Give values that the file's documents have already, the latest first."""
    typed = text.strip()[:100]
    documents = Document.objects.filter(practice_id=client_file.practice_id, client_file=client_file)
    if field is FieldName.CUSTOMER_NAME:
        latest = Reading.objects.filter(practice_id=client_file.practice_id, document__client_file=client_file)
        values = [
            str((fields.get(field) or {}).get("value") or "")
            for fields in latest.order_by("-document_id").values_list("fields", flat=True)[:100]
        ]
    else:
        column = _COLUMNS[field]
        rows = documents.filter(**{f"{column}__istartswith": typed}).exclude(**{column: ""})
        values = list(rows.order_by("-id").values_list(column, flat=True)[:100])
    fitting = [value for value in values if value and value.casefold().startswith(typed.casefold())]
    return [Suggestion(value=value, also={}) for value in dict.fromkeys(fitting)][:MOST_SUGGESTED]
