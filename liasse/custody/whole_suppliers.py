"""What a file knows of its suppliers, as tables of its ZIP: the directory, what was learned, and alarms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import batched
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from liasse.clients.models import ClientFile
from liasse.custody.whole_rows import columns
from liasse.suppliers.models import Alarm, Appearance, Layout, Lesson, Mark, Supplier

_AT_ONCE: Final = 200

SUPPLIER_COLUMNS: Final = (
    *("name", "name_sort", "is_named", "search_text", "vat", "siren", "siret", "currency", "rate"),
    *("median", "spread", "count_documents", "last_date"),
)
MARK_COLUMNS: Final = ("kind", "key", "text", "said_by", "created_at")
APPEARANCE_COLUMNS: Final = ("iban", "total", "currency", "rate", "issue_date")
LAYOUT_COLUMNS: Final = ("words", "marks", "names", "created_at")
LESSON_COLUMNS: Final = (
    *("field", "value", "wrong", "anchors", "learned_by", "learned_at"),
    *("count_used", "forgotten_by", "forgotten_at"),
)
ALARM_COLUMNS: Final = ("code", "weight", "facts", "state", "raised_at", "dismissed_by", "dismissed_at")


def supplier_rows(client_file: ClientFile, *, documents: Collection[UUID]) -> Iterator[dict[str, Any]]:
    """Yield a file's suppliers with all that they are known by, and the documents of each that are in the ZIP.

    Three queries for some hundred suppliers.
    """
    for some in batched(_of(Supplier, client_file).iterator(chunk_size=_AT_ONCE), _AT_ONCE):
        ids = [supplier.id for supplier in some]
        marks = _by_owner(_of(Mark, client_file).filter(supplier_id__in=ids), "supplier_id", MARK_COLUMNS)
        seen = _of(Appearance, client_file).filter(supplier_id__in=ids)
        appearances = _by_owner(_there(seen, documents), "supplier_id", APPEARANCE_COLUMNS)
        for one in some:
            row = {"id": str(one.id), **columns(one, SUPPLIER_COLUMNS)}
            yield {**row, "marks": marks[one.id], "appearances": appearances[one.id]}


def layout_rows(client_file: ClientFile, *, documents: Collection[UUID]) -> Iterator[dict[str, Any]]:
    """Yield the layouts that a person corrected, with what was learned of each, also what was forgotten again."""
    for some in batched(_of(Layout, client_file).iterator(chunk_size=_AT_ONCE), _AT_ONCE):
        taught = _of(Lesson, client_file).filter(layout_id__in=[layout.id for layout in some])
        lessons = _by_owner(_there(taught, documents), "layout_id", LESSON_COLUMNS)
        for one in some:
            supplier = str(one.supplier_id) if one.supplier_id else None
            row = {"id": str(one.id), "supplier": supplier, **columns(one, LAYOUT_COLUMNS)}
            yield {**row, "lessons": lessons[one.id]}


def alarm_rows(client_file: ClientFile, *, documents: Collection[UUID]) -> Iterator[dict[str, Any]]:
    """Yield what was odd about documents that are in the ZIP, and who said that it is right."""
    for one in _there(_of(Alarm, client_file).iterator(chunk_size=_AT_ONCE), documents):
        yield {"id": str(one.id), "document": str(one.document_id), **columns(one, ALARM_COLUMNS)}


def _of(model: type[Any], client_file: ClientFile) -> QuerySet[Any]:
    return model.objects.filter(practice_id=client_file.practice_id, client_file=client_file).order_by("id")  # type: ignore[no-any-return]


def _there(found: Iterable[Any], documents: Collection[UUID]) -> Iterator[Any]:
    """Yield what is about documents of the ZIP: one that arrived since its documents were written is in the next."""
    return (one for one in found if one.document_id in documents)


def _by_owner(found: Iterable[Any], owner: str, names: Sequence[str]) -> dict[UUID, list[dict[str, Any]]]:
    rows: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for one in found:
        about = {"document": str(one.document_id)} if hasattr(one, "document_id") else {}
        rows[getattr(one, owner)].append({"id": str(one.id), **about, **columns(one, names)})
    return rows
