"""What the words on a page say: labels, values beside or below them, and what speaks for each."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from liasse.lib.money import CENT
from liasse.reading.page import labels
from liasse.reading.page.layout import Layout
from liasse.reading.printed.currencies import read_currency
from liasse.reading.printed.dated import day_order, read_dated, read_issued
from liasse.reading.printed.items import checked, printed_sums, read_items, sum_of
from liasse.reading.printed.kinds import read_kind
from liasse.reading.printed.language import read_language
from liasse.reading.printed.numbers import read_number, read_order
from liasse.reading.printed.parties import read_parties
from liasse.reading.printed.payment import read_payment
from liasse.reading.printed.receipts import is_till_paper
from liasse.reading.printed.terms import due_by_terms
from liasse.reading.printed.till import read_till
from liasse.reading.printed.till_items import read_till_items
from liasse.reading.printed.totals import read_totals
from liasse.reading.sight import with_sight
from liasse.reading.types import DocType, Field, FieldName, ReadingResult, Source, Word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from liasse.reading.exclude import Exclude
    from liasse.reading.types import InvoiceLine, VatLine

_TOTALS = (FieldName.TOTAL_NET, FieldName.TOTAL_VAT, FieldName.TOTAL_GROSS, FieldName.AMOUNT_DUE)


def read_text(
    words: Sequence[Word], *, shapes: Mapping[int, float], exclude: Exclude, source: Source = Source.TEXT
) -> ReadingResult:
    """Return the fields that plain labels allow, each with its place and an honest confidence.

    `shapes` has the width of each page for its height. Amounts are chosen by their sums; what
    is in `exclude` belongs to the client and is never the supplier's. `source` says where the
    words come from: the text of a PDF or OCR.
    """
    layout = Layout(words, shapes=shapes, is_ocr=source is Source.OCR)
    items = read_items(layout)
    totals = read_totals(layout, lines=sum_of(items) if items else None)
    is_till = is_till_paper(layout)
    fields = dict(totals.fields) | read_parties(layout, exclude=exclude)
    language = read_language(layout)
    order = day_order(layout, language.value if language else None)
    found = {
        FieldName.DOC_TYPE: read_kind(layout, totals.fields.get(FieldName.TOTAL_GROSS)),
        FieldName.INVOICE_NUMBER: read_number(layout),
        FieldName.CURRENCY: read_currency(layout),
        FieldName.ORDER_NUMBER: read_order(layout),
        FieldName.DELIVERY_DATE: read_dated(layout, labels.DELIVERED, order=order, term="BT-72"),
        FieldName.DUE_DATE: read_dated(layout, labels.DUE_DATE, order=order, term="BT-9"),
        FieldName.ISSUE_DATE: read_issued(layout, order=order),
        FieldName.LANGUAGE: language,
    }
    fields |= {name: field for name, field in found.items() if field is not None}
    fields |= read_payment(layout, is_till=is_till, month_first=order.month_first)
    breakdown = totals.vat_breakdown
    if is_till:
        fields, breakdown = _as_till(layout, fields, breakdown, exclude=exclude)
    due = due_by_terms(layout, fields.get(FieldName.ISSUE_DATE)) if _may_be_owed(fields, is_till=is_till) else None
    if due is not None:
        fields[FieldName.DUE_DATE] = due
    lines = _lines(layout, items, fields, is_till=is_till)
    return with_sight(
        ReadingResult(fields=_sourced(layout, fields, source), vat_breakdown=breakdown, lines=lines), words
    )


def _may_be_owed(fields: dict[FieldName, Field], *, is_till: bool) -> bool:
    """Tell whether a due date may be worked out: of an invoice that prints none, and no till's paper."""
    kind = fields.get(FieldName.DOC_TYPE)
    return not is_till and FieldName.DUE_DATE not in fields and kind is not None and kind.value == DocType.INVOICE


def _lines(
    layout: Layout, items: tuple[InvoiceLine, ...], fields: dict[FieldName, Field], *, is_till: bool
) -> tuple[InvoiceLine, ...]:
    """Return the lines that can be believed, and say so at the total that they come to."""
    net, gross = (_amount(fields.get(name)) for name in (FieldName.TOTAL_NET, FieldName.TOTAL_GROSS))
    lines = checked(items, net=net, gross=gross, sums=printed_sums(layout))
    if not lines and is_till and gross is not None:
        lines = read_till_items(layout, gross)
    for name, total in ((FieldName.TOTAL_NET, net), (FieldName.TOTAL_GROSS, gross)):
        if lines and total is not None and sum_of(lines) == total:
            fields[name] = replace(fields[name], evidence=(*fields[name].evidence, "lines"))
    return lines


def _amount(field: Field | None) -> Decimal | None:
    return Decimal(field.value) if field is not None and field.value is not None else None


def _as_till(
    layout: Layout, fields: dict[FieldName, Field], breakdown: tuple[VatLine, ...], *, exclude: Exclude
) -> tuple[dict[FieldName, Field], tuple[VatLine, ...]]:
    """Return the fields with what a till's paper says otherwise; its totals replace the common ones altogether."""
    till = read_till(layout, fields, exclude=exclude)
    if till.vat_breakdown is None:
        return fields | till.fields, breakdown
    kept = {name: field for name, field in fields.items() if name not in _TOTALS}
    return kept | till.fields, till.vat_breakdown


def _sourced(layout: Layout, fields: dict[FieldName, Field], source: Source) -> dict[FieldName, Field]:
    """Return the fields at their places on the page, with the words' source in place of "text".

    What rules derived stays theirs.
    """
    return {
        name: replace(
            field,
            source=source if field.source is Source.TEXT else field.source,
            place=layout.place_shown(field.place) if field.place else None,
        )
        for name, field in fields.items()
    }


def sums_agree(result: ReadingResult) -> bool | None:
    """Tell whether net and VAT make the gross within a cent (BR-CO-15), None where one is missing."""
    net, vat, gross = (result.value(name) for name in (FieldName.TOTAL_NET, FieldName.TOTAL_VAT, FieldName.TOTAL_GROSS))
    if net is None or vat is None or gross is None:
        return None
    return abs(Decimal(net) + Decimal(vat) - Decimal(gross)) <= CENT
