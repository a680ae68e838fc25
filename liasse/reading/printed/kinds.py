"""What kind of document it is, by what it calls itself: the largest and highest title, not every word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liasse.reading.page import labels, titles
from liasse.reading.types import DocType, Field, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liasse.reading.page.layout import Cell, Layout

_TITLE_WORDS: Final = 7
# The title of a paper stands in its upper part.
_TITLE_DEPTH: Final = 0.4
# A title so much larger than the word "invoice" is the paper's own.
_LARGER: Final = 1.25
_FEWEST_OF_LETTER: Final = 40
# "Lieferschein-Nr" heads a number, not the paper; "Lieferschein Nr. 5" does.
_IS_LABEL = re.compile(r"^\D*(?:nr|no|nummer|number|num|datum|date|vom|ref)\W*$")
_OTHERS: Final = (
    (titles.QUOTE_TITLES, DocType.QUOTE),
    (titles.STATEMENT_TITLES, DocType.STATEMENT),
    (titles.DELIVERY_TITLES, DocType.DELIVERY_NOTE),
    (titles.OTHER_TITLES, DocType.OTHER),
)


@dataclass(frozen=True, slots=True)
class _Title:
    kind: DocType
    cell: Cell
    is_plain: bool = True


def read_kind(layout: Layout, gross: Field | None) -> Field | None:
    """Return the kind by the title; an invoice over less than nothing is a credit note.

    An invoice names its quote, its order and its delivery too: their titles count where nothing titles an invoice, or
    where they are clearly larger.
    """
    invoices = list(_invoice_titles(layout))
    invoice = next((title for title in invoices if title.is_plain), None)
    other = next(_other_titles(layout), None)
    if other is not None and (invoice is None or _outweighs(other, invoice)):
        return Field(other.kind.value, Source.TEXT, 0.8, "BT-3", other.cell.place, ("title",))
    invoice = invoice or next(iter(invoices), None)
    if invoice is not None:
        if invoice.kind is DocType.INVOICE and gross is not None and (gross.value or "").startswith("-"):
            codes = ("title", "negative")
            return Field(DocType.CREDIT_NOTE.value, Source.RULE, 0.75, "BT-3", invoice.cell.place, codes)
        score = 0.9 if invoice.kind is DocType.INVOICE else 0.85
        score -= 0.0 if invoice.is_plain else 0.2
        return Field(invoice.kind.value, Source.TEXT, score, "BT-3", invoice.cell.place, ("title",))
    return _by_words(layout) or _nothing(layout, gross)


def _outweighs(other: _Title, invoice: _Title) -> bool:
    return other.cell.height > _LARGER * invoice.cell.height and other.cell.place.y0 <= invoice.cell.place.y0 + 0.1


def _invoice_titles(layout: Layout) -> Iterator[_Title]:
    for cell in layout.cells:
        if cell.place.page > 1 or len(cell.label.split()) > _TITLE_WORDS:
            continue
        if titles.PRO_FORMA.search(cell.label):
            yield _Title(DocType.QUOTE, cell)
        elif titles.CREDIT_TITLES.search(cell.label):
            yield _Title(DocType.CREDIT_NOTE, cell)
        elif titles.INVOICE_WORDS.search(cell.label) and not labels.NOT_OUR_NUMBER.search(cell.label):
            yield _Title(DocType.INVOICE, cell, is_plain=bool(titles.INVOICE_TITLE.search(cell.label)))


def _other_titles(layout: Layout) -> Iterator[_Title]:
    for cell in layout.cells:
        if cell.place.page > 1 or cell.place.y0 > _TITLE_DEPTH or len(cell.label.split()) > _TITLE_WORDS:
            continue
        if _IS_LABEL.search(cell.label):
            continue
        for pattern, kind in _OTHERS:
            if pattern.search(cell.label):
                yield _Title(kind, cell)


def _by_words(layout: Layout) -> Field | None:
    for pattern, kind in (
        (titles.RECEIPT_WORDS, DocType.RECEIPT),
        (titles.INVOICE_WORDS, DocType.INVOICE),
        (titles.STATEMENT_WORDS, DocType.STATEMENT),
    ):
        for cell in layout.cells:
            if pattern.search(cell.label):
                return Field(kind.value, Source.TEXT, 0.6, "BT-3", cell.place, ("word",))
    return None


def _nothing(layout: Layout, gross: Field | None) -> Field | None:
    """Return "other" for a page of many words that names no paper and sums nothing up: a letter, a contract."""
    words = sum(len(cell.words) for cell in layout.cells)
    if words < _FEWEST_OF_LETTER or gross is not None:
        return None
    return Field(DocType.OTHER.value, Source.RULE, 0.5, "BT-3", None, ("nothing",))
