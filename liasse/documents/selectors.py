"""Reads of documents: lists by keyset, their neighbours, and the ones a person chose."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from liasse.clients.models import ClientFile
from liasse.core.errors import NotThereError
from liasse.core.search import FEW, few_ids
from liasse.documents.models import Document
from liasse.documents.rules import folded
from liasse.documents.types import TABS, DocumentKind, DocumentStatus
from liasse.intake.models import Receipt
from liasse.intake.types import Side
from liasse.lib.money import parse_printed_amount

PAGE_SIZE: Final = 50
MOST_COUNTED: Final = 100
"""So many matches of a search are counted in a tab; then there are "more than 99"."""

_LONGEST_SEARCH: Final = 200
_MOST_WORDS: Final = 8
# What the columns of amounts hold.
_LARGEST: Final = Decimal(10**15)


class SortKey(StrEnum):
    """What a list can be sorted by: each has an index that gives the order without sorting."""

    RECEIVED = "received"
    DATE = "date"
    SUPPLIER = "supplier"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Which documents of a file, and in which order; ``is_falling`` is newest or largest first."""

    status: DocumentStatus
    key: SortKey = SortKey.RECEIVED
    is_falling: bool = True
    text: str = ""
    owner_id: UUID | None = None
    side: Side | None = None
    is_doubtful: bool = False
    kind: DocumentKind | None = None

    @property
    def is_narrowed(self) -> bool:
        """Tell whether something other than the tab leaves documents out."""
        return bool(self.text.strip()) or self._is_narrowed_by_choice

    @property
    def _is_narrowed_by_choice(self) -> bool:
        return self.owner_id is not None or self.side is not None or self.is_doubtful or self.kind is not None


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """Some documents of a list, and the cursor of what follows; blank when nothing does.

    ``matches`` is how many a search finds in the list, as far as finding them told it: for some more than
    `MOST_COUNTED` is as good as the number. None when nothing is searched, or the list is narrowed in another way too.
    """

    documents: list[Document]
    after: str
    matches: int | None = None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The documents before and behind one in its list."""

    previous: UUID | None
    next: UUID | None


@dataclass(frozen=True, slots=True)
class _Order:
    """A column and what is known in it. Documents without a value always stand at the end."""

    column: str
    known: Q
    unknown: Q | None


# "At least the least" is a range of the index, which "is not null" is not for SQLite.
_ORDERS: Final = {
    SortKey.RECEIVED: _Order("received_at", Q(), None),
    SortKey.DATE: _Order("issue_date", Q(issue_date__gte=date.min), Q(issue_date__isnull=True)),
    SortKey.SUPPLIER: _Order("supplier_name", Q(supplier_name__gt=""), Q(supplier_name="")),
    SortKey.TOTAL: _Order("total_gross", Q(total_gross__gte=-_LARGEST), Q(total_gross__isnull=True)),
}


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place in a list: the value and id of one document; the value is None where unknown."""

    value: Any
    id: UUID


def page_of_documents(
    client_file: ClientFile, *, query: ListQuery, after: str = "", limit: int = PAGE_SIZE
) -> DocumentPage:
    """Give one page of a file's documents with their owners, in one query, or two at the end of a list.

    A search asks one query more. ``after`` is the cursor of the page before; one that cannot be
    read gives the first page.
    """
    spot = _decoded(after, key=query.key)
    documents, matches = _matching(client_file, query)
    found = list(_walk(documents, query=query, spot=spot, limit=limit + 1))
    shown = found[:limit]
    cursor = _encoded(shown[-1], key=query.key) if len(found) > limit else ""
    return DocumentPage(documents=shown, after=cursor, matches=matches)


def _matching(client_file: ClientFile, query: ListQuery) -> tuple[QuerySet[Document], int | None]:
    """Give the documents that a query finds, and how many (see `DocumentPage`)."""
    matches: int | None = None
    documents = _of_file(client_file).filter(status=query.status)
    words = has_words_of(query.text)
    if words is not None:
        found = documents.filter(words)
        few = few_ids(found)
        matches = FEW + 1 if few is None else len(few)
        documents = found if few is None else documents.filter(id__in=few)
    found = _narrowed(documents, query).select_related("owner").defer("pages", "search_text")
    return found, None if query._is_narrowed_by_choice else matches  # noqa: SLF001 - the same module


def _of_file(client_file: ClientFile) -> QuerySet[Document]:
    return Document.objects.filter(practice_id=client_file.practice_id, client_file=client_file)


def _narrowed(documents: QuerySet[Document], query: ListQuery) -> QuerySet[Document]:
    found = documents if query.owner_id is None else documents.filter(owner_id=query.owner_id)
    found = found if query.side is None else found.filter(side=query.side)
    found = found if query.kind is None else found.filter(kind=query.kind)
    return found.filter(doubts__gt=0) if query.is_doubtful else found


def has_words_of(text: str) -> Q | None:
    """Give what must hold of documents in which a text is found; None without a word."""
    # PostgreSQL takes no NUL in a text.
    text = text[:_LONGEST_SEARCH].replace("\0", " ")
    words = folded(text).split()[:_MOST_WORDS]
    if not words:
        return None
    has_words = Q()
    for word in words:
        has_words &= Q(search_text__contains=word)
    amount = parse_printed_amount(text)
    if amount is not None and abs(amount) <= _LARGEST:
        has_words |= Q(total_gross=amount) | Q(total_net=amount)
    return has_words


def _walk(
    documents: QuerySet[Document], *, query: ListQuery, spot: _Spot | None, limit: int, is_backward: bool = False
) -> Iterator[Document]:
    """Yield documents from a spot on: those with a value in its order, then those without."""
    order = _ORDERS[query.key]
    phases: list[tuple[bool, Q]] = [(True, order.known)]
    if order.unknown is not None:
        phases.append((False, order.unknown))
    if is_backward:
        phases.reverse()
    is_falling = query.is_falling is not is_backward
    started = spot is None
    left = limit
    for has_value, condition in phases:
        if spot is not None and not started:
            if has_value is not (spot.value is not None):
                continue
            started = True
            found = documents.filter(_beyond(spot, column=order.column, is_falling=is_falling))
            # Rising, the spot's own bound says it; of two, SQLite would start the range at the lower.
            if is_falling or not has_value:
                found = found.filter(condition)
        else:
            found = documents.filter(condition)
        names = (order.column, "id") if has_value else ("id",)
        for document in found.order_by(*(f"-{name}" if is_falling else name for name in names))[:left]:
            left -= 1
            yield document
        if left <= 0:
            return


def _beyond(spot: _Spot, *, column: str, is_falling: bool) -> Q:
    side = "lt" if is_falling else "gt"
    further = Q(**{f"id__{side}": spot.id})
    if spot.value is None:
        return further
    return Q(**{f"{column}__{side}e": spot.value}) & (Q(**{f"{column}__{side}": spot.value}) | further)


def _spot_of(document: Document, *, key: SortKey) -> _Spot:
    value = getattr(document, _ORDERS[key].column)
    return _Spot(value=None if value == "" else value, id=document.id)


def _encoded(document: Document, *, key: SortKey) -> str:
    spot = _spot_of(document, key=key)
    value = spot.value.isoformat() if isinstance(spot.value, date) else spot.value
    words = json.dumps([key, None if value is None else str(value), spot.id.hex], ensure_ascii=False)
    return base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")


def _decoded(cursor: str, *, key: SortKey) -> _Spot | None:
    try:
        words = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        of_key, text, hexadecimal = words
        value = None if text is None else _VALUES[key](text)
        return _Spot(value=value, id=UUID(hexadecimal)) if of_key == key else None
    except (binascii.Error, ValueError, TypeError, AttributeError, InvalidOperation):
        return None


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _name(text: str) -> str:
    if "\0" in text:
        raise ValueError(text)
    return text


def _amount(text: str) -> Decimal:
    amount = Decimal(text)
    if not amount.is_finite() or abs(amount) > _LARGEST:
        raise ValueError(text)
    return amount


_VALUES: Final[dict[SortKey, Callable[[str], Any]]] = {
    SortKey.RECEIVED: _moment,
    SortKey.DATE: date.fromisoformat,
    SortKey.SUPPLIER: _name,
    SortKey.TOTAL: _amount,
}


def neighbours(document: Document, *, query: ListQuery) -> Neighbours:
    """Give the documents before and behind one in the list that the query makes of its own tab.

    Two queries and one for a search, up to two more where values are missing. The document itself need not match.
    """
    own = replace(query, status=DocumentStatus(document.status))
    documents, _matches = _matching(document.client_file, own)
    spot = _spot_of(document, key=own.key)
    behind = next(_walk(documents, query=own, spot=spot, limit=1), None)
    before = next(_walk(documents, query=own, spot=spot, limit=1, is_backward=True), None)
    return Neighbours(previous=before.id if before else None, next=behind.id if behind else None)


def matches_by_status(
    client_file: ClientFile,
    *,
    query: ListQuery,
    among: Iterable[DocumentStatus] = TABS,
    matches: int | None = None,
) -> dict[DocumentStatus, int]:
    """Count what a narrowed query finds in every tab (or ``among`` some), up to `MOST_COUNTED`. One query for a tab.

    Each stops at the limit, so that a word found everywhere costs no more than one found nowhere. ``matches`` is
    what its page said of the query's own tab, which is then not asked again.
    """
    documents = _narrowed(_of_file(client_file).filter(has_words_of(query.text) or Q()), query).order_by()
    known = {} if matches is None else {query.status: min(matches, MOST_COUNTED)}
    return {
        status: known[status] if status in known else documents.filter(status=status)[:MOST_COUNTED].count()
        for status in among
    }


def document_of_file(client_file: ClientFile, *, document_id: UUID) -> Document | None:
    """Give one document of the file with owner and receipt; None when it is another's or missing."""
    found = _of_file(client_file).select_related("client_file", "owner", "receipt")
    return found.filter(id=document_id).first()


def documents_of_receipts(client_file: ClientFile, *, receipts: Iterable[Receipt]) -> dict[UUID, list[Document]]:
    """Give the documents that hold something of these receipts, by the id of their part, in the order of cutting.

    One query; one more a time that something was cut or joined, for a joined document stands with one receipt only.
    """
    ids = [receipt.id for receipt in receipts]
    found = {one.id: one for one in _of_file(client_file).filter(receipt_id__in=ids).defer("pages", "search_text")}
    asked: set[UUID] = set()
    while wanted := {one.replaced_by for one in found.values() if one.replaced_by} - asked:
        asked |= wanted
        made = _of_file(client_file).filter(made_by__in=wanted).defer("pages", "search_text")
        found |= {one.id: one for one in made if one.id not in found}
    by_part: dict[UUID, list[Document]] = {}
    for document in sorted(found.values(), key=lambda one: (one.cut_index, one.id)):
        if document.status != DocumentStatus.REPLACED:
            for part_id in parts_of(document):
                by_part.setdefault(part_id, []).append(document)
    return by_part


def parts_of(document: Document) -> list[UUID]:
    """Give the parts of receipts that a document holds pages of, each once."""
    return list(dict.fromkeys(UUID(piece["part"]) for piece in document.pieces)) or [document.part_id]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Documents that a person chose to take out: some by id, or all that a query finds."""

    client_file: ClientFile
    ids: tuple[UUID, ...] = ()
    query: ListQuery | None = None


def choose(client_file: ClientFile, *, ids: Sequence[str], with_duplicates: bool = False) -> Chosen:
    """Give the documents with these ids, each once, in the order given; duplicates only where they are asked for.

    Raises NotThereError when one of them is not of this file, or is no id at all.
    """
    try:
        wanted = tuple(dict.fromkeys(UUID(text) for text in ids))
        found = dict(_of_file(client_file).filter(id__in=wanted).values_list("id", "status"))
    except (ValueError, ValidationError) as error:
        raise NotThereError from error
    if len(found) != len(wanted):
        raise NotThereError
    kept = [one for one in wanted if with_duplicates or found[one] != DocumentStatus.DUPLICATE]
    return Chosen(client_file=client_file, ids=tuple(kept))


def choose_all(client_file: ClientFile, *, query: ListQuery) -> Chosen:
    """Give all documents that a query finds, in its order."""
    return Chosen(client_file=client_file, query=query)


def batches(chosen: Chosen, *, size: int = 500) -> Iterator[list[Document]]:
    """Yield the chosen documents with their owners, some at a time. Needs the practice's scope at each step."""
    if chosen.query is not None:
        after = ""
        while True:
            page = page_of_documents(chosen.client_file, query=chosen.query, after=after, limit=size)
            yield page.documents
            after = page.after
            if not after:
                return
    for start in range(0, len(chosen.ids), size):
        some = chosen.ids[start : start + size]
        found = _of_file(chosen.client_file).filter(id__in=some).select_related("owner").defer("pages")
        by_id = {document.id: document for document in found}
        yield [by_id[one] for one in some if one in by_id]
